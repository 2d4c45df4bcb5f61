package io.watchgate.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.watchgate.flow.GatewayClient;
import io.watchgate.flow.ServerStatus.State;
import io.watchgate.jsonrpc.Json;
import io.watchgate.jsonrpc.Response;
import io.watchgate.testkit.FixtureHttpServer;
import io.watchgate.testkit.RecordingSession;
import io.watchgate.upstream.UpstreamSettings.Pool;
import io.watchgate.upstream.UpstreamSettings.Wire;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

/// How many sessions there are with a server, who gets one, and when one goes.
@Timeout(60)
class SessionPoolTest {
  private static final Duration LONG = Duration.ofMinutes(5);
  private static final Json ROOTS = Json.trusted("{\"roots\":{}}");

  /// A server that answers everything, and takes four seconds to be ended.
  private static final String STUBBORN =
      """
      trap '' TERM
      while read -r line; do
        id=$(printf '%s' "$line" | sed -n 's/.*"id":\\([0-9]*\\).*/\\1/p')
        result='{"protocolVersion":"2025-11-25","capabilities":{}}'
        [ -z "$id" ] || printf '{"jsonrpc":"2.0","id":%s,"result":%s}\\n' "$id" "$result"
      done
      sleep 1000
      """;

  private FixtureHttpServer server;

  @BeforeEach
  void start() throws IOException {
    server = FixtureHttpServer.start();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private RemoteContext remote(int max, int queue, Duration queueTimeout) throws IOException {
    var pool = new Pool(max, queue, queueTimeout, LONG);
    return RemoteContext.pooled(server.uri(), Wire.STREAMABLE_HTTP, pool);
  }

  private static RecordingSession client(String key) {
    return new RecordingSession(key, ROOTS);
  }

  private static CompletableFuture<Response> start(
      RemoteContext remote, RecordingSession client, String tool, String arguments) {
    var params = "{\"name\":\"%s\",\"arguments\":%s}".formatted(tool, arguments);
    var answer = new CompletableFuture<Response>();
    Thread.ofVirtual()
        .start(() -> {
          try {
            answer.complete(remote.send(RemoteContext.call(client, "tools/call", params)));
          } catch (InterruptedException e) {
            answer.completeExceptionally(e);
          }
        });
    return answer;
  }

  private static String session(RemoteContext remote, RecordingSession client) {
    return result(start(remote, client, "count", "{}"))
        .flatMap(result -> result.member("structuredContent"))
        .flatMap(content -> content.textMember("session"))
        .orElseThrow();
  }

  private static java.util.Optional<Json> result(CompletableFuture<Response> answer) {
    return answer.orTimeout(20, TimeUnit.SECONDS).join().result();
  }

  @Test
  void callBeyondTheMostSessionsWaitsUntilOneIsGivenBack() throws Exception {
    try (var remote = remote(1, 10, Duration.ofSeconds(20))) {
      var first = start(remote, client("one"), "sleep", "{\"ms\":300,\"text\":\"slept\"}");
      await().until(() -> remote.upstream().inFlight() == 1);
      var second = start(remote, client("two"), "echo", "{\"text\":\"waited\"}");
      await().until(() -> remote.upstream().pool().waiting() == 1);

      assertThat(second).isNotDone();
      assertThat(RemoteContext.text(first.join())).isEqualTo("slept");
      assertThat(RemoteContext.text(second.join())).isEqualTo("waited");
      assertThat(server.openedSessions()).isEqualTo(2);
      assertThat(server.sessionCount()).isEqualTo(1);
      assertThat(remote.upstream().pool().waiting()).isZero();
    }
  }

  @Test
  void thereAreNeverMoreSessionsThanTheMost() throws Exception {
    try (var remote = remote(3, 1_000, Duration.ofSeconds(20))) {
      var answers = new ArrayList<CompletableFuture<Response>>();
      int most = 0;
      for (int i = 0; i < 120; i++) {
        answers.add(start(remote, client("client " + i % 12), "echo", "{\"text\":\"x\"}"));
        most = Math.max(most, server.sessionCount());
      }
      for (var answer : answers) {
        assertThat(RemoteContext.text(answer.join())).isEqualTo("x");
        most = Math.max(most, server.sessionCount());
      }
      assertThat(most).isBetween(1, 3);
      assertThat(remote.upstream().pool().inUse()).isBetween(1, 3);
    }
  }

  @Test
  void thoseWhoWaitAreServedInTheOrderInWhichTheyCame() throws Exception {
    try (var remote = remote(1, 10, Duration.ofSeconds(20))) {
      var holder = client("holder");
      var held = start(remote, holder, "hang", "{}");
      await().until(() -> remote.upstream().inFlight() == 1);
      var waiting = new ArrayList<CompletableFuture<Response>>();
      for (int i = 0; i < 5; i++) {
        int number = i;
        waiting.add(start(remote, client("client " + i), "echo", "{\"text\":\"turn " + i + "\"}"));
        await().until(() -> remote.upstream().pool().waiting() == number + 1);
      }
      holder.close();
      assertThat(held.join().error()).isPresent();
      CompletableFuture.allOf(waiting.toArray(CompletableFuture[]::new)).join();

      assertThat(server.requests().stream().filter(request -> request.body().contains("turn")))
          .extracting(request -> request.body().replaceFirst("(?s).*(turn \\d).*", "$1"))
          .containsExactly("turn 0", "turn 1", "turn 2", "turn 3", "turn 4");
    }
  }

  @Test
  void callThatFindsTheQueueFullIsRefusedAtOnce() throws Exception {
    try (var remote = remote(1, 0, Duration.ofSeconds(20))) {
      var first = start(remote, client("one"), "sleep", "{\"ms\":500,\"text\":\"\"}");
      await().until(() -> remote.upstream().inFlight() == 1);
      var refused = start(remote, client("two"), "echo", "{}").join();

      assertThat(first).isNotDone();
      assertThat(refused.errorCode()).isEqualTo(-32006);
      assertThat(refused.toJson().toString())
          .contains("\"reason\":\"overloaded\"", "\"server\":\"web\"", "\"retryAfterMs\":1000");
    }
  }

  @Test
  void callThatWaitsForTooLongIsRefused() throws Exception {
    try (var remote = remote(1, 5, Duration.ofMillis(100))) {
      var first = start(remote, client("one"), "sleep", "{\"ms\":800,\"text\":\"\"}");
      await().until(() -> remote.upstream().inFlight() == 1);

      assertThat(start(remote, client("two"), "echo", "{}").join().errorCode()).isEqualTo(-32006);
      assertThat(first).isNotDone();
      assertThat(remote.upstream().pool().waiting()).isZero();
    }
  }

  @Test
  void callThatIsCancelledWhileItWaitsLeavesTheQueue() throws Exception {
    try (var remote = remote(1, 5, Duration.ofSeconds(20))) {
      var first = start(remote, client("one"), "sleep", "{\"ms\":500,\"text\":\"\"}");
      await().until(() -> remote.upstream().inFlight() == 1);
      var params = "{\"name\":\"echo\",\"arguments\":{}}";
      var call = RemoteContext.call(client("two"), "tools/call", params);
      var ended = new CompletableFuture<String>();
      var thread =
          Thread.ofVirtual()
              .start(() -> {
                try {
                  ended.complete(RemoteContext.text(remote.send(call)));
                } catch (InterruptedException _) {
                  ended.complete("interrupted");
                }
              });
      await().until(() -> remote.upstream().pool().waiting() == 1);
      thread.interrupt();

      assertThat(ended.join()).isEqualTo("interrupted");
      assertThat(remote.upstream().pool().waiting()).isZero();
      assertThat(first.join().result()).isPresent();
      assertThat(session(remote, client("three"))).isNotEmpty();
    }
  }

  @Test
  void sessionThatWasUnusedForLongestMakesRoom() throws Exception {
    try (var remote = remote(2, 0, LONG)) {
      var one = client("one");
      var two = client("two");
      var oldest = session(remote, one);
      var newer = session(remote, two);
      var third = session(remote, client("three"));

      assertThat(session(remote, two)).isEqualTo(newer).isNotEqualTo(third);
      assertThat(session(remote, one)).isNotEqualTo(oldest);
      assertThat(server.sessionCount()).isEqualTo(2);
    }
  }

  @Test
  void clientsThatKeepTakingEachOthersSessionsAreToldOfOnce() throws Exception {
    var log = (Logger) LoggerFactory.getLogger(Displacements.class);
    var warnings = new ListAppender<ILoggingEvent>();
    warnings.start();
    log.addAppender(warnings);
    try (var remote = remote(1, 10, Duration.ofSeconds(20))) {
      for (int i = 0; i < 2 * Displacements.MANY; i++) {
        var _ = session(remote, client("client " + i % 2));
      }

      assertThat(warnings.list)
          .singleElement()
          .satisfies(told ->
              assertThat(told.getFormattedMessage())
                  .contains("\"web\"", "pool.max allows for 1", "raise it"));
    } finally {
      log.detachAppender(warnings);
    }
  }

  @Test
  void callWaitsNoLongerForRoomThanForAConnection() throws Exception {
    var pool = new Pool(1, 10, LONG, LONG);
    var command = List.of("sh", "-c", STUBBORN);
    try (var remote = RemoteContext.child(command, Duration.ofSeconds(2), pool)) {
      assertThat(result(start(remote, client("one"), "x", "{}"))).isPresent();
      var refused = start(remote, client("two"), "x", "{}").join();
      assertThat(refused.errorMessage())
          .contains("no room for a session within 2000 ms: others are closing");
    }
  }

  @Test
  void sessionWithASubscriptionMakesNoRoom() throws Exception {
    try (var remote = remote(1, 0, LONG)) {
      var subscriber = client("one");
      var uri = "{\"uri\":\"fixture://fixture/static\"}";
      assertThat(remote.send(RemoteContext.call(subscriber, "resources/subscribe", uri)).result())
          .isPresent();

      assertThat(start(remote, client("two"), "echo", "{}").join().errorCode()).isEqualTo(-32006);
      remote.send(RemoteContext.call(subscriber, "resources/unsubscribe", uri));
      assertThat(session(remote, client("two"))).isNotEmpty();
    }
  }

  @Test
  void theGatewaysOwnSessionMakesRoomFirst() throws Exception {
    try (var remote = remote(1, 0, LONG)) {
      remote.upstream().prepare(GatewayClient.INSTANCE);
      await().until(() -> remote.upstream().sessions() == 1);

      assertThat(session(remote, client("one"))).isNotEmpty();
      assertThat(server.openedSessions()).isEqualTo(2);
      assertThat(server.sessionCount()).isEqualTo(1);
    }
  }

  @Test
  void unusedSessionIsClosedAndMadeAnew() throws Exception {
    var pool = new Pool(10, 0, LONG, Duration.ofMillis(150));
    try (var remote = RemoteContext.pooled(server.uri(), Wire.STREAMABLE_HTTP, pool)) {
      var client = client("one");
      var first = session(remote, client);
      await().until(() -> server.sessionCount() == 0);

      assertThat(server.requests()).anyMatch(request -> request.method().equals("DELETE"));
      assertThat(remote.upstream().status().state()).isEqualTo(State.READY);
      assertThat(session(remote, client)).isNotEqualTo(first);
      assertThat(remote.upstream().lastFailure()).isEmpty();
      assertThat(remote.upstream().restarts()).isZero();
    }
  }

  @Test
  void sessionIsNotClosedWhileItIsOfUse() throws Exception {
    var pool = new Pool(10, 0, LONG, Duration.ofMillis(100));
    try (var remote = RemoteContext.pooled(server.uri(), Wire.STREAMABLE_HTTP, pool)) {
      var client = client("one");
      var uri = "{\"uri\":\"fixture://fixture/static\"}";
      remote.send(RemoteContext.call(client, "resources/subscribe", uri));
      var slow = start(remote, client("two"), "sleep", "{\"ms\":600,\"text\":\"slept\"}");

      assertThat(RemoteContext.text(slow.join())).isEqualTo("slept");
      await().until(() -> server.sessionCount() == 1);
      var _ =
          remote.send(
              RemoteContext.call(
                  client,
                  "tools/call",
                  "{\"name\":\"update_resource\",\"arguments\":" + uri + "}"));
      assertThat(client.heard()).contains("notifications/resources/updated");
      assertThat(server.openedSessions()).isEqualTo(2);
    }
  }

  @Test
  void standbyOutlivesItsIdleness() throws Exception {
    var pool = new Pool(10, 0, LONG, Duration.ofMillis(100));
    try (var remote = RemoteContext.pooled(server.uri(), Wire.STREAMABLE_HTTP, pool)) {
      remote.upstream().prepare(GatewayClient.INSTANCE);
      var client = client("one");
      assertThat(session(remote, client)).isNotEmpty();
      await().until(() -> server.openedSessions() == 3); // the standby is back

      await().during(Duration.ofMillis(400)).until(() -> server.sessionCount() == 1);
      assertThat(server.openedSessions()).isEqualTo(3);
    }
  }

  @Test
  void clientThatLeavesTakesItsSessionAlong() throws Exception {
    try (var remote = remote(10, 0, LONG)) {
      var client = client("one");
      var other = client("two");
      var kept = session(remote, other);
      session(remote, client);
      client.close();

      await().until(() -> server.sessionCount() == 1);
      assertThat(session(remote, other)).isEqualTo(kept);
      assertThat(remote.upstream().pool().inUse()).isEqualTo(1);
    }
  }

  @Test
  void nothingIsOpenedBehindTheEnd() throws Exception {
    var remote = remote(1, 10, Duration.ofSeconds(20));
    var first = start(remote, client("one"), "hang", "{}");
    await().until(() -> remote.upstream().inFlight() == 1);
    var waiting = List.of(start(remote, client("two"), "echo", "{}"));
    await().until(() -> remote.upstream().pool().waiting() == 1);
    remote.close();

    assertThat(waiting.getFirst().join().errorMessage()).contains("closed by the gateway");
    assertThat(first.join().errorMessage()).contains("closed by the gateway");
    assertThat(remote.send(RemoteContext.call(client("new"), "tools/list", "{}")).errorMessage())
        .contains("closed by the gateway");
    assertThat(server.openedSessions()).isEqualTo(1);
  }
}
