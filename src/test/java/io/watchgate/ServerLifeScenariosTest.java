package io.watchgate;

import static io.watchgate.GatewayContext.command;
import static io.watchgate.GatewayContext.remote;
import static io.watchgate.GatewayContext.server;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.watchgate.flow.ServerStatus.State;
import io.watchgate.jsonrpc.Json;
import io.watchgate.testkit.FixtureHttpServer;
import io.watchgate.testkit.TestClient;
import io.watchgate.testkit.TestServers;
import io.watchgate.upstream.UpstreamSettings.CircuitBreaker;
import io.watchgate.upstream.UpstreamSettings.Retry;
import java.io.IOException;
import java.net.BindException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Servers from their handshake to their end and back again, behind the whole gateway.
class ServerLifeScenariosTest {
  private static final int RESTARTS = 2;
  private static final Duration BACKOFF = Duration.ofMillis(60);
  private static final Retry ONCE = new Retry(1, BACKOFF, BACKOFF, 0, 0);

  @TempDir Path directory;

  @Test
  void aServerThatIsMuteAtItsHandshakeIsGivenUpAfterTheConnectionTimeOut() {
    var mute = server("a", "--mute").connectionTimeout(Duration.ofMillis(400));
    try (var context = GatewayContext.with(mute, server("b")).start()) {
      var client = context.client();
      var refused = client.call("a__echo", Json.object("text", "x"));
      assertThat(refused.errorCode()).isEqualTo(-32003);
      assertThat(refused.errorMessage()).contains("\"a\"", "handshake", "400 ms");
      assertThat(client.text("b__echo", Json.object("text", "fine"))).isEqualTo("fine");
    }
  }

  /// A client may ask only for what it was offered in the handshake, also later.
  @Test
  void aServerThatIsLongToStartIsTakenToHaveAllThatThereIs() throws IOException {
    var gate = directory.resolve("gate");
    var slow =
        new ArrayList<>(
            List.of(
                "sh",
                "-c",
                "until [ -e \"$0\" ]; do sleep 0.05; done; exec \"$@\"",
                gate.toString()));
    slow.addAll(TestServers.command());
    try (var context = GatewayContext.with(command("a", slow)).start()) {
      var client = context.connect();
      var offered = client.initialize("{}").member("capabilities").orElseThrow();
      assertThat(offered.members())
          .extracting(Json.Member::key)
          .containsExactly("tools", "prompts", "resources", "logging", "completions");
      var level = client.request("logging/setLevel", Json.object("level", "error"));
      assertThat(level.result()).contains(Json.EMPTY_OBJECT);

      Files.createFile(gate);
      assertThat(client.text("a__echo", Json.object("text", "x"))).isEqualTo("x");
      var prompts = client.request("prompts/list", Json.EMPTY_OBJECT).result().orElseThrow();
      assertThat(prompts.member("prompts").orElseThrow().elements()).isNotEmpty();
    }
  }

  @Test
  void aServerThatCrashesAtItsStartIsTriedAFewTimesAndThenOnlyForCalls() {
    var crashing = script("echo cannot open the database >&2; exit 7");
    try (var context = GatewayContext.with(crashing).start()) {
      long began = System.nanoTime();
      var client = context.client();
      await().until(() -> starts() == 1 + RESTARTS);
      assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThan(BACKOFF.plus(BACKOFF));
      assertThatNothingStarts(1 + RESTARTS);
      var refused = client.call("a__echo", Json.object("text", "x"));
      assertThat(refused.errorMessage()).contains("\"a\"", "status 7: cannot open the database");
      assertThatNothingStarts(2 + RESTARTS);
    }
  }

  @Test
  void aServerThatCrashesAfterEveryHandshakeDoesNotCrashForever() {
    try (var context = GatewayContext.with(script(Scripts.SHAKE_HANDS + "exit 3")).start()) {
      var _ = context.client();
      await().until(() -> starts() == 1 + RESTARTS);
      assertThatNothingStarts(1 + RESTARTS);
      assertThat(context.upstream("a").lastFailure().orElseThrow().cause())
          .contains("exited with status 3");
    }
  }

  @Test
  void aCrashLoopEndsAndIsTriedAgainByCallsNowAndThenOnly() throws IOException {
    var crashing =
        counting("echo reading the index >&2; echo cannot open the database >&2; exit 7")
            .restart(1_000, Duration.ofMillis(10), Duration.ofSeconds(3))
            .circuitBreaker(new CircuitBreaker(1_000_000, BACKOFF, 1));
    try (var context = GatewayContext.with(crashing).start()) {
      var client = context.client();
      await().until(() -> starts() == 5);
      await()
          .untilAsserted(() ->
              assertThat(context.upstream("a").lastFailure().orElseThrow().cause())
                  .matches(
                      "crash loop, 5 times in [0-9.]+ s: (handshake failed: )?exited with status 7:"
                          + " reading the index \\| cannot open the database"));
      assertThat(context.upstream("a").status().state()).isEqualTo(State.FAILED);
      var refused = client.call("a__echo", Json.object("text", "x"));
      assertThat(refused.errorMessage())
          .contains("\"a\"", "5 times", "status 7", "may try again in");
      assertThat(starts()).isEqualTo(5);
      await()
          .untilAsserted(() ->
              assertThat(client.call("a__echo", Json.object("text", "x")).errorMessage())
                  .contains("6 times"));
      assertThat(starts()).isEqualTo(6);
    }
  }

  @Test
  void whatAServerOfferedStaysListedAndMarkedWhileItCrashes() throws IOException {
    var words =
        new ArrayList<>(List.of("sh", "-c", "test -e " + log() + " && exit 9; exec \"$@\"", "sh"));
    words.addAll(TestServers.command("--name", "a"));
    try (var context =
        GatewayContext.with(command("a", words).restart(1, BACKOFF), server("b")).start()) {
      var client = context.client();
      await().until(() -> !tools(client).contains("io.watchgate/unavailable"));
      assertThat(tools(client)).contains("\"a__echo\"", "\"b__echo\"");
      Files.createFile(log());
      var _ = client.call("a__die", Json.EMPTY_OBJECT);
      await().until(() -> context.upstream("a").status().state() == State.FAILED);

      assertThat(tools(client))
          .contains("\"a__echo\"", "\"b__echo\"")
          .containsPattern("\"io.watchgate/unavailable\":\\{\"a\":\"[^\"]*exited with status 9");
      assertThat(client.text("b__echo", Json.object("text", "fine"))).isEqualTo("fine");
      assertThat(client.call("a__echo", Json.object("text", "x")).errorMessage())
          .contains("\"a\"", "status 9");
    }
  }

  private static String tools(TestClient client) {
    return client.request("tools/list", Json.EMPTY_OBJECT).toJson().toString();
  }

  /// What fifty servers cost that only start and end: they are left alone, and until then no more
  /// are started in a second than may be.
  @Test
  void fiftyCrashLoopsLeaveTheProcessorAlone() throws IOException {
    var crashing =
        IntStream.range(0, 50)
            .mapToObj(i ->
                command("s" + i, List.of("sh", "-c", "echo started >> " + log() + "; exit 1"))
                    .restart(100_000, Duration.ofMillis(1), Duration.ofMillis(5)))
            .toArray(GatewayContext.ServerSpec[]::new);
    try (var context = GatewayContext.with(crashing).start()) {
      context.gateway().connect();
      await().until(() -> starts() > 25);
      // Not in the first seconds, in which this process still compiles what the tests before used.
      await()
          .pollInterval(Duration.ZERO)
          .atMost(Duration.ofSeconds(30))
          .until(() -> shareOfAProcessor() < 0.2);
    }
  }

  /// What this process takes of one processor in some seconds of crash loops.
  private double shareOfAProcessor() throws IOException {
    long began = System.nanoTime();
    long before = starts();
    long used = cpuNanos();
    await().during(Duration.ofSeconds(4)).until(() -> true);
    double nanos = System.nanoTime() - began;
    assertThat(starts() - before).isLessThanOrEqualTo((long) (10 * (nanos / 1e9 + 1)));
    return (cpuNanos() - used) / nanos;
  }

  @Test
  void aProgramThatDoesNotExistIsNamed() {
    try (var context = GatewayContext.with(command("a", List.of("no-such-program"))).start()) {
      var refused = context.client().call("a__echo", Json.object("text", "x"));
      assertThat(refused.errorCode()).isEqualTo(-32003);
      assertThat(refused.errorMessage())
          .contains("\"a\"", "\"no-such-program\"", "no such program");
    }
  }

  @Test
  void theLogLevelSurvivesARestart() {
    try (var context = GatewayContext.with(server("a")).start()) {
      var client = context.client();
      var pid = Long.parseLong(client.structured("a__count", "pid"));
      var level = client.request("logging/setLevel", Json.object("level", "error"));
      assertThat(level.result()).isPresent();
      ProcessHandle.of(pid).orElseThrow().destroyForcibly();
      await().until(() -> context.upstream("a").restarts() == 1);
      var info = Json.object("level", "info", "text", "x");
      assertThat(client.text("a__log", info)).isEqualTo("below the level");
      assertThat(client.text("a__log", Json.object("level", "error", "text", "x")))
          .isEqualTo("logged");
      var _ = client.awaitNotification("notifications/message");
    }
  }

  @Test
  void everyClientHasAProcessOfItsOwnUnlessTheServerIsShared() {
    try (var context = GatewayContext.with(server("own"), server("one").shared()).start()) {
      var clients = List.of(context.client(), context.client("{\"roots\":{}}"));
      var own = clients.stream().map(client -> client.structured("own__count", "pid")).toList();
      var shared = clients.stream().map(client -> client.structured("one__count", "pid")).toList();
      assertThat(own).doesNotHaveDuplicates();
      assertThat(shared.getFirst()).isEqualTo(shared.getLast());
      assertThat(clients.getFirst().structured("one__count", "calls")).isEqualTo("3");
    }
  }

  @Test
  void aProcessEndsWithItsClientAndWhatItWasDoing() {
    try (var context = GatewayContext.with(server("a")).start()) {
      var client = context.client("{\"roots\":{}}");
      var pid = Long.parseLong(client.structured("a__count", "pid"));
      var _ = client.start("a__hang", Json.EMPTY_OBJECT);
      await().until(() -> context.upstream("a").inFlight() == 1);
      client.close();
      await().until(() -> ProcessHandle.of(pid).isEmpty());
      assertThat(context.inFlight()).isZero();
    }
  }

  @Test
  void aRemoteServerThatComesBackIsHeardAgain() throws IOException {
    try (var first = FixtureHttpServer.start("--name", "a");
        var context = GatewayContext.with(remote("a", first.uri()).restart(3, BACKOFF)).start()) {
      var client = context.client();
      assertThat(client.request("tools/list", Json.EMPTY_OBJECT).result()).isPresent();
      assertThat(client.call("a__die", Json.EMPTY_OBJECT).errorCode()).isEqualTo(-32003);
      int port = first.uri().getPort();
      try (var _ =
          await() // the server that dies may still hold its port
              .ignoreExceptionsInstanceOf(BindException.class)
              .until(() -> FixtureHttpServer.startOn(port, "--tools", "1"), Objects::nonNull)) {
        var _ = client.awaitNotification("notifications/tools/list_changed");
        assertThat(client.text("a__extra_1", Json.EMPTY_OBJECT)).isEqualTo("extra_1");
        client.notifications().clear();
        assertThat(client.text("a__add_tool", Json.object("name", "more"))).isEqualTo("added");
        var _ = client.awaitNotification("notifications/tools/list_changed");
        var list = client.request("tools/list", Json.EMPTY_OBJECT);
        assertThat(list.toJson().toString()).contains("\"a__more\"");
      }
    }
  }

  /// A shell script as a server, which counts how often it was started.
  private GatewayContext.ServerSpec script(String body) {
    return counting(body).restart(RESTARTS, BACKOFF).retry(ONCE);
  }

  private GatewayContext.ServerSpec counting(String body) {
    return command("a", List.of("sh", "-c", "echo started >> " + log() + "\n" + body));
  }

  private static long cpuNanos() {
    return ProcessHandle.current().info().totalCpuDuration().orElseThrow().toNanos();
  }

  private Path log() {
    return directory.resolve("starts");
  }

  private long starts() throws IOException {
    if (!Files.exists(log())) {
      return 0;
    }
    try (Stream<String> lines = Files.lines(log())) {
      return lines.count();
    }
  }

  private void assertThatNothingStarts(long before) {
    await().during(BACKOFF.multipliedBy(10)).until(() -> starts() == before);
  }
}
