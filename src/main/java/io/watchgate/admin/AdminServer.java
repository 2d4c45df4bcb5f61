package io.watchgate.admin;

import com.sun.net.httpserver.HttpExchange;
import io.watchgate.web.HostCheck;
import io.watchgate.web.SmallServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The listener for those who run the gateway: health, metrics and status, to be read only.
public final class AdminServer implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(AdminServer.class);
  private static final int BACKLOG = 64;

  private final StatusSource source;
  private final HostCheck hosts;
  private final SmallServer server;

  private AdminServer(AdminSettings settings, StatusSource source) throws IOException {
    this.source = source;
    this.hosts = new HostCheck(settings.host());
    var address =
        new SmallServer.Address(
            "admin listener", "admin", settings.host(), settings.port(), BACKLOG);
    this.server = SmallServer.start(address, this::serve);
  }

  /// Starts to listen, whatever `enabled` says.
  ///
  /// @throws IOException naming the address when it cannot be bound
  public static AdminServer start(AdminSettings settings, StatusSource source) throws IOException {
    var admin = new AdminServer(settings, source);
    log.info("health, metrics and status at {}", admin.url());
    return admin;
  }

  /// Where it listens, with the port that the system chose when the settings left it to it.
  public String url() {
    return server.url();
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
  }

  private record Answer(int status, String type, String body) {
    static Answer text(int status, String words) {
      return new Answer(status, "text/plain; charset=utf-8", words + "\n");
    }

    void send(HttpExchange exchange) throws IOException {
      SmallServer.send(exchange, status, type, body.getBytes(StandardCharsets.UTF_8));
    }
  }
}
