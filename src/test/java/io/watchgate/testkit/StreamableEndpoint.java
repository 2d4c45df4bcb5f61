package io.watchgate.testkit;

import com.sun.net.httpserver.HttpExchange;
import io.watchgate.testkit.FixtureHttpServer.Connection;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// Streamable HTTP of the revisions 2025-03-26 to 2025-11-25.
final class StreamableEndpoint {
  private static final String SESSION = "Mcp-Session-Id";
  private static final Set<String> REVISIONS =
      Set.of("2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25");

  private final FixtureHttpServer server;

  StreamableEndpoint(FixtureHttpServer server) {
    this.server = server;
  }

  void serve(HttpExchange exchange, String body) throws IOException, InterruptedException {
    switch (exchange.getRequestMethod()) {
      case "POST" -> post(exchange, body);
      case "GET" -> listen(exchange);
      case "DELETE" -> delete(exchange);
      default -> refuse(exchange, 405, -32000, "Method not allowed");
    }
  }

  private void post(HttpExchange exchange, String body) throws IOException {
    if (!header(exchange, "Content-Type").startsWith("application/json")) {
      refuse(exchange, 415, -32000, "Unsupported Media Type: application/json is needed");
    } else if (!accepts(exchange, "application/json") || !accepts(exchange, "text/event-stream")) {
      refuse(exchange, 406, -32000, "Not Acceptable: JSON and event streams must be accepted");
    } else {
      JsonNode message = parse(body);
      if (message == null) {
        refuse(exchange, 400, -32700, "Parse error");
      } else if (!message.isObject()) {
        refuse(exchange, 400, -32600, "Invalid Request: one object a message, please");
      } else {
        boolean first = message.path("method").asString("").equals("initialize");
        Optional<Connection> connection = first ? Optional.of(server.open()) : connection(exchange);
        if (connection.isPresent() && !first && server.isTooEarly(connection.get())) {
          refuse(exchange, 400, -32000, "Bad Request: the session is not ready");
        } else if (connection.isPresent()) {
          take(exchange, connection.get(), message, body);
        }
      }
    }
  }

  private static @Nullable JsonNode parse(String body) {
    try {
      return FixtureJson.read(body);
    } catch (JacksonException e) {
      return null;
    }
  }

  private void take(HttpExchange exchange, Connection to, JsonNode message, String body)
      throws IOException {
    exchange.getResponseHeaders().set(SESSION, to.session().id());
    if (!message.has("method") || !message.has("id")) {
      to.session().receive(body, to.events(), server.executor());
      exchange.sendResponseHeaders(202, -1);
    } else if (server.options().has("json")) {
      answerWithJson(exchange, to, body);
    } else {
      answerWithEvents(exchange, to, body);
    }
  }

  /// The stream opens when the request is noted, so that a client which sees it can cancel.
  private void answerWithEvents(HttpExchange exchange, Connection to, String body) {
    var outbox = new EventOutbox(exchange.getResponseBody());
    to.session()
        .receive(
            body,
            outbox,
            work -> {
              open(exchange, outbox);
              work.run();
            });
  }

  private void open(HttpExchange exchange, EventOutbox outbox) {
    try {
      startEvents(exchange);
    } catch (IOException e) {
      throw new UncheckedIOException("the client left before its stream was open", e);
    }
    if (server.options().has("prime")) {
      outbox.prime();
    }
  }

  /// Closes the connection without an answer when the request got none.
  private static void answerWithJson(HttpExchange exchange, Connection to, String body)
      throws IOException {
    var outbox = new AnswerOutbox(to.events());
    to.session().receive(body, outbox, Runnable::run);
    if (outbox.answer != null) {
      byte[] bytes = outbox.answer.getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      exchange.sendResponseHeaders(200, bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }

  private void listen(HttpExchange exchange) throws IOException, InterruptedException {
    Optional<Connection> connection = connection(exchange);
    if (connection.isPresent()) {
      startEvents(exchange);
      connection.get().events().drain(exchange.getResponseBody());
    }
  }

  private void delete(HttpExchange exchange) throws IOException {
    Optional<Connection> connection = connection(exchange);
    if (connection.isPresent()) {
      server.remove(connection.get().session().id());
      exchange.sendResponseHeaders(200, -1);
    }
  }

  /// The session that the request names; when there is none, the request is answered here.
  private Optional<Connection> connection(HttpExchange exchange) throws IOException {
    String session = header(exchange, SESSION);
    String revision = header(exchange, "MCP-Protocol-Version");
    if (session.isEmpty()) {
      refuse(exchange, 400, -32000, "Bad Request: Session ID required");
    } else if (!revision.isEmpty() && !REVISIONS.contains(revision)) {
      refuse(exchange, 400, -32000, "Bad Request: Unsupported protocol version " + revision);
    } else {
      Optional<Connection> connection = server.connection(session);
      if (connection.isEmpty()) {
        refuse(exchange, 404, -32001, "Session not found");
      }
      return connection;
    }
    return Optional.empty();
  }

  static void startEvents(HttpExchange exchange) throws IOException {
    exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
    exchange.getResponseHeaders().set("Cache-Control", "no-store");
    exchange.sendResponseHeaders(200, 0);
    exchange.getResponseBody().flush();
  }

  static void refuse(HttpExchange exchange, int status, int code, String text) throws IOException {
    var answer = FixtureJson.object().put("jsonrpc", "2.0");
    answer.putObject("error").put("code", code).put("message", text);
    byte[] bytes = FixtureJson.write(answer.putNull("id")).getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  private static boolean accepts(HttpExchange exchange, String type) {
    String accept =
        String.join(",", exchange.getRequestHeaders().getOrDefault("Accept", List.of()));
    return accept.contains(type);
  }

  private static String header(HttpExchange exchange, String name) {
    String value = exchange.getRequestHeaders().getFirst(name);
    return value == null ? "" : value;
  }

  /// Keeps the answer; everything else goes to the session's own stream.
  private static final class AnswerOutbox implements Outbox {
    private final Outbox others;
    private @Nullable String answer;

    AnswerOutbox(Outbox others) {
      this.others = others;
    }

    @Override
    public void send(String message) {
      others.send(message);
    }

    @Override
    public void answer(String message) {
      answer = message;
    }

    @Override
    public void answerInPieces(String message) {
      answer = message;
    }

    @Override
    public void raw(byte[] bytes) {
      others.raw(bytes);
    }
  }
}
