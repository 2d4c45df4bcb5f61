package io.watchgate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.watchgate.config.ConfigLoader;
import io.watchgate.config.GatewayConfig;
import io.watchgate.flow.Time;
import io.watchgate.jsonrpc.Json;
import io.watchgate.testkit.FixtureHttpServer;
import io.watchgate.testkit.RawHttp;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Files that change under a gateway that serves over HTTP.
@Timeout(120)
class ReloadingTest {
  private static final String JSON = "Content-Type: application/json";
  private static final String ACCEPT = "Accept: application/json, text/event-stream";

  private static final String TOKENS = "  http: {port: 0, bearer_tokens: [%s]}\n";

  @TempDir private Path directory = Path.of("");

  @Test
  void theFileIsFollowedHoweverItIsReplaced() throws Exception {
    try (var web = FixtureHttpServer.start();
        var running = start("", entry("one", web.uri()));
        var _ = reloading(running).start()) {
      write("", entry("one", web.uri()), entry("two", web.uri()));
      await().until(() -> status(running, "/mcp/two") == 400);

      var other = Files.writeString(directory.resolve("other"), yaml("", entry("one", web.uri())));
      Files.move(other, file(), StandardCopyOption.REPLACE_EXISTING);
      await().until(() -> status(running, "/mcp/two") == 404);
      assertThat(status(running, "/mcp/one")).isEqualTo(400);

      var target = Files.createDirectory(directory.resolve("mounted")).resolve("watchgate.yaml");
      Files.writeString(target, yaml("", entry("three", web.uri())));
      Files.delete(file());
      Files.createSymbolicLink(file(), target);
      await().until(() -> status(running, "/mcp/three") == 400);
    }
  }

  @Test
  void aFileWithMistakesChangesNothingAndIsReported() throws Exception {
    try (var web = FixtureHttpServer.start();
        var running = start("", entry("one", web.uri()))) {
      var reloading = reloading(running);
      var upstreams = running.gateway().upstreams();

      Files.writeString(file(), yaml("  separatr: x\n", "    - name: 1x\n"));
      reloading.reload();

      assertThat(running.gateway().upstreams()).isEqualTo(upstreams);
      var error = running.status().status().configuration().lastError().orElseThrow();
      assertThat(error.message()).contains("watchgate.yaml:", "separatr", "1x");
      Files.delete(file());
      reloading.reload();
      assertThat(error(running)).contains("there is no such file");

      write("", entry("one", web.uri()));
      reloading.reload();
      assertThat(running.status().status().configuration().lastError()).isEmpty();
      assertThat(running.gateway().upstreams()).isEqualTo(upstreams);
    }
  }

  private static String error(Running running) {
    return running.status().status().configuration().lastError().orElseThrow().message();
  }

  @Test
  void whatCannotChangeIsNamedAndTheRestIsFollowed() throws Exception {
    try (var web = FixtureHttpServer.start();
        var running = start("", entry("one", web.uri()))) {
      var url = running.url();
      var reloading = reloading(running);

      write(
          "  limits: {max_concurrent_requests: 7, max_depth: 64}\n",
          entry("one", web.uri()),
          entry("two", web.uri()));
      Files.writeString(file(), Files.readString(file()).replace("port: 0", "port: 1, path: /x"));
      reloading.reload();

      assertThat(running.status().status().configuration().needsRestart())
          .containsExactly("proxy.http.port", "proxy.http.path", "proxy.limits.max_depth");
      assertThat(running.url()).isEqualTo(url);
      assertThat(running.gateway().config().concurrency().max()).isEqualTo(7);
      assertThat(status(running, "/mcp/two")).isEqualTo(400);
    }
  }

  @Test
  void aTokenThatIsTakenAwayEndsItsSessionsAndNoOthers() throws Exception {
    try (var web = FixtureHttpServer.start();
        var running = start(TOKENS.formatted("one, two, three"), entry("one", web.uri()));
        var first = RawHttp.connect(port(running));
        var second = RawHttp.connect(port(running));
        var listening = RawHttp.connect(port(running))) {
      var session = initialize(second, "two");
      var lost = initialize(first, "one");
      listening.request("GET", "/mcp", "", "Accept: text/event-stream", token("one"), lost);
      assertThat(listening.readHead().status()).isEqualTo(200);

      var reloading = reloading(running);
      write(TOKENS.formatted("three, two"), entry("one", web.uri()));
      reloading.reload();

      assertThat(listening.readEvent().name()).isEqualTo("end");
      first.request("POST", "/mcp", ping(), JSON, ACCEPT, token("one"), lost);
      assertThat(first.read().status()).isEqualTo(401);
      second.request("POST", "/mcp", ping(), JSON, ACCEPT, token("two"), session);
      assertThat(second.read().status()).isEqualTo(200);
      second.request("POST", "/mcp", ping(), JSON, ACCEPT, token("three"), lost);
      assertThat(second.read().status()).isEqualTo(404);
    }
  }

  private static String token(String token) {
    return "Authorization: Bearer " + token;
  }

  @Test
  void goodAndBadFilesInTurnLoseNoCallAndLeaveNothingBehind() throws Exception {
    try (var web = FixtureHttpServer.start();
        var running = start("", ServerFile.server("child"), entry("one", web.uri()))) {
      var reloading = reloading(running);
      await().until(() -> !descendants().isEmpty());
      var before = descendants();
      var stop = new AtomicBoolean();
      var answered = new AtomicInteger();
      try (var load = Executors.newVirtualThreadPerTaskExecutor()) {
        var all = new ArrayList<Future<Integer>>();
        for (int i = 0; i < 4; i++) {
          var tool = i % 2 == 0 ? "child__echo" : "one__echo";
          Callable<Integer> caller = () -> call(running, tool, stop, answered);
          all.add(load.submit(caller));
        }
        for (int round = 0; round < 200; round++) {
          int sofar = answered.get();
          var limit = "\n      max_concurrent_requests: " + (1000 + round);
          write(
              round % 2 == 0 ? "" : "  mistake: 1\n",
              ServerFile.server("child"),
              entry("one", web.uri()).stripTrailing() + limit + "\n");
          reloading.reload();
          await().pollInterval(java.time.Duration.ofMillis(2)).until(() -> answered.get() > sofar);
        }
        stop.set(true);
        for (var caller : all) {
          assertThat(caller.get()).isPositive();
        }
      }
      await().until(() -> running.gateway().leaving().isEmpty());
      await().untilAsserted(() -> assertThat(descendants()).hasSameSizeAs(before));
      assertThat(running.gateway().inFlight()).isZero();
    }
  }

  private static java.util.List<Long> descendants() {
    return ProcessHandle.current().descendants().map(ProcessHandle::pid).toList();
  }

  /// Calls a tool until it is told to stop, in one session.
  private static int call(Running running, String tool, AtomicBoolean stop, AtomicInteger answered)
      throws IOException {
    int calls = 0;
    try (var http = RawHttp.connect(port(running))) {
      var session = initialize(http);
      while (!stop.get()) {
        var params = Json.object("name", tool, "arguments", Json.object("text", "t" + calls));
        http.request("POST", "/mcp", request("tools/call", params), JSON, ACCEPT, session);
        assertThat(http.read().body()).contains("\"text\":\"t" + calls + "\"");
        calls++;
        answered.incrementAndGet();
      }
      http.request("DELETE", "/mcp", "", session);
      assertThat(http.read().status()).isEqualTo(200);
    }
    return calls;
  }

  private static String initialize(RawHttp http, String... token) throws IOException {
    var params = Json.object("protocolVersion", "2025-11-25", "capabilities", Json.EMPTY_OBJECT);
    var bearer = token.length == 0 ? "X-None: none" : token(token[0]);
    http.request("POST", "/mcp", request("initialize", params), JSON, ACCEPT, bearer);
    return "Mcp-Session-Id: " + http.read().header("Mcp-Session-Id");
  }

  private static String ping() {
    return request("ping", Json.EMPTY_OBJECT);
  }

  private static String request(String method, Json params) {
    return Json.object("jsonrpc", "2.0", "id", 1, "method", method, "params", params).toString();
  }

  /// What a path says to a request without a session.
  private static int status(Running running, String path) throws IOException {
    try (var http = RawHttp.connect(port(running))) {
      return http.request("POST", path, ping(), JSON, ACCEPT).read().status();
    }
  }

  private static int port(Running running) {
    return URI.create(running.url()).getPort();
  }

  private Running start(String more, String... entries) throws IOException, InterruptedException {
    write(more, entries);
    return Running.start(new Gateway(load()));
  }

  private Reloading reloading(Running running) {
    return new Reloading(file(), this::load, load(), running::reload, running.status(), Time.REAL);
  }

  private GatewayConfig load() {
    return ConfigLoader.load(file(), Map.of());
  }

  private Path file() {
    return directory.resolve("watchgate.yaml");
  }

  private void write(String more, String... entries) throws IOException {
    Files.writeString(file(), yaml(more, entries));
  }

  private static String yaml(String more, String... entries) {
    return "proxy:\n  transport: http\n"
        + (more.contains("http:") ? "" : "  http: {port: 0}\n")
        + more
        + "  upstreams:\n"
        + String.join("", entries);
  }

  private static String entry(String name, URI url) {
    return "    - name: " + name + "\n      url: " + url + "\n      prefix: " + name + "__\n";
  }
}
