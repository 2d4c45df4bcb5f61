package io.watchgate.faults;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.watchgate.flow.Time;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import tools.jackson.databind.JsonNode;

/// An MCP server over streamable HTTP that is strict about sessions, counts what comes, and can be
/// told to be slow, wrong or broken. The old HTTP+SSE transport is at `/sse`.
///
/// Tools: `echo` and `get` (which may be repeated) as those of `server.py`; `hang`; `big` answers
/// that many `bytes`, as an event with `events`.
final class WebServer implements AutoCloseable {
  private static final String SESSION = "Mcp-Session-Id";
  private static final long LONGEST_HANG_NANOS = Duration.ofMinutes(2).toNanos();
  private static final String TOOLS =
      """
      {"tools":[{"name":"echo","inputSchema":{"type":"object"}},\
      {"name":"get","inputSchema":{"type":"object"},\
      "annotations":{"readOnlyHint":true,"idempotentHint":true}},\
      {"name":"hang","inputSchema":{"type":"object"}},\
      {"name":"big","inputSchema":{"type":"object"}}]}\
      """;

  static {
    // Without this every answer waits for the client's delayed acknowledgement, 40 ms.
    System.setProperty("sun.net.httpserver.nodelay", "true");
    System.setProperty("sun.net.httpserver.maxIdleConnections", "2000");
  }

  private final String name;
  private final HttpServer server;
  private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
  private final Random random = new Random(7);
  private final Map<String, AtomicLong> counts = new ConcurrentHashMap<>();
  private final Map<String, AtomicLong> texts = new ConcurrentHashMap<>();
  private final Map<String, Session> sessions = new ConcurrentHashMap<>();
  private volatile double failing;
  private volatile boolean confused;
  private volatile Duration handshake = Duration.ZERO;
  private volatile Duration work = Duration.ZERO;
  private volatile Semaphore workers = new Semaphore(10_000);

  /// @param hanging what ends calls that hang, by their ids
  private record Session(
      CompletableFuture<Void> ready, Map<String, CompletableFuture<Void>> hanging) {
    Session() {
      this(new CompletableFuture<>(), new ConcurrentHashMap<>());
    }
  }

  private WebServer(String name) throws IOException {
    this.name = name;
    this.server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1024);
    server.createContext("/mcp", this::serve);
    var events = new EventsTransport(this::answer, executor);
    server.createContext("/sse", events::open);
    server.createContext("/messages", events::post);
    server.setExecutor(executor);
    server.start();
  }

  static WebServer start(String name) throws IOException {
    return new WebServer(name);
  }

  int port() {
    return server.getAddress().getPort();
  }

  /// Answers this part of all tool calls with 500.
  void fail(double part) {
    failing = part;
  }

  /// Sends an answer to nobody before each answer, and a second one behind it.
  void confuse(boolean whether) {
    confused = whether;
  }

  /// How long `initialize` takes.
  void takeForHandshake(Duration time) {
    handshake = time;
  }

  /// How many tool calls are worked on at a time, and how long one takes at least.
  void workers(int number, Duration time) {
    workers = new Semaphore(number, true);
    work = time;
  }

  /// Requests of a method, and as `status 400` answers with a status.
  long count(String what) {
    var count = counts.get(what);
    return count == null ? 0 : count.get();
  }

  /// Calls that came, each counted once.
  long distinct() {
    return texts.size();
  }

  /// Calls of `echo` that came more than once.
  long repeated() {
    return texts.entrySet().stream()
        .filter(text -> text.getKey().startsWith("echo") && text.getValue().get() > 1)
        .count();
  }

  private void count(String what, Map<String, AtomicLong> in) {
    in.computeIfAbsent(what, _ -> new AtomicLong()).incrementAndGet();
  }

  private void serve(HttpExchange exchange) throws IOException {
    try (exchange) {
      if (exchange.getRequestMethod().equals("DELETE")) {
        end(exchange, sessions.remove(header(exchange, SESSION)) == null ? 404 : 200);
        return;
      }
      if (!exchange.getRequestMethod().equals("POST")) {
        end(exchange, 405);
        return;
      }
      var message = Wire.read(text(exchange));
      var method = message.path("method").asString("");
      count(method, counts);
      switch (method) {
        case "initialize" -> {
          Time.REAL.pass(handshake);
          var id = UUID.randomUUID().toString();
          sessions.put(id, new Session());
          exchange.getResponseHeaders().set(SESSION, id);
          json(exchange, answer(message));
        }
        case "server/discover" -> end(exchange, 400);
        default -> serve(exchange, message, method);
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private void serve(HttpExchange exchange, JsonNode message, String method)
      throws IOException, InterruptedException {
    var session = sessions.get(header(exchange, SESSION));
    if (session == null) {
      end(exchange, header(exchange, SESSION).isEmpty() ? 400 : 404);
      return;
    }
    if (!message.has("id")) {
      hear(session, message, method);
      end(exchange, 202);
      return;
    }
    if (!session.ready().isDone() && !method.equals("ping")) {
      end(exchange, 400);
      return;
    }
    if (!method.equals("tools/call")) {
      json(exchange, answer(message));
      return;
    }
    var tool = message.path("params").path("name").asString("");
    count(tool + message.path("params").path("arguments").path("text").asString(""), texts);
    if (isFailing()) {
      end(exchange, 500);
      return;
    }
    switch (tool) {
      case "hang" -> hang(session, message.path("id").toString());
      case "big" -> big(exchange, message);
      default -> work(exchange, message);
    }
  }

  private synchronized boolean isFailing() {
    return random.nextDouble() < failing;
  }

  private void hear(Session session, JsonNode message, String method) {
    if (method.equals("notifications/initialized")) {
      session.ready().complete(null);
    } else if (method.equals("notifications/cancelled")) {
      var hanging = session.hanging().remove(message.path("params").path("requestId").toString());
      if (hanging != null) {
        count("cancelled hang", counts);
        hanging.complete(null);
      }
    }
  }

  private void hang(Session session, String id) throws InterruptedException {
    var end = new CompletableFuture<Void>();
    session.hanging().put(id, end);
    count("hang", counts);
    try {
      Time.REAL.get(end, LONGEST_HANG_NANOS);
    } catch (java.util.concurrent.ExecutionException | TimeoutException over) {
      // nobody cancelled it
    }
  }

  private void work(HttpExchange exchange, JsonNode message)
      throws IOException, InterruptedException {
    var arguments = message.path("params").path("arguments");
    workers.acquire();
    try {
      var asked = Duration.ofMillis(arguments.path("ms").asInt(0));
      Time.REAL.pass(asked.compareTo(work) > 0 ? asked : work);
    } finally {
      workers.release();
    }
    count("worked", counts);
    if (confused) {
      var nobody = Wire.result("1000000007", Wire.text("for nobody"));
      count("made up before", counts);
      count("made up behind", counts);
      events(exchange, nobody, answer(message), answer(message));
    } else {
      json(exchange, answer(message));
    }
  }

  /// The answer to anything but what is special here.
  String answer(JsonNode message) {
    var id = message.path("id").toString();
    var params = message.path("params");
    return switch (message.path("method").asString("")) {
      case "initialize" ->
          Wire.result(
              id,
              """
              {"protocolVersion":"%s","capabilities":{"tools":{}},\
              "serverInfo":{"name":"%s","version":"1"}}\
              """
                  .formatted(params.path("protocolVersion").asString("2025-11-25"), name));
      case "ping" -> Wire.result(id, "{}");
      case "tools/list" -> Wire.result(id, TOOLS);
      case "tools/call" -> {
        var text = params.path("arguments").path("text").asString("");
        yield Wire.result(id, Wire.text(name + ":" + text));
      }
      default ->
          "{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"error\":{\"code\":-32601,\"message\":\"no\"}}";
    };
  }

  private static void big(HttpExchange exchange, JsonNode message) throws IOException {
    var arguments = message.path("params").path("arguments");
    long left = arguments.path("bytes").asLong(0);
    boolean events = arguments.path("events").asBoolean(false);
    var head = "{\"jsonrpc\":\"2.0\",\"id\":" + message.path("id") + ",\"result\":{\"content\":[";
    var start = head + "{\"type\":\"text\",\"text\":\"";
    var piece = "x".repeat(64 << 10).getBytes(StandardCharsets.US_ASCII);
    type(exchange, events);
    exchange.sendResponseHeaders(200, 0);
    try (OutputStream out = exchange.getResponseBody()) {
      out.write(bytes((events ? "data: " : "") + start));
      for (; left > 0; left -= piece.length) {
        out.write(piece, 0, (int) Math.min(left, piece.length));
      }
      out.write(bytes("\"}]}}" + (events ? "\n\n" : "")));
    }
  }

  private static void type(HttpExchange exchange, boolean events) {
    exchange
        .getResponseHeaders()
        .set("Content-Type", events ? "text/event-stream" : "application/json");
  }

  private static void json(HttpExchange exchange, String body) throws IOException {
    type(exchange, false);
    exchange.sendResponseHeaders(200, bytes(body).length);
    exchange.getResponseBody().write(bytes(body));
  }

  private static void events(HttpExchange exchange, String... messages) throws IOException {
    type(exchange, true);
    exchange.sendResponseHeaders(200, 0);
    for (var message : messages) {
      exchange.getResponseBody().write(bytes("data: " + message + "\n\n"));
    }
    exchange.getResponseBody().close();
  }

  private void end(HttpExchange exchange, int status) throws IOException {
    count("status " + status, counts);
    exchange.sendResponseHeaders(status, -1);
  }

  static String text(HttpExchange exchange) throws IOException {
    return new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
  }

  private static String header(HttpExchange exchange, String name) {
    var value = exchange.getRequestHeaders().getFirst(name);
    return value == null ? "" : value;
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    server.stop(0);
    executor.shutdownNow();
  }
}
