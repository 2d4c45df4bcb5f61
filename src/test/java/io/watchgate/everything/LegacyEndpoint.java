package io.watchgate.everything;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/// Streamable HTTP of the revisions with a handshake: sessions, and streams to come back to.
final class LegacyEndpoint {
  private static final String SESSION = "Mcp-Session-Id";
  private static final String VERSION = "MCP-Protocol-Version";
  private static final String UNRELATED = "0";
  private static final Pattern EVENT_ID = Pattern.compile("(\\d+)-(\\d{1,9})");
  private static final int KEPT_STREAMS = 1000;

  private final Function<Outbox, LegacySession> sessions;
  private final Map<String, Connection> connections = new ConcurrentHashMap<>();

  LegacyEndpoint(Function<Outbox, LegacySession> sessions) {
    this.sessions = sessions;
  }

  /// A session, and its streams by name.
  private record Connection(
      String id,
      LegacySession session,
      EventStream unrelated,
      Map<String, EventStream> streams,
      AtomicInteger lastStream) {

    EventStream open() {
      int number = lastStream.incrementAndGet();
      var stream = new EventStream(String.valueOf(number));
      streams.put(String.valueOf(number), stream);
      streams.remove(String.valueOf(number - KEPT_STREAMS));
      return stream;
    }
  }

  void post(HttpExchange exchange, JsonNode body) throws IOException, InterruptedException {
    var connection =
        isInitialize(body) && !exchange.getRequestHeaders().containsKey(SESSION)
            ? Optional.of(open())
            : find(exchange);
    if (connection.isPresent()) {
      exchange.getResponseHeaders().set(SESSION, connection.get().id());
      if (body.isArray() && (body.isEmpty() || !connection.get().session().takesBatches())) {
        refuse(exchange, 400, Failure.INVALID_REQUEST, "Batches are not taken");
      } else {
        take(
            exchange,
            connection.get(),
            body.isArray() ? body.valueStream().toList() : List.of(body));
      }
    }
  }

  static boolean isInitialize(JsonNode message) {
    return message.path("method").asString("").equals("initialize") && message.has("id");
  }

  private Connection open() {
    var unrelated = new EventStream(UNRELATED);
    var id = UUID.randomUUID().toString();
    var streams = new ConcurrentHashMap<>(Map.of(UNRELATED, unrelated));
    var connection =
        new Connection(id, sessions.apply(unrelated), unrelated, streams, new AtomicInteger());
    connections.put(id, connection);
    return connection;
  }

  private void take(HttpExchange exchange, Connection connection, List<JsonNode> messages)
      throws IOException, InterruptedException {
    for (var message : messages) {
      if (!isRequest(message)) {
        connection.session().take(message);
      }
    }
    var requests = messages.stream().filter(LegacyEndpoint::isRequest).toList();
    if (requests.isEmpty()) {
      exchange.sendResponseHeaders(202, -1);
      return;
    }
    var stream = connection.open();
    int reader = stream.attach();
    var left = new AtomicInteger(requests.size());
    boolean polls = connection.session().polls();
    for (var request : requests) {
      connection
          .session()
          .start(
              request,
              stream,
              () -> {
                if (left.decrementAndGet() == 0) {
                  stream.finish();
                }
              });
    }
    HttpServing.startEvents(exchange);
    if (polls) {
      stream.prime(exchange.getResponseBody());
    }
    stream.deliver(exchange.getResponseBody(), reader);
  }

  private static boolean isRequest(JsonNode message) {
    return message.has("method") && message.has("id");
  }

  /// Serves the stream of messages that belong to no request, or goes on where a stream broke.
  void get(HttpExchange exchange) throws IOException, InterruptedException {
    var connection = find(exchange);
    if (connection.isEmpty()) {
      return;
    }
    var lastEvent = exchange.getRequestHeaders().getFirst("Last-Event-ID");
    if (lastEvent == null) {
      HttpServing.startEvents(exchange);
      var unrelated = connection.get().unrelated();
      unrelated.deliver(exchange.getResponseBody(), unrelated.attach());
      return;
    }
    var matcher = EVENT_ID.matcher(lastEvent);
    var stream = matcher.matches() ? connection.get().streams().get(matcher.group(1)) : null;
    if (stream == null) {
      refuse(exchange, 400, -32000, "Bad Request: Unknown event id " + lastEvent);
    } else {
      HttpServing.startEvents(exchange);
      int reader = stream.attachAfter(Integer.parseInt(matcher.group(2)));
      stream.deliver(exchange.getResponseBody(), reader);
    }
  }

  void delete(HttpExchange exchange) throws IOException {
    var connection = find(exchange);
    if (connection.isPresent()) {
      connections.remove(connection.get().id());
      connection.get().session().close();
      connection.get().streams().values().forEach(EventStream::finish);
      exchange.sendResponseHeaders(200, -1);
    }
  }

  /// The session that the request names; when there is none, the request is answered here.
  private Optional<Connection> find(HttpExchange exchange) throws IOException {
    var id = exchange.getRequestHeaders().getFirst(SESSION);
    var version = exchange.getRequestHeaders().getFirst(VERSION);
    if (id == null) {
      refuse(exchange, 400, -32000, "Bad Request: Session ID required");
    } else if (version != null && !LegacySession.isRevision(version)) {
      refuse(exchange, 400, -32000, "Bad Request: Unsupported protocol version " + version);
    } else {
      var connection = Optional.ofNullable(connections.get(id));
      if (connection.isEmpty()) {
        refuse(exchange, 404, -32001, "Session not found");
      }
      return connection;
    }
    return Optional.empty();
  }

  private static void refuse(HttpExchange exchange, int status, int code, String text)
      throws IOException {
    var message = Failure.of(code, text).response(null);
    HttpServing.respond(exchange, status, message.putNull("id"));
  }
}
