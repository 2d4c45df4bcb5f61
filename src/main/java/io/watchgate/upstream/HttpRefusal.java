package io.watchgate.upstream;

import io.watchgate.flow.Deadline;
import io.watchgate.flow.Time;
import io.watchgate.jsonrpc.Json;
import io.watchgate.jsonrpc.Limits;
import io.watchgate.jsonrpc.MalformedMessage;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/// A response with a status that is an error, read as far as it says why.
final class HttpRefusal {
  private static final Duration SHORT = Duration.ofSeconds(5);
  private static final int MAX_BYTES = 64 << 10;

  private final int status;
  private final byte[] body;
  private final Optional<Json> error;
  private final String description;

  private HttpRefusal(int status, byte[] body, String description) {
    this.status = status;
    this.body = body;
    this.error = error(body);
    this.description = description;
  }

  static HttpRefusal read(HttpExchange exchange, int status) throws InterruptedException {
    var body = exchange.readStart(MAX_BYTES, Deadline.after(SHORT, Time.REAL));
    var excerpt = HttpExchange.excerpt(body);
    return new HttpRefusal(status, body, describe(exchange, status, excerpt));
  }

  /// The beginning of the body.
  byte[] body() {
    return body;
  }

  /// The JSON-RPC error in the body, empty when there is none.
  Optional<Json> error() {
    return error;
  }

  private static Optional<Json> error(byte[] body) {
    try {
      var json = Json.parse(body, Limits.DEFAULT);
      return json.textMember("jsonrpc").flatMap(_ -> json.member("error")).filter(Json::isObject);
    } catch (MalformedMessage _) {
      return Optional.empty();
    }
  }

  /// Whether this is how a server refuses what it does not understand: who may not ask, and who
  /// asks at a bad time, learns nothing of what it speaks.
  boolean isOfTheRequest() {
    return status >= 400 && status < 500 && status != 401 && status != 403 && status != 429;
  }

  /// Whether this is how a server without stateless requests refuses one.
  boolean isOfAnotherEra() {
    return status == 400 || status == 404 || status == 405;
  }

  /// The JSON-RPC error in the body, empty also when it has a code that every server may use as it
  /// likes: those of older eras say so that they miss a session.
  Optional<Json> meaningfulError() {
    return error.filter(
        said -> !said.member("code").map(Json::toString).orElse("").matches("-320[01]\\d"));
  }

  /// What went wrong, for a message to a person.
  String description() {
    return description;
  }

  /// The failure of a call that this is the answer to.
  Status failure() {
    return new Status(this);
  }

  private static String describe(HttpExchange exchange, int status, String excerpt) {
    var said = "HTTP status " + status + (excerpt.isEmpty() ? "" : ": " + excerpt);
    return switch (status) {
      case 301, 302, 303, 307, 308 ->
          "HTTP status %d, a redirect to %s, which is not followed: put that into the url"
              .formatted(status, exchange.header("Location").orElse("nowhere"));
      case 401, 403 -> said + " (check the Authorization header in the configuration)";
      default -> said;
    };
  }

  /// The failure of a call that got an answer of another type than it should.
  static String wrongType(HttpExchange exchange, int status) throws InterruptedException {
    var excerpt = HttpExchange.excerpt(exchange.readStart(1024, Deadline.after(SHORT, Time.REAL)));
    var type = exchange.header("Content-Type").orElse("no type");
    return "HTTP status %d with %s in place of an answer%s"
        .formatted(status, type, excerpt.isEmpty() ? "" : ": " + excerpt);
  }

  /// A status without an answer of MCP.
  static final class Status extends IOException {
    private final boolean ofTheRequest;
    private final boolean ofTheServer;

    Status(HttpRefusal refusal) {
      super(refusal.description);
      this.ofTheRequest = refusal.isOfTheRequest();
      this.ofTheServer = refusal.status >= 500;
    }

    /// Whether the server says of itself that it failed.
    boolean isOfTheServer() {
      return ofTheServer;
    }

    /// As {@link HttpRefusal#isOfTheRequest()}.
    boolean isOfTheRequest() {
      return ofTheRequest;
    }
  }
}
