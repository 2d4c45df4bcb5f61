package io.watchgate;

import static io.watchgate.GatewayContext.command;
import static io.watchgate.GatewayContext.remote;
import static io.watchgate.GatewayContext.server;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.watchgate.flow.CircuitState;
import io.watchgate.jsonrpc.Json;
import io.watchgate.jsonrpc.Notification;
import io.watchgate.jsonrpc.RequestId;
import io.watchgate.jsonrpc.Response;
import io.watchgate.testkit.FixtureHttpServer;
import io.watchgate.testkit.FixtureHttpServer.Request;
import io.watchgate.testkit.TestClient;
import io.watchgate.testkit.TestServers;
import io.watchgate.upstream.UpstreamSettings.CircuitBreaker;
import io.watchgate.upstream.UpstreamSettings.Retry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Calls that are made again, and servers that are left alone for a while, behind the whole
/// gateway.
class ResilienceScenariosTest {
  private static final Duration LONG = Duration.ofMinutes(10);
  private static final Duration SHORT = Duration.ofMillis(300);
  private static final Duration PAUSE = Duration.ofMillis(5);
  private static final Retry NEVER = new Retry(1, PAUSE, PAUSE, 0, 0);
  private static final Retry SOON = new Retry(3, PAUSE, PAUSE, 0.5, 0.2);
  private static final Json X = Json.object("text", "x");

  @TempDir Path directory;

  @Test
  void aToolThatMayHaveRunIsNeverCalledAgain() throws IOException {
    try (var a = FixtureHttpServer.start("--name", "a");
        var context = GatewayContext.with(remote("a", a.uri()).retry(SOON)).start()) {
      var client = warm(context, a);
      a.refuse(503, ResilienceScenariosTest::isCall);
      var refused = client.call("a__count", Json.EMPTY_OBJECT);
      assertThat(reason(refused)).isEqualTo("upstream_unavailable");
      assertThat(calls(a)).isEqualTo(1);
      assertThat(context.branch("a").retries().taken()).isZero();
    }
  }

  @Test
  void aToolThatIsMarkedIdempotentIsCalledAgain() throws IOException {
    try (var a = FixtureHttpServer.start("--name", "a");
        var context = GatewayContext.with(remote("a", a.uri()).retry(SOON)).start()) {
      var client = warm(context, a);
      var left = new AtomicInteger(2);
      a.refuse(503, request -> isCall(request) && left.getAndDecrement() > 0);
      assertThat(client.text("a__echo", X)).isEqualTo("x");
      assertThat(calls(a)).isEqualTo(3);
      assertThat(context.branch("a").retries().taken()).isEqualTo(2);
    }
  }

  @Test
  void aCallThatWasNeverSentIsMadeAgainWhateverItIs() {
    var counter = directory.resolve("starts");
    var script = "echo x >> " + counter + "\n[ $(wc -l < " + counter + ") -ge 3 ] || exit 7\n";
    try (var context = GatewayContext.with(script(script).restart(0, LONG).retry(SOON)).start()) {
      var client = context.client();
      await().until(() -> context.upstream("a").lastFailure().isPresent());
      assertThat(client.structured("a__count", "calls")).isEqualTo("1");
    }
  }

  @Test
  void aServerThatFailsHalfOfTheTimeGetsAtMostAFifthMoreCalls() throws IOException {
    int calls = 600;
    var never = new CircuitBreaker(1_000_000, LONG, 1);
    try (var a = FixtureHttpServer.start("--name", "a", "--json");
        var context =
            GatewayContext.with(remote("a", a.uri()).retry(SOON).circuitBreaker(never)).start()) {
      var client = warm(context, a);
      var number = new AtomicInteger();
      a.refuse(500, request -> isCall(request) && number.getAndIncrement() % 2 == 0);
      for (int i = 0; i < calls / 6; i++) {
        var together = Stream.generate(() -> client.start("a__echo", X)).limit(6).toList();
        together.forEach(TestClient::await);
      }
      double amplification = (double) calls(a) / calls;
      assertThat(amplification).isGreaterThan(1.1).isLessThanOrEqualTo(1.2 + 3.0 / calls);
      assertThat(context.branch("a").retries().taken()).isEqualTo(calls(a) - calls);
    }
  }

  @Test
  void aServerThatKeepsFailingIsLeftAloneAndCallsAreRefusedAtOnce() throws IOException {
    var breaker = new CircuitBreaker(5, LONG, 1);
    try (var a = FixtureHttpServer.start("--name", "a");
        var context =
            GatewayContext.with(remote("a", a.uri()).retry(NEVER).circuitBreaker(breaker))
                .start()) {
      var client = warm(context, a);
      a.refuse(503, ResilienceScenariosTest::isCall);
      for (int i = 0; i < 5; i++) {
        assertThat(reason(client.call("a__echo", X))).isEqualTo("upstream_unavailable");
      }
      assertThat(context.branch("a").breaker().state()).isEqualTo(CircuitState.OPEN);
      var refused = client.call("a__echo", X);
      assertThat(refused.errorCode()).isEqualTo(-32003);
      assertThat(refused.errorMessage()).contains("\"a\"", "circuit is open", "HTTP status 503");
      assertThat(reason(refused)).isEqualTo("circuit_open");
      assertThat(data(refused, "server")).isEqualTo("\"a\"");
      assertThat(Long.parseLong(data(refused, "retryAfterMs"))).isBetween(1L, LONG.toMillis());
      var fastest =
          IntStream.range(0, 50).mapToObj(_ -> refusalTime(client)).min(Duration::compareTo);
      assertThat(fastest.orElseThrow()).isLessThan(PAUSE);
      assertThat(calls(a)).isEqualTo(5);
    }
  }

  private static Duration refusalTime(TestClient client) {
    long began = System.nanoTime();
    assertThat(reason(client.call("a__echo", X))).isEqualTo("circuit_open");
    return Duration.ofNanos(System.nanoTime() - began);
  }

  @Test
  void oneCallTriesAServerThatWasLeftAlone() throws IOException {
    var breaker = new CircuitBreaker(2, SHORT, 1);
    try (var a = FixtureHttpServer.start("--name", "a");
        var context =
            GatewayContext.with(remote("a", a.uri()).retry(NEVER).circuitBreaker(breaker))
                .start()) {
      var client = warm(context, a);
      a.refuse(503, ResilienceScenariosTest::isCall);
      assertThat(reason(client.call("a__echo", X))).isEqualTo("upstream_unavailable");
      assertThat(reason(client.call("a__echo", X))).isEqualTo("upstream_unavailable");
      a.refuse(503, _ -> false);
      await().pollDelay(SHORT.plusMillis(1)).until(() -> true);
      var id = new RequestId("\"trial\"");
      var hang = Json.object("name", "a__hang", "arguments", Json.EMPTY_OBJECT);
      var trial = client.send(io.watchgate.jsonrpc.Request.of(id, "tools/call", hang));
      await().until(() -> calls(a) == 3);
      for (int i = 0; i < 10; i++) {
        assertThat(reason(client.call("a__echo", X))).isEqualTo("circuit_open");
      }
      assertThat(context.branch("a").breaker().state()).isEqualTo(CircuitState.HALF_OPEN);
      assertThat(calls(a)).isEqualTo(3);
      client.send(Notification.of("notifications/cancelled", Json.object("requestId", "trial")));
      await().until(() -> client.call("a__echo", X).result().isPresent());
      assertThat(context.branch("a").breaker().state()).isEqualTo(CircuitState.CLOSED);
      assertThat(trial).isNotDone();
    }
  }

  @Test
  void callsOfAChildThatIsKilledDoNotShutItOut() {
    try (var context = GatewayContext.with(server("a").retry(NEVER)).start()) {
      var client = context.client();
      var pid = Long.parseLong(client.structured("a__count", "pid"));
      var lost =
          Stream.generate(() -> client.start("a__hang", Json.EMPTY_OBJECT)).limit(10).toList();
      client.awaitCalls("a__count", 11);
      ProcessHandle.of(pid).orElseThrow().destroyForcibly();
      assertThat(lost)
          .allSatisfy(
              call -> assertThat(reason(TestClient.await(call))).isEqualTo("upstream_unavailable"));
      assertThat(context.branch("a").breaker().state()).isEqualTo(CircuitState.CLOSED);
      assertThat(client.text("a__echo", X)).isEqualTo("x");
    }
  }

  @Test
  void aServerThatComesBackIsCalledBeforeTheRecoveryTimeIsOver() throws IOException {
    var there = directory.resolve("there");
    var breaker = new CircuitBreaker(2, LONG, 1);
    var a =
        script("[ -f " + there + " ] || { echo no database >&2; exit 7; }\n")
            .restart(1_000, Duration.ofMillis(50))
            .retry(NEVER)
            .circuitBreaker(breaker);
    try (var context = GatewayContext.with(a).start()) {
      var client = context.client();
      await()
          .untilAsserted(
              () -> assertThat(reason(client.call("a__echo", X))).isEqualTo("circuit_open"));
      assertThat(client.call("a__echo", X).errorMessage()).contains("no database");
      var list = client.request("tools/list", Json.EMPTY_OBJECT).toJson().toString();
      assertThat(list).contains("\"io.watchgate/unavailable\":{\"a\":\"", "no database");
      var _ = Files.createFile(there);
      var _ = client.awaitNotification("notifications/tools/list_changed");
      assertThat(client.text("a__echo", X)).isEqualTo("x");
      assertThat(context.branch("a").breaker().state()).isEqualTo(CircuitState.CLOSED);
      assertThat(client.request("tools/list", Json.EMPTY_OBJECT).toJson().toString())
          .contains("a__echo")
          .doesNotContain("unavailable");
    }
  }

  /// A shell script that becomes a fixture server when it does not exit.
  private static GatewayContext.ServerSpec script(String first) {
    var words = new ArrayList<>(List.of("sh", "-c", first + "exec \"$@\"", "sh"));
    words.addAll(TestServers.command("--name", "a"));
    return command("a", words);
  }

  /// A client after everything that happens at the start.
  private static TestClient warm(GatewayContext context, FixtureHttpServer server) {
    var client = context.client();
    await()
        .untilAsserted(() ->
            assertThat(client.request("tools/list", Json.EMPTY_OBJECT).toJson().toString())
                .contains("a__echo"));
    await().until(() -> server.requests().stream().anyMatch(each -> each.method().equals("GET")));
    return client;
  }

  private static boolean isCall(Request request) {
    return request.body().contains("\"tools/call\"");
  }

  private static long calls(FixtureHttpServer server) {
    return server.requests().stream().filter(ResilienceScenariosTest::isCall).count();
  }

  private static String reason(Response response) {
    return data(response, "reason").replace("\"", "");
  }

  private static String data(Response response, String member) {
    return response
        .error()
        .flatMap(error -> error.member("data"))
        .flatMap(data -> data.member(member))
        .orElseThrow(() -> new AssertionError("no " + member + " in " + response.toJson()))
        .toString();
  }
}
