package io.watchgate.demo;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/// A [DemoServer] over streamable HTTP: POST carries messages, DELETE ends a session. There is no
/// stream for GET, because this server has nothing to say unasked.
final class HttpTransport implements AutoCloseable {
  static {
    // The server of the JDK writes head and body apart. Without this the body waits for the
    // client's delayed acknowledgement of the head, some 40 ms a call.
    System.setProperty("sun.net.httpserver.nodelay", "true");
  }

  private static final String SESSION = "Mcp-Session-Id";

  /// Far more than the demo's requests need.
  private static final int MAX_BODY_BYTES = 1 << 20;

  /// Beyond this the oldest session is forgotten; its client gets 404 and starts anew.
  private static final int MAX_SESSIONS = 1000;

  private static final Pattern LOOPBACK_ORIGIN =
      Pattern.compile("https?://(localhost|127\\.0\\.0\\.1|\\[::1])(:\\d+)?");

  private final DemoServer server;
  private final HttpServer http;
  private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
  private final SequencedMap<String, DemoSession> sessions = new LinkedHashMap<>();

  HttpTransport(DemoServer server) throws IOException {
    this.server = server;
    var loopback = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
    http = HttpServer.create(new InetSocketAddress(loopback, 0), 0);
    http.createContext("/mcp", this::serve);
    http.setExecutor(executor);
    http.start();
  }

  URI uri() {
    return URI.create("http://127.0.0.1:" + http.getAddress().getPort() + "/mcp");
  }

  private void serve(HttpExchange exchange) throws IOException {
    try (exchange) {
      if (!isLocal(exchange.getRequestHeaders())) {
        refuse(exchange, 403, "Host and Origin must be on loopback");
      } else if (exchange.getRequestMethod().equals("POST")) {
        post(exchange);
      } else if (exchange.getRequestMethod().equals("DELETE")) {
        delete(exchange);
      } else {
        exchange.getResponseHeaders().set("Allow", "POST, DELETE");
        refuse(exchange, 405, "Only POST and DELETE are served here");
      }
    } catch (UncheckedIOException e) {
      throw new IOException(e);
    }
  }

  /// A page of the web that resolves its own name to 127.0.0.1 shows itself in these headers.
  private boolean isLocal(Headers headers) {
    String host = first(headers, "Host");
    String origin = first(headers, "Origin");
    int port = http.getAddress().getPort();
    return (host.equals("127.0.0.1:" + port) || host.equals("localhost:" + port))
        && (origin.isEmpty() || LOOPBACK_ORIGIN.matcher(origin).matches());
  }

  private void post(HttpExchange exchange) throws IOException {
    byte[] body = exchange.getRequestBody().readNBytes(MAX_BODY_BYTES + 1);
    if (body.length > MAX_BODY_BYTES) {
      refuse(exchange, 413, "A message may have " + MAX_BODY_BYTES + " bytes");
      return;
    }
    if (!first(exchange.getRequestHeaders(), "Content-Type").startsWith("application/json")) {
      refuse(exchange, 415, "The Content-Type must be application/json");
      return;
    }
    JsonNode message;
    try {
      message = Json.read(new String(body, StandardCharsets.UTF_8));
    } catch (JacksonException e) {
      refuse(exchange, 400, ProtocolError.PARSE_ERROR, "Parse error: " + e.getOriginalMessage());
      return;
    }
    Optional<DemoSession> session = session(exchange, message);
    if (session.isPresent()) {
      take(exchange, session.get(), message);
    }
  }

  /// The session of the message; when there is none, the request is refused here.
  private Optional<DemoSession> session(HttpExchange exchange, JsonNode message)
      throws IOException {
    String id = first(exchange.getRequestHeaders(), SESSION);
    if (message.path("method").asString("").equals("initialize")) {
      id = open();
      exchange.getResponseHeaders().set(SESSION, id);
    } else if (id.isEmpty()) {
      refuse(exchange, 400, "Session ID required: begin with initialize");
      return Optional.empty();
    }
    Optional<DemoSession> session = find(id);
    if (session.isEmpty()) {
      refuse(exchange, 404, "Session not found: begin again with initialize");
    }
    return session;
  }

  private static void take(HttpExchange exchange, DemoSession session, JsonNode message)
      throws IOException {
    var reply = new HttpReply(exchange);
    session.receive(message, reply, Runnable::run);
    if (DemoSession.isRequest(message) || !message.isObject()) {
      reply.finish();
    } else {
      exchange.sendResponseHeaders(202, -1);
    }
  }

  private void delete(HttpExchange exchange) throws IOException {
    DemoSession session = forget(first(exchange.getRequestHeaders(), SESSION));
    if (session == null) {
      refuse(exchange, 404, "Session not found");
    } else {
      session.close();
      exchange.sendResponseHeaders(200, -1);
    }
  }

  private String open() {
    String id = UUID.randomUUID().toString();
    synchronized (sessions) {
      if (sessions.size() >= MAX_SESSIONS) {
        sessions.pollFirstEntry().getValue().close();
      }
      // What concerns no request would go to the stream of GET, which this transport has not.
      sessions.put(id, new DemoSession(server, _ -> {}));
    }
    return id;
  }

  private Optional<DemoSession> find(String id) {
    synchronized (sessions) {
      return Optional.ofNullable(sessions.get(id));
    }
  }

  private @Nullable DemoSession forget(String id) {
    synchronized (sessions) {
      return sessions.remove(id);
    }
  }

  private static String first(Headers headers, String name) {
    String value = headers.getFirst(name);
    return value == null ? "" : value;
  }

  private static void refuse(HttpExchange exchange, int status, String text) throws IOException {
    refuse(exchange, status, -32000, text);
  }

  private static void refuse(HttpExchange exchange, int status, int code, String text)
      throws IOException {
    HttpReply.json(exchange, status, Json.error(MissingNode.getInstance(), code, text));
  }

  @Override
  public void close() {
    synchronized (sessions) {
      sessions.values().forEach(DemoSession::close);
      sessions.clear();
    }
    http.stop(0);
    executor.shutdownNow();
  }
}
