package io.watchgate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.watchgate.config.ConfigLoader;
import io.watchgate.config.GatewayConfig;
import io.watchgate.jsonrpc.Json;
import io.watchgate.jsonrpc.Limits;
import io.watchgate.jsonrpc.MalformedMessage;
import io.watchgate.jsonrpc.Request;
import io.watchgate.jsonrpc.RequestId;
import io.watchgate.mcp.Method;
import io.watchgate.testkit.FixtureHttpServer;
import io.watchgate.testkit.TestServers;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The admin listener in front of gateways that really run.
class AdministrationTest {
  @TempDir private Path directory = Path.of("");

  @Test
  void theStatusFollowsRealCalls() throws Exception {
    try (var server = FixtureHttpServer.start();
        var running =
            Running.start(new Gateway(config(http(server.uri()) + stdio("child", "--garbage"))))) {
      var client = reach(running);
      for (int i = 0; i < 20; i++) {
        call(client, "web__echo", Json.object("text", "hello"));
        call(client, "child__echo", Json.object("text", "hello"));
      }
      call(client, "web__error", Json.EMPTY_OBJECT);

      var status = status(running);

      assertThat(number(status, "concurrent_requests")).isZero();
      assertThat(number(status, "max_concurrent_observed")).isEqualTo(1);
      var web = upstream(status, "web");
      assertThat(web.textMember("transport")).contains("http");
      assertThat(web.textMember("state")).contains("ready");
      assertThat(web.textMember("era")).contains("2025-11-25");
      assertThat(number(web, "sessions")).isEqualTo(1);
      assertThat(number(web, "in_flight")).isZero();
      assertThat(number(web, "calls")).isGreaterThanOrEqualTo(21);
      assertThat(number(web, "errors")).isEqualTo(1);
      assertThat(web.member("latency_ms").orElseThrow().member("p50").orElseThrow().isNumber())
          .isTrue();
      assertThat(web.member("last_error").orElseThrow().isNull()).isTrue();
      assertThat(upstream(status, "child").textMember("transport")).contains("stdio");
      assertThat(get(running, "/metrics").body())
          .contains("watchgate_upstream_up{upstream=\"child\"} 1\n")
          .doesNotContain("watchgate_upstream_garbage_total{upstream=\"child\"} 0\n");
    }
  }

  @Test
  void aServerThatCannotStartIsShownWithTheTimeAndCauseOfItsError() throws Exception {
    var before = Instant.now().truncatedTo(ChronoUnit.MILLIS);
    try (var running = Running.start(new Gateway(config(stdio("broken", "--exit", "7"))))) {
      var client = reach(running);
      client.request(Method.TOOLS_CALL, Json.object("name", "broken__x"));

      var broken = upstream(status(running), "broken");

      var error = broken.member("last_error").orElseThrow();
      assertThat(error.textMember("message").orElseThrow()).contains("status 7");
      assertThat(Instant.parse(error.textMember("time").orElseThrow()))
          .isBetween(before, Instant.now());
      assertThat(broken.textMember("state").orElseThrow()).isIn("failed", "connecting");
      assertThat(broken.member("era").orElseThrow().isNull()).isTrue();
    }
  }

  @Test
  void aServerThatDiedAndCameBackWasRestartedOnce() throws Exception {
    try (var running = Running.start(new Gateway(config(stdio("child"))))) {
      var client = reach(running);
      call(client, "child__die", Json.object("status", 3));
      call(client, "child__echo", Json.object("text", "again"));

      var child = upstream(status(running), "child");

      assertThat(number(child, "restarts")).isEqualTo(1);
      assertThat(number(child, "errors")).isEqualTo(1);
      assertThat(child.textMember("state")).contains("ready");
      assertThat(child.member("last_error").orElseThrow().toString()).contains("status 3");
    }
  }

  @Test
  void secretsOfTheConfigurationAreNowhere() throws Exception {
    var secret = "s3cr3t-" + "value";
    try (var server = FixtureHttpServer.start();
        var running =
            Running.start(
                new Gateway(
                    config(
                        http(server.uri())
                            + "      headers: {Authorization: \""
                            + secret
                            + "\"}\n")))) {
      reach(running);

      assertThat(get(running, "/api/status").body() + get(running, "/metrics").body())
          .doesNotContain(secret);
    }
  }

  @Test
  void aGatewayThatDrainsIsNotReadyButAlive() throws Exception {
    try (var server = FixtureHttpServer.start();
        var running = Running.start(new Gateway(config(http(server.uri()))))) {
      reach(running);
      assertThat(get(running, "/readyz").status()).isEqualTo(200);
      var session = initialize(running.url());
      assertThat(number(status(running), "sessions")).isEqualTo(1);
      Callable<Http.Answer> hang =
          () -> post(running.url(), session, "tools/call", Json.object("name", "hang"));
      var hanging = new FutureTask<>(hang);
      Thread.ofVirtual().start(hanging);
      await().until(() -> number(status(running), "concurrent_requests") == 1);

      var stopped = CompletableFuture.runAsync(() -> stop(running, Duration.ofSeconds(2)));

      await().until(() -> get(running, "/readyz").status() == 503);
      assertThat(get(running, "/healthz").status()).isEqualTo(200);
      var web = upstream(status(running), "web");
      assertThat(number(web, "in_flight")).isEqualTo(1);
      assertThat(number(web, "restarts")).as("a second client is no restart").isZero();
      stopped.get(20, TimeUnit.SECONDS);
      assertThat(hanging.get(20, TimeUnit.SECONDS).body()).contains("shutting_down");
      assertThatThrownBy(() -> get(running, "/healthz")).isInstanceOf(IOException.class);
    }
  }

  @Test
  void aGatewayIsNotReadyBeforeItListens() throws Exception {
    try (var gateway = new Gateway(config(stdio("child")));
        var administration = Administration.start(gateway)) {
      var url = administration.server().orElseThrow().url();

      assertThat(Http.get(url + "/readyz").status()).isEqualTo(503);
      assertThat(Http.get(url + "/api/status").body()).contains("\"sessions\":0,");

      administration.status().serving(() -> 5);
      assertThat(Http.get(url + "/readyz").status()).isEqualTo(200);
      assertThat(Http.get(url + "/api/status").body()).contains("\"sessions\":5,");
    }
  }

  @Test
  void anAdminPortInUseStopsTheStart() throws Exception {
    try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      var config =
          config(stdio("child"), "admin: {enabled: true, port: " + taken.getLocalPort() + "}\n");

      assertThatThrownBy(() -> Running.start(new Gateway(config)))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("admin.port");
    }
  }

  @Test
  void withoutAdminNothingListens() throws Exception {
    try (var running = Running.start(new Gateway(config(stdio("child"), "")))) {
      assertThat(running.adminUrl()).isEmpty();
    }
  }

  @Test
  void aGatewayOverStdioHasTheListenerToo() throws Exception {
    var file = write("  transport: stdio\n", stdio("child"), "admin: {enabled: true, port: 0}\n");
    var process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "run",
                "-c",
                file.toString())
            .start();
    try (var errors = process.errorReader(StandardCharsets.UTF_8)) {
      var url = adminUrl(errors);
      await().until(() -> Http.get(url + "/readyz").status() == 200);
      assertThat(Http.get(url + "/api/status").body()).contains("\"sessions\":1,", "\"child\"");

      process.getOutputStream().close();

      assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).isZero();
    } finally {
      process.destroyForcibly();
    }
  }

  private static String adminUrl(BufferedReader errors) throws IOException {
    for (var line = errors.readLine(); line != null; line = errors.readLine()) {
      if (line.contains("metrics and status at ")) {
        return line.substring(line.indexOf("http://"));
      }
    }
    throw new AssertionError("the gateway ended");
  }

  private static LocalClient reach(Running running) throws InterruptedException {
    var client = new LocalClient(running.gateway().handler(), _ -> {});
    running.gateway().prepare(client);
    for (var upstream : running.gateway().upstreams()) {
      upstream.awaitFirstContact(Duration.ofSeconds(30));
    }
    return client;
  }

  private static void call(LocalClient client, String tool, Json arguments)
      throws InterruptedException {
    client.request(Method.TOOLS_CALL, Json.object("name", tool, "arguments", arguments));
  }

  private static void stop(Running running, Duration time) {
    try {
      running.stop(time);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private static String initialize(String url) throws IOException {
    return post(
            url,
            "",
            "initialize",
            Json.object("protocolVersion", "2025-11-25", "capabilities", Json.EMPTY_OBJECT))
        .session()
        .orElseThrow();
  }

  private static Http.Answer post(String url, String session, String method, Json params)
      throws IOException {
    var headers = new HashMap<String, String>();
    headers.put("Content-Type", "application/json");
    headers.put("Accept", "application/json, text/event-stream");
    if (!session.isEmpty()) {
      headers.put("Mcp-Session-Id", session);
    }
    var call = Request.of(RequestId.of(1), method, params);
    return Http.post(url, headers, new String(call.toBytes(), StandardCharsets.UTF_8));
  }

  private static Http.Answer get(Running running, String path) throws IOException {
    return Http.get(running.adminUrl().orElseThrow() + path);
  }

  private static Json status(Running running) throws IOException, MalformedMessage {
    var body = get(running, "/api/status").body();
    return Json.parse(body.getBytes(StandardCharsets.UTF_8), Limits.DEFAULT);
  }

  private static Json upstream(Json status, String name) {
    return status.member("upstreams").orElseThrow().elements().stream()
        .filter(upstream -> upstream.textMember("name").orElse("").equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static int number(Json object, String key) {
    return Integer.parseInt(object.member(key).orElseThrow().toString());
  }

  private GatewayConfig config(String upstreams) throws IOException {
    return config(upstreams, "admin: {enabled: true, port: 0}\n");
  }

  private GatewayConfig config(String upstreams, String admin) throws IOException {
    var file = write("  transport: http\n  http: {port: 0}\n", upstreams, admin);
    return ConfigLoader.load(file, Map.of());
  }

  private Path write(String transport, String upstreams, String admin) throws IOException {
    return Files.writeString(
        directory.resolve("watchgate.yaml"),
        "proxy:\n" + transport + "  upstreams:\n" + upstreams + admin);
  }

  private static String http(URI uri) {
    return "    - name: web\n      url: " + uri + "\n";
  }

  private static String stdio(String name, String... flags) {
    var command = List.copyOf(TestServers.command(flags)).stream().map(Json::string).toList();
    return "    - name: " + name + "\n      command: " + Json.array(command) + "\n";
  }
}
