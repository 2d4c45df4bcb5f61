package io.watchgate.everything;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The HTTP server on loopback. It decides which era a message belongs to.
final class HttpServing {
  static {
    // Without this every answer waits for the client's delayed acknowledgement, 40 ms.
    System.setProperty("sun.net.httpserver.nodelay", "true");
  }

  private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");
  private static final int LONGEST_BODY = 4 << 20;

  private final Era era;
  private final LegacyEndpoint legacy;
  private final ModernEndpoint modern;

  HttpServing(Era era, LegacyEndpoint legacy, ModernEndpoint modern) {
    this.era = era;
    this.legacy = legacy;
    this.modern = modern;
  }

  /// Starts to serve, and returns where. When the process is ended, subscriptions get a result.
  URI start(int port) throws IOException {
    var server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    server.createContext("/mcp", this::serve);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.start();
    Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(server)));
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/mcp");
  }

  private void stop(HttpServer server) {
    modern.close();
    server.stop(1);
  }

  private void serve(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = exchange.getRequestBody().readNBytes(LONGEST_BODY + 1);
      if (!isLocal(exchange)) {
        refuse(exchange, 403, "Forbidden: Host and Origin must be of this machine");
      } else if (body.length > LONGEST_BODY) {
        refuse(exchange, 413, "Content Too Large");
      } else {
        route(exchange, new String(body, StandardCharsets.UTF_8));
      }
    } catch (UncheckedIOException e) {
      // The client has left, so there is nobody to tell.
      exchange.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void route(HttpExchange exchange, String body) throws IOException, InterruptedException {
    String method = exchange.getRequestMethod();
    if (method.equals("POST")) {
      post(exchange, body);
    } else if (method.equals("GET") && era.servesLegacy()) {
      legacy.get(exchange);
    } else if (method.equals("DELETE") && era.servesLegacy()) {
      legacy.delete(exchange);
    } else {
      exchange.getResponseHeaders().set("Allow", era.servesLegacy() ? "POST, GET, DELETE" : "POST");
      refuse(exchange, 405, "Method Not Allowed");
    }
  }

  private void post(HttpExchange exchange, String body) throws IOException, InterruptedException {
    if (!header(exchange, "Content-Type").startsWith("application/json")) {
      refuse(exchange, 415, "Unsupported Media Type: application/json is needed");
    } else if (!accepts(exchange)) {
      refuse(exchange, 406, "Not Acceptable: JSON and event streams must be accepted");
    } else {
      JsonNode message;
      try {
        message = Tree.read(body);
      } catch (JacksonException e) {
        ModernEndpoint.refuse(exchange, null, Failure.of(Failure.PARSE_ERROR, "Parse error"));
        return;
      }
      dispatch(exchange, message);
    }
  }

  private void dispatch(HttpExchange exchange, JsonNode message)
      throws IOException, InterruptedException {
    var problem = Messages.problem(message);
    if (problem.isPresent()) {
      ModernEndpoint.refuse(exchange, null, problem.get());
    } else if (era.isModern(message, header(exchange, "MCP-Protocol-Version"))) {
      modern.post(exchange, message);
    } else {
      legacy.post(exchange, message);
    }
  }

  private static boolean isLocal(HttpExchange exchange) {
    var origin = exchange.getRequestHeaders().getFirst("Origin");
    return isLocal("http://" + header(exchange, "Host")) && (origin == null || isLocal(origin));
  }

  private static boolean isLocal(String uri) {
    try {
      return LOOPBACK.contains(String.valueOf(URI.create(uri).getHost()));
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static boolean accepts(HttpExchange exchange) {
    var accept = String.join(",", exchange.getRequestHeaders().getOrDefault("Accept", List.of()));
    return accept.contains("*/*")
        || (accept.contains("application/json") && accept.contains("text/event-stream"));
  }

  private static String header(HttpExchange exchange, String name) {
    @Nullable String value = exchange.getRequestHeaders().getFirst(name);
    return value == null ? "" : value.strip();
  }

  private static void refuse(HttpExchange exchange, int status, String text) throws IOException {
    respond(exchange, status, Failure.of(-32000, text).response(null));
  }

  static void respond(HttpExchange exchange, int status, ObjectNode message) throws IOException {
    byte[] bytes = Tree.write(message).getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  static void startEvents(HttpExchange exchange) throws IOException {
    exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
    exchange.getResponseHeaders().set("Cache-Control", "no-cache, no-transform");
    exchange.getResponseHeaders().set("X-Accel-Buffering", "no");
    exchange.sendResponseHeaders(200, 0);
    exchange.getResponseBody().flush();
  }
}
