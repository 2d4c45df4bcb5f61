package io.watchgate.faults;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;

/// The HTTP+SSE transport of 2024-11-05 of a server: a stream for each session, and messages beside
/// it. Says 400 to whoever asks something before the handshake is over.
final class EventsTransport {
  private static final String QUERY = "sessionId=";

  private final Function<JsonNode, String> answers;
  private final Executor executor;
  private final Map<String, Session> sessions = new ConcurrentHashMap<>();

  private static final class Session {
    private final BlockingQueue<String> events = new LinkedBlockingQueue<>();
    private volatile boolean ready;
  }

  EventsTransport(Function<JsonNode, String> answers, Executor executor) {
    this.answers = answers;
    this.executor = executor;
  }

  void open(HttpExchange exchange) throws IOException {
    var id = UUID.randomUUID().toString();
    var session = new Session();
    sessions.put(id, session);
    try (exchange) {
      exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
      exchange.sendResponseHeaders(200, 0);
      var out = exchange.getResponseBody();
      out.write(WebServer.bytes("event: endpoint\ndata: /messages?" + QUERY + id + "\n\n"));
      out.flush();
      while (true) {
        out.write(WebServer.bytes("event: message\ndata: " + session.events.take() + "\n\n"));
        out.flush();
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } finally {
      sessions.remove(id);
    }
  }

  void post(HttpExchange exchange) throws IOException {
    try (exchange) {
      var query = String.valueOf(exchange.getRequestURI().getQuery());
      var session = sessions.get(query.replaceFirst("^" + QUERY, ""));
      var message = Wire.read(WebServer.text(exchange));
      var method = message.path("method").asString("");
      if (session == null
          || (!session.ready && message.has("id") && !method.matches("initialize|ping"))) {
        exchange.sendResponseHeaders(session == null ? 404 : 400, -1);
        return;
      }
      session.ready |= method.equals("notifications/initialized");
      exchange.sendResponseHeaders(202, -1);
      if (message.has("id")) {
        executor.execute(() -> session.events.add(answers.apply(message)));
      }
    }
  }
}
