package io.watchgate.testkit;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/// An MCP server over HTTP for tests, in this process on a free port of loopback: streamable HTTP
/// at [#uri] and the old HTTP+SSE transport at [#sseUri]. It has the tools of [FixtureServer] and
/// takes the flags of [FixtureOptions]. `die` and `kill` close the server with its connections.
public final class FixtureHttpServer implements AutoCloseable {
  static {
    // Without this every answer waits for the client's delayed acknowledgement, 40 ms.
    System.setProperty("sun.net.httpserver.nodelay", "true");
  }

  private final FixtureHost host;
  private final HttpServer server;
  private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
  private final Map<String, Connection> connections = new ConcurrentHashMap<>();
  private final List<Request> requests = new CopyOnWriteArrayList<>();
  private final AtomicInteger opened = new AtomicInteger();
  private final AtomicInteger refusals = new AtomicInteger();
  private final AtomicInteger badRequests = new AtomicInteger();
  private volatile int refusalStatus = 503;
  private volatile Predicate<Request> refused = _ -> false;

  /// What a client asked, as HTTP. Header names are in lower case.
  public record Request(String method, URI uri, Map<String, String> headers, String body) {}

  /// A session and the events that wait for its stream.
  record Connection(FixtureSession session, QueueOutbox events) {}

  private FixtureHttpServer(int port, FixtureOptions options) throws IOException {
    host = new FixtureHost(options, status -> close());
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    var streamable = new StreamableEndpoint(this);
    var events = new EventsEndpoint(this);
    server.createContext("/mcp", exchange -> serve(exchange, streamable::serve));
    server.createContext("/sse", exchange -> serve(exchange, events::open));
    server.createContext("/messages", exchange -> serve(exchange, events::post));
    server.setExecutor(executor);
    server.start();
  }

  /// Starts on a free port.
  public static FixtureHttpServer start(String... flags) throws IOException {
    return startOn(0, flags);
  }

  /// Starts on a given port, to come back where another server was.
  public static FixtureHttpServer startOn(int port, String... flags) throws IOException {
    return new FixtureHttpServer(port, FixtureOptions.parse(flags));
  }

  /// Where streamable HTTP is served.
  public URI uri() {
    return at("/mcp");
  }

  /// Where the old transport is served.
  public URI sseUri() {
    return at("/sse");
  }

  private URI at(String path) {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
  }

  /// Sessions that are open.
  public int sessionCount() {
    return connections.size();
  }

  /// Sessions that were ever opened.
  public int openedSessions() {
    return opened.get();
  }

  /// Requests that were answered with 400.
  public int badRequests() {
    return badRequests.get();
  }

  /// Forgets all sessions, as a restarted server would: the next request of each gets 404.
  public void dropSessions() {
    connections.keySet().forEach(this::remove);
  }

  /// Answers the next requests with a status and nothing else.
  public void refuseNext(int count, int status) {
    refusalStatus = status;
    refusals.set(count);
  }

  /// Answers such requests with a status and nothing else, until told otherwise.
  public void refuse(int status, Predicate<Request> which) {
    refusalStatus = status;
    refused = which;
  }

  /// All requests so far, refused ones too.
  public List<Request> requests() {
    return List.copyOf(requests);
  }

  /// Forgets the requests so far.
  public void forgetRequests() {
    requests.clear();
  }

  @Override
  public void close() {
    server.stop(0); // first: who loses its session may want to listen here next
    dropSessions();
    executor.shutdownNow();
  }

  /// Serves one request, given its body.
  private interface Endpoint {
    void serve(HttpExchange exchange, String body) throws IOException, InterruptedException;
  }

  private void serve(HttpExchange exchange, Endpoint endpoint) throws IOException {
    try (exchange) {
      String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      var request = request(exchange, body);
      requests.add(request);
      if (refused.test(request) || refusals.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
        exchange.sendResponseHeaders(refusalStatus, -1);
        return;
      }
      endpoint.serve(exchange, body);
      badRequests.addAndGet(exchange.getResponseCode() == 400 ? 1 : 0);
    } catch (UncheckedIOException e) {
      // The client left; there is nobody to tell.
      exchange.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static Request request(HttpExchange exchange, String body) {
    var headers = new ConcurrentHashMap<String, String>();
    exchange
        .getRequestHeaders()
        .forEach((name, values) -> headers.put(lowerCase(name), String.join(", ", values)));
    return new Request(exchange.getRequestMethod(), exchange.getRequestURI(), headers, body);
  }

  private static String lowerCase(String name) {
    return name.toLowerCase(Locale.ROOT);
  }

  FixtureOptions options() {
    return host.options();
  }

  ExecutorService executor() {
    return executor;
  }

  boolean isTooEarly(Connection connection) {
    var options = host.options();
    return (options.has("late") || options.has("slow")) && !connection.session().isReady();
  }

  Connection open() {
    opened.incrementAndGet();
    var events = new QueueOutbox();
    var session = new FixtureSession(host, UUID.randomUUID().toString(), events);
    var connection = new Connection(session, events);
    connections.put(session.id(), connection);
    return connection;
  }

  Optional<Connection> connection(String session) {
    return Optional.ofNullable(connections.get(session));
  }

  void remove(String session) {
    Connection connection = connections.remove(session);
    if (connection != null) {
      host.remove(connection.session());
      connection.events().end();
    }
  }
}
