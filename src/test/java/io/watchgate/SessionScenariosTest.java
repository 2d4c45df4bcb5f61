package io.watchgate;

import static io.watchgate.GatewayContext.oldRemote;
import static io.watchgate.GatewayContext.remote;
import static io.watchgate.GatewayContext.server;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.watchgate.jsonrpc.Json;
import io.watchgate.jsonrpc.Response;
import io.watchgate.testkit.FixtureHttpServer;
import io.watchgate.testkit.TestClient;
import io.watchgate.upstream.UpstreamSettings.Pool;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Whose session with a server a call uses, behind the whole gateway.
@Timeout(120)
class SessionScenariosTest {
  private static final Pool TWO = new Pool(2, 1_000, Duration.ofSeconds(60), Duration.ofMinutes(5));

  private static CompletableFuture<Response> start(
      TestClient client, String tool, Json arguments, String key) {
    var meta = Json.object("io.watchgate/sessionKey", key);
    return client.send(
        "tools/call", Json.object("name", tool, "arguments", arguments, "_meta", meta));
  }

  private static String member(Response answer, String name) {
    return answer
        .result()
        .flatMap(result -> result.member("structuredContent"))
        .flatMap(content -> content.member(name))
        .map(Json::toString)
        .orElseThrow(() -> new AssertionError(answer.toJson()));
  }

  private static String pid(TestClient client, String key) {
    return member(TestClient.await(start(client, "a__count", Json.EMPTY_OBJECT, key)), "pid");
  }

  @Test
  void processIsSharedByThoseWhoNameItAndEndsWithThem() {
    try (var context = GatewayContext.with(server("a")).start()) {
      var one = context.client("{\"roots\":{}}");
      var two = context.client("{\"sampling\":{}}");
      var named = pid(one, "build");

      assertThat(pid(two, "build")).isEqualTo(named);
      assertThat(pid(one, "other")).isNotEqualTo(named);
      assertThat(one.structured("a__count", "pid")).isNotEqualTo(named);
      one.close();
      assertThat(pid(two, "build")).isEqualTo(named);
      two.close();
      await().until(() -> ProcessHandle.of(Long.parseLong(named)).isEmpty());
    }
  }

  @Test
  void statelessClientNamesTheSameSessionAsOthersDo() {
    try (var context = GatewayContext.with(server("a")).start()) {
      var old = context.client();
      var stateless =
          new StatelessCaller(context.connect()).with("\"io.watchgate/sessionKey\":\"build\"");
      var named = pid(old, "build");
      var count = StatelessCaller.tool("a__count", Json.EMPTY_OBJECT);

      assertThat(member(stateless.request("tools/call", count), "pid")).isEqualTo(named);
    }
  }

  @Test
  void keyThatIsNoneIsRefusedWithItsReason() {
    try (var context = GatewayContext.with(server("a")).start()) {
      var refused = TestClient.await(start(context.client(), "a__echo", Json.EMPTY_OBJECT, ""));
      assertThat(refused.errorCode()).isEqualTo(-32602);
      assertThat(refused.toJson().toString()).contains("invalid_params", "sessionKey");
    }
  }

  @Test
  void moreClientsThanProcessesTakeTurns() {
    try (var context = GatewayContext.with(server("a").pool(TWO)).start()) {
      var clients = new ArrayList<TestClient>();
      for (int i = 0; i < 4; i++) {
        clients.add(context.client("{\"roots\":{}}"));
      }
      var answers = new ArrayList<CompletableFuture<Response>>();
      for (var client : clients) {
        answers.add(client.start("a__sleep", Json.object("ms", 100, "text", "mine")));
      }
      for (var answer : answers) {
        assertThat(TestClient.text(TestClient.await(answer))).isEqualTo("mine");
      }
      var pool = context.upstream("a").pool();
      assertThat(List.of(pool.inUse(), pool.waiting(), pool.max())).containsExactly(2, 0, 2);
      assertThat(pool.lastCreation().orElseThrow()).isPositive();
      await().until(() -> context.upstream("a").sessions() == 2);
    }
  }

  /// Clients that call, cancel, name sessions and leave, as a seed wants it: in the end nothing of
  /// them is left.
  @Test
  void nothingIsLeftOfClientsThatComeAndGo() throws Exception {
    var few = new Pool(3, 1_000, Duration.ofSeconds(60), Duration.ofMillis(300));
    long seed = Long.getLong("seed", System.nanoTime());
    var random = new Random(seed);
    try (var web = FixtureHttpServer.start("--late", "5");
        var context =
            GatewayContext.with(
                    remote("new", web.uri()).pool(few), oldRemote("old", web.sseUri()).pool(few))
                .start()) {
      for (int round = 0; round < 15; round++) {
        var answers = new ArrayList<CompletableFuture<Response>>();
        for (int i = 0; i < 6; i++) {
          var client = context.client(random.nextBoolean() ? "{}" : "{\"roots\":{}}");
          boolean leaves = random.nextInt(3) == 0;
          for (int call = 0; call < 4; call++) {
            var tool = (random.nextBoolean() ? "new" : "old") + "__sleep";
            var arguments = Json.object("ms", random.nextInt(30), "text", "x");
            var answer =
                random.nextBoolean()
                    ? client.start(tool, arguments)
                    : start(client, tool, arguments, "key " + random.nextInt(5));
            if (!leaves) {
              answers.add(answer);
            }
          }
          if (leaves) {
            client.close();
          }
        }
        for (var answer : answers) {
          assertThat(TestClient.text(TestClient.await(answer))).as("seed %d", seed).isEqualTo("x");
        }
      }
      for (var name : List.of("new", "old")) {
        await().until(() -> context.upstream(name).pool().inUse() == 0);
        assertThat(context.upstream(name).pool().waiting()).as("seed %d", seed).isZero();
        assertThat(context.upstream(name).inFlight()).isZero();
      }
      await().until(() -> context.inFlight() == 0);
    }
  }

  @Test
  void agentsInParallelOverOldHttpAllGetTheirAnswers() throws Exception {
    try (var web = FixtureHttpServer.start("--late", "30");
        var context = GatewayContext.with(oldRemote("a", web.sseUri())).start()) {
      var answers = new ArrayList<CompletableFuture<Response>>();
      var sessions = new HashSet<String>();
      for (int agent = 0; agent < 5; agent++) {
        var client = context.client();
        for (int call = 0; call < 40; call++) {
          answers.add(start(client, "a__count", Json.EMPTY_OBJECT, "agent " + agent));
        }
      }
      for (var answer : answers) {
        sessions.add(member(TestClient.await(answer), "session"));
      }
      assertThat(sessions).hasSize(5);
    }
  }
}
