package io.watchgate.faults;

import io.watchgate.faults.Outcome.Kind;
import io.watchgate.testkit.RawHttp;
import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// A client of the gateway over streamable HTTP: one session, and as many connections as it has
/// calls at once. Checks every answer.
final class Caller implements AutoCloseable {
  private static final String VERSION = "2025-11-25";
  private static final long MAX_IDLE_NANOS = TimeUnit.SECONDS.toNanos(60);

  private final int port;
  private final String session;
  private final AtomicLong ids = new AtomicLong();
  private final ConcurrentLinkedDeque<Idle> idle = new ConcurrentLinkedDeque<>();

  /// A connection and since when nobody uses it.
  private record Idle(RawHttp connection, long since) {}

  /// One call of a tool.
  ///
  /// @param text what comes back
  /// @param arguments more arguments, each with a comma in front
  /// @param meta `_meta` with a comma in front, or nothing
  record Shot(String server, String tool, String text, String arguments, String meta) {

    static Shot of(String server, String tool, String text, int millis) {
      return new Shot(server, tool, text, ",\"ms\":" + millis, "");
    }

    String params() {
      return "{\"name\":\"%s__%s\",\"arguments\":{\"text\":\"%s\"%s}%s}"
          .formatted(server, tool, text, arguments, meta);
    }
  }

  private Caller(int port, String session) {
    this.port = port;
    this.session = session;
  }

  /// A client after its handshake.
  static Caller open(int port) throws IOException {
    try (var connection = RawHttp.connect(port)) {
      var answer = connection.request("POST", "/mcp", Wire.initialize(VERSION), headers("")).read();
      var caller = new Caller(port, answer.header("Mcp-Session-Id"));
      if (caller.session.isEmpty()) {
        throw new IOException("no session: " + answer);
      }
      connection
          .request("POST", "/mcp", Wire.notification("notifications/initialized"), caller.headers())
          .read();
      return caller;
    }
  }

  /// Some clients.
  static List<Caller> open(int port, int count) throws IOException {
    var callers = new ArrayList<Caller>();
    for (int i = 0; i < count; i++) {
      callers.add(open(port));
    }
    return callers;
  }

  private static String[] headers(String session) {
    var headers = new ArrayList<String>();
    headers.add("Content-Type: application/json");
    headers.add("Accept: application/json, text/event-stream");
    headers.add("MCP-Protocol-Version: " + VERSION);
    if (!session.isEmpty()) {
      headers.add("Mcp-Session-Id: " + session);
    }
    return headers.toArray(String[]::new);
  }

  /// What every request of the session carries.
  String[] headers() {
    return headers(session);
  }

  /// Makes a call on a connection that is there, and waits for its end.
  Outcome call(Shot shot) {
    return call(shot, System.nanoTime(), false);
  }

  /// @param fresh whether the call has a connection of its own, made for it
  Outcome call(Shot shot, long intended, boolean fresh) {
    long sent = System.nanoTime();
    RawHttp connection = null;
    try {
      connection = fresh ? RawHttp.connect(port) : connection();
      var id = String.valueOf(ids.incrementAndGet());
      var body = Wire.request(id, "tools/call", shot.params());
      var answer = connection.request("POST", "/mcp", body, headers()).read();
      var outcome = judge(shot, id, answer, intended, sent);
      if (fresh || answer.header("Connection").equalsIgnoreCase("close")) {
        connection.close();
      } else {
        idle.push(new Idle(connection, System.nanoTime()));
      }
      return outcome;
    } catch (IOException broken) {
      close(connection);
      return new Outcome(
          shot.server(),
          intended,
          sent,
          System.nanoTime(),
          kind(broken, connection != null),
          0,
          String.valueOf(broken.getMessage()));
    }
  }

  private static Kind kind(IOException broken, boolean connected) {
    var words = String.valueOf(broken.getMessage());
    return switch (broken) {
      case SocketTimeoutException _ -> Kind.HUNG;
      case ConnectException _ -> Kind.UNREACHED;
      case EOFException _ when !words.contains("after \"\"") -> Kind.TRUNCATED;
      default -> connected ? Kind.DROPPED : Kind.UNREACHED;
    };
  }

  private RawHttp connection() throws IOException {
    for (var next = idle.poll(); next != null; next = idle.poll()) {
      if (System.nanoTime() - next.since() < MAX_IDLE_NANOS) {
        return next.connection();
      }
      next.connection().close();
    }
    return RawHttp.connect(port);
  }

  private static Outcome judge(
      Shot shot, String id, RawHttp.Answer answer, long intended, long sent) {
    long ended = System.nanoTime();
    var kind = Kind.WRONG;
    int code = 0;
    var detail = "";
    var responses = responses(answer);
    if (responses.isEmpty()) {
      kind = answer.status() >= 400 ? Kind.REFUSED : Kind.WRONG;
      code = answer.status();
      detail = answer.body();
    } else if (responses.getFirst().has("error")) {
      var error = responses.getFirst().get("error");
      kind = responses.size() == 1 ? Kind.REFUSED : Kind.WRONG;
      code = error.path("code").asInt(0);
      detail = error.toString();
    } else if (responses.size() == 1 && responses.getFirst().path("id").toString().equals(id)) {
      var text = responses.getFirst().path("result").path("content").path(0).path("text");
      detail = text.asString("");
      if (shot.text().isEmpty() || detail.equals(shot.server() + ":" + shot.text())) {
        kind = Kind.ANSWERED;
      }
    }
    return new Outcome(shot.server(), intended, sent, ended, kind, code, detail);
  }

  /// All JSON-RPC responses in the body, which is JSON or a stream of events.
  private static List<JsonNode> responses(RawHttp.Answer answer) {
    var isStream = answer.header("Content-Type").startsWith("text/event-stream");
    var messages =
        isStream
            ? answer
                .body()
                .lines()
                .filter(line -> line.startsWith("data: {"))
                .map(data -> data.substring(6))
                .toList()
            : List.of(answer.body());
    try {
      return messages.stream()
          .filter(message -> !message.isEmpty())
          .map(Wire::read)
          .filter(message -> message.has("result") || message.has("error"))
          .toList();
    } catch (JacksonException _) {
      return List.of();
    }
  }

  /// The result of any request.
  JsonNode ask(String method, String params) throws IOException {
    try (var connection = RawHttp.connect(port)) {
      var body = Wire.request(String.valueOf(ids.incrementAndGet()), method, params);
      var responses = responses(connection.request("POST", "/mcp", body, headers()).read());
      if (responses.isEmpty()) {
        throw new IOException("no answer to " + method);
      }
      return responses.getFirst().path("result");
    }
  }

  /// Closes the connections that no call uses.
  void closeIdle() {
    for (var next = idle.poll(); next != null; next = idle.poll()) {
      close(next.connection());
    }
  }

  private static void close(@Nullable RawHttp connection) {
    try {
      if (connection != null) {
        connection.close();
      }
    } catch (IOException gone) {
      // it is what was wanted
    }
  }

  @Override
  public void close() {
    closeIdle();
  }
}
