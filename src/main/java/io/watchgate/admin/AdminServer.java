package io.watchgate.admin;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.watchgate.flow.HostCheck;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The listener for those who run the gateway: health, metrics and status, to be read only. Answers
/// each request on a virtual thread of its own.
public final class AdminServer implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(AdminServer.class);
  private static final int BACKLOG = 64;

  static {
    // The JDK's server reads these once. Seconds after which a request that does not end is given
    // up, and no wait of the answer's body for the acknowledgement of its head, 40 ms.
    setUnlessSet("sun.net.httpserver.maxReqTime", "30");
    setUnlessSet("sun.net.httpserver.nodelay", "true");
  }

  private final AdminSettings settings;
  private final StatusSource source;
  private final HostCheck hosts;
  private final HttpServer server;
  private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();

  private AdminServer(AdminSettings settings, StatusSource source, HttpServer server) {
    this.settings = settings;
    this.source = source;
    this.hosts = new HostCheck(settings.host());
    this.server = server;
  }

  /// Starts to listen, whatever `enabled` says.
  ///
  /// @throws IOException naming the address when it cannot be bound
  public static AdminServer start(AdminSettings settings, StatusSource source) throws IOException {
    var admin = new AdminServer(settings, source, bind(settings));
    admin.server.createContext("/", admin::serve);
    admin.server.setExecutor(admin.executor);
    admin.server.start();
    log.info("health, metrics and status at {}", admin.url());
    return admin;
  }

  private static HttpServer bind(AdminSettings settings) throws IOException {
    try {
      return HttpServer.create(new InetSocketAddress(settings.host(), settings.port()), BACKLOG);
    } catch (IOException | IllegalArgumentException cause) {
      throw new IOException(
          "the admin listener cannot bind %s:%d: %s (see admin.host and admin.port)"
              .formatted(settings.host(), settings.port(), cause.getMessage()),
          cause);
    }
  }

  /// Where it listens, with the port that the system chose when the settings left it to it.
  public String url() {
    return "http://%s:%d"
        .formatted(HostCheck.bracketed(settings.host()), server.getAddress().getPort());
  }

  private void serve(HttpExchange exchange) throws IOException {
    try (exchange) {
      answer(exchange).send(exchange);
    }
  }

  private Answer answer(HttpExchange exchange) {
    try {
      return read(exchange);
    } catch (RuntimeException fault) { // supervised edge: a fault of ours ends one request only
      log.error("{} failed", exchange.getRequestURI(), fault);
      return Answer.text(500, "internal error in the gateway; its log has the details");
    }
  }

  private Answer read(HttpExchange exchange) {
    var named = exchange.getRequestHeaders().getOrDefault("Host", List.of());
    if (!hosts.allows(named, exchange.getLocalAddress().getAddress())) {
      return Answer.text(403, "this Host is not allowed: use a loopback name or admin.host");
    }
    if (!exchange.getRequestMethod().equals("GET") && !exchange.getRequestMethod().equals("HEAD")) {
      exchange.getResponseHeaders().set("Allow", "GET, HEAD");
      return Answer.text(405, "only GET and HEAD are served here");
    }
    return switch (exchange.getRequestURI().getPath()) {
      case "/healthz" -> Answer.text(200, "alive");
      case "/readyz" -> ready();
      case "/metrics" ->
          new Answer(200, MetricsText.CONTENT_TYPE, MetricsText.of(source.metrics()));
      case "/api/status" ->
          new Answer(200, "application/json", StatusJson.of(source.status()).toString());
      case null, default ->
          Answer.text(404, "there are /healthz, /readyz, /metrics and /api/status");
    };
  }

  private Answer ready() {
    if (!source.isServing()) {
      return Answer.text(503, "not serving");
    }
    return source
        .trouble()
        .map(why -> Answer.text(503, "not serving: " + why))
        .orElseGet(() -> Answer.text(200, "serving"));
  }

  /// Stops at once.
  @Override
  public void close() {
    server.stop(0);
    executor.close();
  }

  private static void setUnlessSet(String property, String value) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, value);
    }
  }

  private record Answer(int status, String type, String body) {
    static Answer text(int status, String words) {
      return new Answer(status, "text/plain; charset=utf-8", words + "\n");
    }

    void send(HttpExchange exchange) throws IOException {
      var bytes = body.getBytes(StandardCharsets.UTF_8);
      var headers = exchange.getResponseHeaders();
      headers.set("Content-Type", type);
      headers.set("Cache-Control", "no-store");
      headers.set("X-Content-Type-Options", "nosniff");
      if (exchange.getRequestMethod().equals("HEAD")) {
        headers.set("Content-Length", Integer.toString(bytes.length));
        exchange.sendResponseHeaders(status, -1);
      } else {
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
      }
    }
  }
}
