package io.watchgate.testkit;

import com.sun.net.httpserver.HttpExchange;
import io.watchgate.testkit.FixtureHttpServer.Connection;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// The old HTTP+SSE transport of 2024-11-05: one stream a session, messages posted beside it.
final class EventsEndpoint {
  private static final String QUERY = "sessionId=";

  private final FixtureHttpServer server;

  EventsEndpoint(FixtureHttpServer server) {
    this.server = server;
  }

  /// The session lives as long as its stream.
  void open(HttpExchange exchange, String body) throws IOException, InterruptedException {
    if (!exchange.getRequestMethod().equals("GET")) {
      StreamableEndpoint.refuse(exchange, 405, -32000, "Method not allowed");
      return;
    }
    Connection connection = server.open();
    try {
      StreamableEndpoint.startEvents(exchange);
      String where = "/messages?" + QUERY + connection.session().id();
      byte[] first = EventOutbox.event("endpoint", where.getBytes(StandardCharsets.UTF_8));
      exchange.getResponseBody().write(first);
      exchange.getResponseBody().flush();
      if (server.options().has("beat")) {
        server.executor().execute(() -> connection.events().beat());
      }
      connection.events().drain(exchange.getResponseBody());
    } finally {
      server.remove(connection.session().id());
    }
  }

  void post(HttpExchange exchange, String body) throws IOException {
    String query = String.valueOf(exchange.getRequestURI().getQuery());
    Optional<Connection> connection = server.connection(query.replaceFirst("^" + QUERY, ""));
    if (connection.isEmpty()) {
      StreamableEndpoint.refuse(exchange, 404, -32001, "Session not found");
      return;
    }
    if (!body.contains("\"initialize\"") && server.isTooEarly(connection.get())) {
      StreamableEndpoint.refuse(exchange, 400, -32000, "Bad Request: the session is not ready");
      return;
    }
    exchange.sendResponseHeaders(202, -1);
    connection.get().session().receive(body, connection.get().events(), server.executor());
  }
}
