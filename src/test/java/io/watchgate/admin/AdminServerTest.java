package io.watchgate.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.watchgate.admin.GatewayStatus.Configuration;
import io.watchgate.admin.GatewayStatus.Connections;
import io.watchgate.admin.GatewayStatus.Counted;
import io.watchgate.admin.GatewayStatus.LastError;
import io.watchgate.admin.GatewayStatus.Latency;
import io.watchgate.admin.GatewayStatus.Limit;
import io.watchgate.admin.GatewayStatus.Plugin;
import io.watchgate.admin.GatewayStatus.Pool;
import io.watchgate.admin.GatewayStatus.Traffic;
import io.watchgate.admin.GatewayStatus.Upstream;
import io.watchgate.flow.CircuitState;
import io.watchgate.flow.Refusals;
import io.watchgate.flow.Refusals.Kind;
import io.watchgate.flow.ServerStatus.State;
import io.watchgate.jsonrpc.Json;
import io.watchgate.telemetry.Family;
import io.watchgate.web.HostCheck;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AdminServerTest {
  private static final Refusals REFUSALS = new Refusals();

  static {
    REFUSALS.add(Kind.CURSOR, "it is of another list");
  }

  private static final LastError ERROR =
      new LastError(Instant.parse("2026-01-02T03:04:05Z"), "status 7: \"no\"");
  private static final Upstream BUSY =
      new Upstream(
          "files",
          "stdio",
          State.READY,
          Optional.of("2025-11-25"),
          new Limit(100, 0),
          new Connections(
              1,
              2,
              new Pool(1, 4, 10, OptionalLong.of(123_000_000), OptionalLong.of(250_000_000)),
              3),
          CircuitState.OPEN,
          new Traffic(
              120,
              4,
              6,
              5,
              new Latency(
                  OptionalLong.of(1_200_000),
                  OptionalLong.of(9_800_000),
                  116,
                  Duration.ofMillis(500))),
          Optional.of(ERROR));
  private static final Upstream NEW =
      new Upstream(
          "odd\"\\\nname",
          "http",
          State.CONNECTING,
          Optional.empty(),
          new Limit(7, 3),
          new Connections(0, 0, new Pool(0, 0, 1, OptionalLong.empty(), OptionalLong.empty()), 0),
          CircuitState.CLOSED,
          new Traffic(
              0,
              0,
              0,
              0,
              new Latency(OptionalLong.empty(), OptionalLong.empty(), 0, Duration.ZERO)),
          Optional.empty());

  private final Source source = new Source();
  private AdminServer server;
  private int port;

  /// A gateway that is as the test wants it.
  private static final Plugin PII =
      new Plugin(
          "pii",
          Optional.empty(),
          Map.of("block", 2L),
          Duration.ofNanos(1_500_000),
          Json.object("types", 3),
          List.of(new Counted("pii_kept", "What is kept.", Map.of("of", "what"), 3.5)));

  private static final String PII_JSON =
      "{\"name\":\"pii\",\"server\":null,\"verdicts\":{\"block\":2},\"total_ms\":1.500,"
          + "\"details\":{\"types\":3}}";

  private static final class Source implements StatusSource {
    private volatile boolean serving = true;
    private volatile boolean broken;
    private volatile Optional<String> trouble = Optional.empty();

    @Override
    public boolean isServing() {
      return serving;
    }

    @Override
    public Optional<String> trouble() {
      return trouble;
    }

    @Override
    public GatewayStatus status() {
      if (broken) {
        throw new IllegalStateException("on purpose");
      }
      var configuration =
          new Configuration(Instant.EPOCH, Optional.of(ERROR), List.of("proxy.http.port"));
      return new GatewayStatus(
          "1.2.3",
          3,
          41,
          new Limit(100, 8),
          2,
          REFUSALS.counts(),
          configuration,
          List.of(BUSY, NEW),
          List.of(PII, PII));
    }

    @Override
    public List<Family> metrics() {
      return StatusMetrics.of(status());
    }
  }

  AdminServerTest() throws IOException {
    server = AdminServer.start(new AdminSettings(true, "127.0.0.1", 0), source);
  }

  @BeforeEach
  void findPort() {
    port = URI.create(server.url()).getPort();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void healthzSaysThatTheProcessIsAlive() throws IOException {
    source.serving = false;

    assertThat(get("/healthz")).startsWith("HTTP/1.1 200").endsWith("\r\n\r\nalive\n");
  }

  @Test
  void readyzSaysWhetherClientsAreServed() throws IOException {
    assertThat(get("/readyz")).startsWith("HTTP/1.1 200");

    source.serving = false;

    assertThat(get("/readyz")).startsWith("HTTP/1.1 503");
  }

  @Test
  void readyzIsRedWhereNothingCanBeRecorded() throws IOException {
    source.trouble = Optional.of("no space left");

    assertThat(get("/readyz"))
        .startsWith("HTTP/1.1 503")
        .endsWith("\r\n\r\nnot serving: no space left\n");
  }

  @Test
  void theStatusHasTheFieldsOfTheContractAndTheLimits() throws IOException {
    assertThat(get("/api/status"))
        .contains("Content-type: application/json\r\n")
        .endsWith(
            "\r\n\r\n{\"version\":\"1.2.3\",\"concurrent_requests\":3,"
                + "\"max_concurrent_observed\":41,\"limit\":{\"max\":100,\"waiting\":8},"
                + "\"sessions\":2,"
                + "\"config\":{\"loaded_at\":\"1970-01-01T00:00:00.000Z\","
                + "\"last_error\":{\"time\":\"2026-01-02T03:04:05.000Z\","
                + "\"message\":\"status 7: \\\"no\\\"\"},"
                + "\"needs_restart\":[\"proxy.http.port\"]},\"upstreams\":["
                + "{\"name\":\"files\",\"transport\":\"stdio\",\"state\":\"ready\","
                + "\"era\":\"2025-11-25\",\"sessions\":1,\"in_flight\":2,"
                + "\"limit\":{\"max\":100,\"waiting\":0},"
                + "\"pool\":{\"in_use\":1,\"waiting\":4,\"max\":10},"
                + "\"session_creation_ms\":{\"last\":123.000,\"p99\":250.000},"
                + "\"circuit_breaker\":\"open\",\"restarts\":3,"
                + "\"last_error\":{\"time\":\"2026-01-02T03:04:05.000Z\","
                + "\"message\":\"status 7: \\\"no\\\"\"},"
                + "\"latency_ms\":{\"p50\":1.200,\"p99\":9.800},\"calls\":120,\"errors\":4},"
                + "{\"name\":\"odd\\\"\\\\\\nname\",\"transport\":\"http\","
                + "\"state\":\"connecting\",\"era\":null,\"sessions\":0,\"in_flight\":0,"
                + "\"limit\":{\"max\":7,\"waiting\":3},"
                + "\"pool\":{\"in_use\":0,\"waiting\":0,\"max\":1},"
                + "\"session_creation_ms\":{\"last\":null,\"p99\":null},"
                + "\"circuit_breaker\":\"closed\",\"restarts\":0,\"last_error\":null,"
                + "\"latency_ms\":{\"p50\":null,\"p99\":null},\"calls\":0,\"errors\":0}],"
                + "\"plugins\":["
                + PII_JSON
                + ","
                + PII_JSON
                + "]}");
  }

  @Test
  void metricsAreInTheTextFormatOfPrometheus() throws IOException {
    var answer = get("/metrics");
    var body = answer.substring(answer.indexOf("\r\n\r\n") + 4);

    assertThat(answer).contains("Content-type: text/plain; version=0.0.4; charset=utf-8\r\n");
    assertThat(body.lines())
        .allMatch(line -> line.matches("# (HELP|TYPE) .+|[a-z_]+(\\{.+})? [0-9.E-]+|.+ NaN"))
        .contains(
            "watchgate_build_info{version=\"1.2.3\"} 1",
            "# TYPE watchgate_requests_in_flight gauge",
            "watchgate_requests_in_flight 3",
            "watchgate_requests_in_flight_highest 41",
            "watchgate_requests_limit 100",
            "watchgate_requests_waiting 8",
            "watchgate_sessions 2",
            "watchgate_refusals_total{kind=\"cursor\"} 1",
            "watchgate_refusals_total{kind=\"session_id\"} 0",
            "watchgate_upstream_up{upstream=\"files\"} 1",
            "watchgate_upstream_up{upstream=\"odd\\\"\\\\\\nname\"} 0",
            "watchgate_upstream_sessions{upstream=\"files\"} 1",
            "watchgate_upstream_pool_in_use{upstream=\"files\"} 1",
            "watchgate_upstream_pool_waiting{upstream=\"files\"} 4",
            "watchgate_upstream_pool_max{upstream=\"files\"} 10",
            "watchgate_upstream_requests_in_flight{upstream=\"files\"} 2",
            "watchgate_upstream_requests_limit{upstream=\"files\"} 100",
            "watchgate_upstream_requests_waiting{upstream=\"odd\\\"\\\\\\nname\"} 3",
            "# TYPE watchgate_upstream_restarts_total counter",
            "watchgate_upstream_restarts_total{upstream=\"files\"} 3",
            "watchgate_upstream_calls_total{upstream=\"files\"} 120",
            "watchgate_upstream_errors_total{upstream=\"files\"} 4",
            "watchgate_upstream_retries_total{upstream=\"files\"} 6",
            "watchgate_upstream_circuit_breaker_state{upstream=\"files\"} 2",
            "watchgate_upstream_garbage_total{upstream=\"files\"} 5",
            "watchgate_upstream_latency_seconds{upstream=\"files\",quantile=\"0.5\"} 0.0012",
            "watchgate_upstream_latency_seconds_sum{upstream=\"files\"} 0.5",
            "watchgate_upstream_latency_seconds_count{upstream=\"files\"} 116",
            "# TYPE watchgate_plugin_verdicts_total counter",
            "watchgate_plugin_verdicts_total{plugin=\"pii\",upstream=\"\",verdict=\"block\"} 4",
            "watchgate_plugin_seconds_total{plugin=\"pii\",upstream=\"\"} 0.003",
            "# TYPE watchgate_pii_kept gauge",
            "watchgate_pii_kept{of=\"what\"} 7");
  }

  @Test
  void answersAreNeitherCachedNorSniffed() throws IOException {
    for (var path : List.of("/healthz", "/metrics", "/api/status", "/nothing")) {
      assertThat(get(path))
          .contains("Cache-control: no-store\r\n", "X-content-type-options: nosniff\r\n");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/nothing", "/healthz/", "/api", "/api/status/x", "/%2e%2e/healthz"})
  void unknownPathsAreNotFound(String path) throws IOException {
    assertThat(get(path)).startsWith("HTTP/1.1 404").contains("/healthz");
  }

  @ParameterizedTest
  @ValueSource(strings = {"POST", "PUT", "DELETE", "OPTIONS", "get"})
  void onlyReadingIsAllowed(String method) throws IOException {
    assertThat(send(method + " /healthz HTTP/1.1\r\nHost: localhost\r\n"))
        .startsWith("HTTP/1.1 405")
        .contains("Allow: GET, HEAD\r\n");
  }

  @Test
  void headHasTheHeadersOfGetAndNoBody() throws IOException {
    assertThat(send("HEAD /healthz HTTP/1.1\r\nHost: localhost\r\n"))
        .startsWith("HTTP/1.1 200")
        .contains("Content-length: 6\r\n")
        .endsWith("\r\n\r\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"localhost", "LOCALHOST:1", "127.0.0.1", "127.0.0.1:8788", "[::1]", "[::1]:99"})
  void namesOfLoopbackAreAllowed(String host) throws IOException {
    assertThat(send("GET /healthz HTTP/1.1\r\nHost: " + host + "\r\n")).startsWith("HTTP/1.1 200");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Host: evil.example\r\n",
        "Host: evil.example:8788\r\n",
        "Host: localhost.evil.example\r\n",
        "Host: 127.0.0.1.evil.example\r\n",
        "Host: 10.0.0.1\r\n",
        "Host: \r\n",
        "",
        "Host: localhost\r\nHost: evil.example\r\n"
      })
  void foreignNamesAreTurnedAway(String headers) throws IOException {
    assertThat(send("GET /api/status HTTP/1.1\r\n" + headers))
        .startsWith("HTTP/1.1 40")
        .doesNotContain("files");
  }

  @Test
  void theConfiguredHostAndTheReachedAddressAreAllowed() throws IOException {
    var check = new HostCheck("Gateway.internal");
    var reached = InetAddress.getByAddress(new byte[] {10, 1, 2, 3});

    assertThat(check.allows(List.of("gateway.INTERNAL:8788"), reached)).isTrue();
    assertThat(check.allows(List.of("10.1.2.3:8788"), reached)).isTrue();
    assertThat(check.allows(List.of("10.1.2.4:8788"), reached)).isFalse();
    var six = new byte[16];
    six[0] = (byte) 0xfd;
    assertThat(check.allows(List.of("[fd00:0:0:0:0:0:0:0]:1"), InetAddress.getByAddress(six)))
        .isTrue();
    assertThat(new HostCheck("fd00::1").allows(List.of("[fd00::1]"), reached)).isTrue();
  }

  @Test
  void aFaultEndsOneRequestOnly() throws IOException {
    source.broken = true;
    assertThat(get("/api/status")).startsWith("HTTP/1.1 500").doesNotContain("on purpose");

    source.broken = false;
    assertThat(get("/api/status")).startsWith("HTTP/1.1 200");
  }

  @Test
  void aPortInUseIsNamedWithTheKeysToChange() {
    assertThatThrownBy(() -> AdminServer.start(new AdminSettings(true, "127.0.0.1", port), source))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("127.0.0.1:" + port)
        .hasMessageContaining("admin.port");
  }

  @Test
  void anAddressOfAnotherMachineIsNamed() {
    assertThatThrownBy(() -> AdminServer.start(new AdminSettings(true, "192.0.2.1", 0), source))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("192.0.2.1");
  }

  private String get(String path) throws IOException {
    return send("GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1:" + port + "\r\n");
  }

  private String send(String head) throws IOException {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      var request = head + "Connection: close\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
