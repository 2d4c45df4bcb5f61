package io.watchgate;

import static io.watchgate.GatewayContext.command;
import static io.watchgate.GatewayContext.remote;
import static io.watchgate.GatewayContext.server;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.watchgate.jsonrpc.Field;
import io.watchgate.jsonrpc.Json;
import io.watchgate.jsonrpc.Notification;
import io.watchgate.jsonrpc.Request;
import io.watchgate.jsonrpc.RequestId;
import io.watchgate.jsonrpc.Response;
import io.watchgate.testkit.FixtureHttpServer;
import io.watchgate.testkit.TestClient;
import io.watchgate.testkit.TestServers;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Servers that die, hang, babble and come back, behind the whole gateway.
class FaultScenariosTest {

  @Test
  void aServerKilledMidCallFailsThatCallAtOnceAndIsThereForTheNext() {
    try (var context = GatewayContext.with(server("a"), server("b")).start()) {
      var client = context.client();
      warm(client, "a", "b");
      var elsewhere = client.start("b__sleep", Json.object("ms", 1500, "text", "calm"));
      var first = client.text("a__count", Json.EMPTY_OBJECT);
      long pid = pid(client, "a");
      var _ = client.call("a__stderr", Json.object("text", "about to die"));
      var doomed = client.start("a__hang", Json.EMPTY_OBJECT);
      await().until(() -> context.upstream("a").inFlight() == 1);

      long killed = System.nanoTime();
      ProcessHandle.of(pid).orElseThrow().destroyForcibly();
      var failure = TestClient.await(doomed);
      long after = System.nanoTime() - killed;

      assertThat(failure.errorCode()).isEqualTo(-32003);
      assertThat(failure.errorMessage()).contains("\"a\"", "KILL", "about to die");
      assertThat(failure.toJson().toString()).contains("\"server\":\"a\"", "upstream_unavailable");
      assertThat(Duration.ofNanos(after)).isLessThan(Duration.ofMillis(100));
      assertThat(client.text("a__echo", Json.object("text", "again"))).contains("again");
      assertThat(client.text("a__count", Json.EMPTY_OBJECT)).isNotEqualTo(first);
      assertThat(TestClient.text(TestClient.await(elsewhere))).contains("calm");
    }
  }

  @ParameterizedTest(name = "a server that answers with {0} harms nobody")
  @ValueSource(strings = {"garbage", "unknown_id", "twice", "slow_line"})
  void aRudeServerHarmsNobody(String tool) {
    try (var context = GatewayContext.with(server("a", "--garbage")).start()) {
      var client = context.client();
      var others = new ArrayList<CompletableFuture<Response>>();
      for (int i = 0; i < 20; i++) {
        others.add(client.start("a__sleep", Json.object("ms", 50, "text", "o" + i)));
      }
      assertThat(client.call("a__" + tool, Json.object("bytes", 10_000)).result()).isPresent();
      for (int i = 0; i < 20; i++) {
        assertThat(TestClient.text(TestClient.await(others.get(i)))).contains("o" + i);
      }
      assertThat(client.strays()).isZero();
      assertThat(context.upstream("a").garbage()).isPositive();
      assertThat(context.inFlight()).isZero();
    }
  }

  @Test
  void largeAndDeepResultsComeThrough() {
    try (var context = GatewayContext.with(server("a")).start()) {
      var client = context.client();
      var big = client.text("a__big", Json.object("bytes", 10_000_000));
      assertThat(big).hasSize(10_000_000);
      var keys = client.call("a__keys", Json.object("n", 10_000)).result().orElseThrow();
      assertThat(keys.member("structuredContent").orElseThrow().members()).hasSize(10_000);
      var deep = client.call("a__deep", Json.object("depth", 100)).result().orElseThrow();
      assertThat(deep.toString()).contains("{\"d\":".repeat(100));
    }
  }

  @Test
  void anAnswerBeyondTheLimitsHarmsOnlyItsOwnCall() {
    var limits = new io.watchgate.jsonrpc.Limits(1 << 20, 64, 100_000);
    var a = server("a").requestTimeout(Duration.ofMillis(800));
    try (var context = GatewayContext.with(a).limits(limits).start()) {
      var client = context.client();
      warm(client, "a");
      var tooBig = client.start("a__big", Json.object("bytes", 3_000_000));
      var tooDeep = client.start("a__deep", Json.object("depth", 100));
      assertThat(client.text("a__echo", Json.object("text", "fine"))).contains("fine");
      assertThat(TestClient.await(tooBig).error()).isPresent();
      assertThat(TestClient.await(tooDeep).errorMessage()).contains("nested deeper than the limit");
    }
  }

  @Test
  void whatTheGatewayDoesNotKnowComesThroughToTheByte() {
    try (var context = GatewayContext.with(server("a")).start()) {
      var client = context.client();
      var result = client.call("a__numbers", Json.EMPTY_OBJECT).result().orElseThrow();
      assertThat(result.toString())
          .isEqualTo(
              "{\"content\":[{\"type\":\"text\",\"text\":\"numbers\"}],\"structuredContent\":"
                  + "{\"z\":1E400,\"minus\":-0,\"a\":0.1000,"
                  + "\"big\":123456789012345678901234567890,\"m\":1.0e+2,\"10\":1,\"2\":2},"
                  + "\"x-unknown\":{\"kept\":[1.50,null,true]},\"isError\":false}");
    }
  }

  @Test
  void aTimeOutCancelsUpstreamAndKeepsTheProcess() {
    var a = server("a").requestTimeout(Duration.ofMillis(400));
    try (var context = GatewayContext.with(a).start()) {
      var client = context.client();
      warm(client, "a");
      long pid = pid(client, "a");
      var started = System.nanoTime();
      var late = client.call("a__hang", Json.EMPTY_OBJECT);
      assertThat(late.errorCode()).isEqualTo(-32004);
      assertThat(late.errorMessage()).contains("\"a\"", "400 ms");
      assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(Duration.ofMillis(900));
      await()
          .untilAsserted(() ->
              assertThat(client.text("a__cancelled", Json.EMPTY_OBJECT)).matches("(?s).*\\d.*"));
      assertThat(pid(client, "a")).isEqualTo(pid);
    }
  }

  @Test
  void progressRestartsTheTimeOutAndReachesItsOwnCallWithItsOwnToken() {
    var a = server("a").requestTimeout(Duration.ofMillis(600));
    try (var context = GatewayContext.with(a).start()) {
      var one = context.client();
      var other = context.client();
      var params =
          Json.trusted(
              "{\"name\":\"a__progress\",\"arguments\":{\"steps\":6,\"delay_ms\":250},"
                  + "\"_meta\":{\"progressToken\":\"same\"}}");
      var first = one.send("tools/call", params);
      var second = other.send("tools/call", params);
      assertThat(TestClient.await(first).result()).isPresent();
      assertThat(TestClient.await(second).result()).isPresent();
      for (var client : List.of(one, other)) {
        var progress = new ArrayList<Notification>();
        client.notifications().drainTo(progress);
        progress.removeIf(n -> !n.method().equals("notifications/progress"));
        assertThat(progress).hasSize(6);
        assertThat(progress)
            .allSatisfy(n ->
                assertThat(n.field(Field.PROGRESS_TOKEN))
                    .hasValueSatisfying(t -> assertThat(t.text()).isEqualTo("same")));
      }
    }
  }

  @Test
  void aCancellationReachesTheServerAndIsNotAnswered() {
    try (var context = GatewayContext.with(server("a")).start()) {
      var client = context.client();
      warm(client, "a");
      var id = new RequestId("\"my call\"");
      var doomed =
          client.send(
              Request.of(
                  id, "tools/call", Json.trusted("{\"name\":\"a__hang\",\"arguments\":{}}")));
      await().until(() -> context.upstream("a").inFlight() == 1);
      client.send(
          Notification.of(
              "notifications/cancelled",
              Json.trusted("{\"requestId\":\"my call\",\"reason\":\"changed my mind\"}")));
      await().until(() -> context.inFlight() == 0);
      await()
          .untilAsserted(() ->
              assertThat(client.text("a__cancelled", Json.EMPTY_OBJECT)).matches("(?s).*\\d.*"));
      assertThat(doomed).isNotDone();
    }
  }

  @Test
  void whatAServerAsksIsAnsweredByTheClientOfTheCall() {
    try (var context = GatewayContext.with(server("a")).start()) {
      var one = context.client("{\"sampling\":{},\"elicitation\":{},\"roots\":{}}");
      var other = context.client("{\"sampling\":{}}");
      one.onAsk(request -> sampled(request, "I am one"));
      other.onAsk(request -> sampled(request, "I am other"));
      var first = one.start("a__sample", Json.object("prompt", "who are you?"));
      var second = other.start("a__sample", Json.object("prompt", "who are you?"));
      assertThat(TestClient.await(first).toJson().toString()).contains("I am one");
      assertThat(TestClient.await(second).toJson().toString()).contains("I am other");
      assertThat(one.call("a__ping_me", Json.EMPTY_OBJECT).result()).isPresent();
    }
  }

  @Test
  void theGatewayStartsWithNoServerReachableAndRecoversByItself() throws IOException {
    int port = freePort();
    var url = URI.create("http://127.0.0.1:" + port + "/mcp");
    try (var context =
        GatewayContext.with(
                remote("late", url).restart(3, Duration.ofMillis(100)),
                command("gone", TestServers.command("--exit", "7"))
                    .restart(1, Duration.ofMillis(50)))
            .start()) {
      var client = context.client();
      var list = client.request("tools/list", Json.EMPTY_OBJECT).result().orElseThrow();
      assertThat(list.member("tools").orElseThrow().elements()).isEmpty();
      var unavailable =
          list.member("_meta").flatMap(m -> m.member("io.watchgate/unavailable")).orElseThrow();
      assertThat(unavailable.textMember("gone").orElseThrow()).contains("exited with status 7");
      assertThat(unavailable.textMember("late")).isPresent();
      var refused = client.call("gone__echo", Json.object("text", "x"));
      assertThat(refused.errorCode()).isEqualTo(-32003);
      assertThat(refused.errorMessage()).contains("\"gone\"", "status 7");

      try (var _ = FixtureHttpServer.startOn(port, "--name", "late")) {
        var _ = client.awaitNotification("notifications/tools/list_changed");
        assertThat(client.text("late__echo", Json.object("text", "here"))).contains("here");
      }
    }
  }

  @Test
  void notificationsAndSubscriptionsSurviveARestart() {
    try (var context = GatewayContext.with(server("a")).start()) {
      var client = context.client();
      warm(client, "a");
      var uri = Json.object("uri", "fixture://a/static");
      assertThat(client.request("resources/subscribe", uri).result()).isPresent();
      ProcessHandle.of(pid(client, "a")).orElseThrow().destroyForcibly();
      await().until(() -> context.upstream("a").restarts() == 1);
      var _ = client.call("a__update_resource", uri);
      var updated = client.awaitNotification("notifications/resources/updated");
      assertThat(updated.field(Field.URI).orElseThrow().text()).isEqualTo("fixture://a/static");
      var _ = client.call("a__add_tool", Json.object("name", "fresh"));
      var _ = client.awaitNotification("notifications/tools/list_changed");
      assertThat(client.request("tools/list", Json.EMPTY_OBJECT).toJson().toString())
          .contains("a__fresh");
    }
  }

  @Test
  void nothingThatAServerStartedIsLeftBehind() {
    var words = new ArrayList<>(List.of("sh", "-c", "sleep 1000 & exec \"$@\"", "sh"));
    words.addAll(TestServers.command("--name", "a", "--stubborn"));
    var before = descendants();
    try (var context = GatewayContext.with(command("a", words)).start()) {
      var client = context.client();
      warm(client, "a");
      assertThat(descendants()).hasSizeGreaterThan(before.size());
    }
    await().untilAsserted(() -> assertThat(descendants()).isSubsetOf(before));
  }

  private static List<Long> descendants() {
    return ProcessHandle.current().descendants().map(ProcessHandle::pid).toList();
  }

  private static Response sampled(Request request, String text) {
    return Response.success(
        request.id(),
        Json.trusted(
            "{\"role\":\"assistant\",\"model\":\"m\",\"content\":"
                .concat("{\"type\":\"text\",\"text\":\"%s\"}}")
                .formatted(text)));
  }

  private static void warm(TestClient client, String... servers) {
    for (var server : servers) {
      assertThat(client.text(server + "__echo", Json.object("text", "warm"))).contains("warm");
    }
  }

  private static long pid(TestClient client, String server) {
    var result = client.call(server + "__count", Json.EMPTY_OBJECT).result().orElseThrow();
    var content = result.member("structuredContent").orElseThrow();
    return Long.parseLong(content.member("pid").orElseThrow().toString());
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
