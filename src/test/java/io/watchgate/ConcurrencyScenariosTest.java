package io.watchgate;

import static io.watchgate.GatewayContext.server;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.watchgate.jsonrpc.Json;
import io.watchgate.jsonrpc.Response;
import io.watchgate.testkit.TestClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Many calls at once through the whole gateway, to real child processes.
class ConcurrencyScenariosTest {
  private static final int SEQUENTIAL = 3;
  private static final int SLEEP_MILLIS = 250;

  @ParameterizedTest(name = "{0} calls at once are {1} times faster than one after the other")
  @CsvSource({"10, 5", "50, 25", "100, 60"})
  void callsAtOnceAreFasterThanOneAfterTheOther(int calls, int times) {
    try (var context = GatewayContext.with(server("a")).start()) {
      var client = context.client();
      assertThat(client.text("a__sleep", sleep("warm"))).contains("warm");
      // The sequential time of a few real calls stands for that of all: they only sleep.
      long each = time(() -> repeat(SEQUENTIAL, i -> client.call("a__sleep", sleep("s" + i))));
      double sequentialNanos = (double) each / SEQUENTIAL * calls;
      long atOnceNanos =
          time(() -> {
            var answers = new ArrayList<CompletableFuture<Response>>();
            repeat(calls, i -> answers.add(client.start("a__sleep", sleep("c" + i))));
            answers.forEach(TestClient::await);
          });
      assertThat(sequentialNanos / atOnceNanos).isGreaterThanOrEqualTo(times);
      assertThat(context.gateway().limit().highest()).isEqualTo(calls);
    }
  }

  @Test
  void answersThatComeInAnyOrderReachTheirOwnCallers() {
    try (var context = GatewayContext.with(server("a"), server("b")).start()) {
      var clients = List.of(context.client(), context.client());
      var random = new Random(7);
      var expected = new ArrayList<String>();
      var answers = new ArrayList<CompletableFuture<Response>>();
      for (int i = 0; i < 200; i++) {
        var text = "token-" + i;
        var server = i % 2 == 0 ? "a" : "b";
        expected.add(text);
        answers.add(
            clients
                .get(i / 2 % 2)
                .start(server + "__sleep", Json.object("ms", random.nextInt(300), "text", text)));
      }
      for (int i = 0; i < answers.size(); i++) {
        assertThat(TestClient.text(TestClient.await(answers.get(i)))).contains(expected.get(i));
      }
      assertThat(clients).allSatisfy(client -> assertThat(client.strays()).isZero());
    }
  }

  @Test
  void twoClientsDoNotShareTheStateOfAServer() {
    try (var context = GatewayContext.with(server("a")).start()) {
      var one = context.client();
      var other = context.client();
      repeat(5, _ -> one.call("a__count", Json.EMPTY_OBJECT));
      assertThat(one.structured("a__count", "calls")).isEqualTo("6");
      assertThat(other.structured("a__count", "calls")).isEqualTo("1");
    }
  }

  @Test
  void nothingIsKeptOfCallsThatEndedInWhateverWay() {
    var a = server("a").requestTimeout(Duration.ofMillis(300));
    try (var context = GatewayContext.with(a).start()) {
      var client = context.client();
      var answered = client.start("a__echo", Json.object("text", "x"));
      var failed = client.start("a__error", Json.object("code", -32050, "message", "no"));
      var timedOut = client.start("a__hang", Json.EMPTY_OBJECT);
      assertThat(TestClient.await(answered).result()).isPresent();
      assertThat(TestClient.await(failed).errorCode()).isEqualTo(-32050);
      assertThat(TestClient.await(timedOut).errorCode()).isEqualTo(-32004);
      var _ = client.start("a__hang", Json.EMPTY_OBJECT);
      client.close();
      await().until(() -> context.inFlight() == 0);
    }
  }

  @Test
  void errorsUnderLoadReachOnlyTheirOwnCalls() {
    try (var context = GatewayContext.with(server("a")).start()) {
      var client = context.client();
      var good = new ArrayList<CompletableFuture<Response>>();
      var bad = new ArrayList<CompletableFuture<Response>>();
      for (int i = 0; i < 100; i++) {
        good.add(client.start("a__echo", Json.object("text", "good-" + i)));
        bad.add(client.start("a__error", Json.object("code", -32000 - i, "message", "m" + i)));
      }
      for (int i = 0; i < 100; i++) {
        assertThat(TestClient.text(TestClient.await(good.get(i)))).contains("good-" + i);
        assertThat(TestClient.await(bad.get(i)).errorCode()).isEqualTo(-32000 - i);
      }
      assertThat(context.inFlight()).isZero();
    }
  }

  @Test
  void ofTenCallsBeyondALimitOfFiveFiveAreRefusedAtOnce() {
    try (var context = GatewayContext.with(server("a")).limit(5).start()) {
      var client = context.client();
      var _ = client.text("a__echo", Json.object("text", "warm"));
      var answers = new ArrayList<CompletableFuture<Response>>();
      repeat(
          10, i -> answers.add(client.start("a__sleep", Json.object("ms", 1000, "text", "t" + i))));
      var firstFive = new ArrayList<Response>();
      long refusedNanos =
          time(() -> {
            await().until(() -> answers.stream().filter(CompletableFuture::isDone).count() == 5);
            answers.stream()
                .filter(CompletableFuture::isDone)
                .forEach(a -> firstFive.add(a.join()));
          });
      assertThat(refusedNanos).isLessThan(Duration.ofMillis(800).toNanos());
      assertThat(firstFive)
          .allSatisfy(refusal -> {
            assertThat(refusal.errorCode()).isEqualTo(-32006);
            assertThat(refusal.toJson().toString()).contains("retryAfterMs", "overloaded");
          });
      long answered =
          answers.stream().map(TestClient::await).filter(r -> r.result().isPresent()).count();
      assertThat(answered).isEqualTo(5);
      assertThat(context.inFlight()).isZero();
      assertThat(context.gateway().limit().highest()).isEqualTo(5);
    }
  }

  @Test
  void callsInTheQueueGetTheirTurnAndThoseBehindItAreRefused() {
    var queue = Duration.ofSeconds(10);
    try (var context = GatewayContext.with(server("a")).limit(2).queue(2, queue).start()) {
      var client = context.client();
      var _ = client.text("a__echo", Json.object("text", "warm"));
      var answers = new ArrayList<CompletableFuture<Response>>();
      repeat(
          5, i -> answers.add(client.start("a__sleep", Json.object("ms", 400, "text", "t" + i))));
      var codes = answers.stream().map(TestClient::await).map(Response::errorCode).toList();
      assertThat(Collections.frequency(codes, 0)).isEqualTo(4);
      assertThat(Collections.frequency(codes, -32006)).isEqualTo(1);
    }
  }

  @Test
  void aCallThatWaitsTooLongForItsTurnIsRefused() {
    var patience = Duration.ofMillis(200);
    try (var context = GatewayContext.with(server("a")).limit(1).queue(1, patience).start()) {
      var client = context.client();
      var running = client.start("a__sleep", Json.object("ms", 1500, "text", "mine"));
      await().until(() -> context.upstream("a").inFlight() == 1);
      var refused = client.call("a__echo", Json.object("text", "x"));
      assertThat(running).isNotDone();
      assertThat(refused.errorCode()).isEqualTo(-32006);
      assertThat(refused.toJson().toString()).contains("retryAfterMs", "overloaded");
      assertThat(context.gateway().limit().waiting()).isZero();
      assertThat(TestClient.text(TestClient.await(running))).isEqualTo("mine");
      assertThat(context.inFlight()).isZero();
    }
  }

  @Test
  void twoClientsThatUseTheSameIdsAreNeverCrossed() {
    try (var context = GatewayContext.with(server("a").shared()).start()) {
      var clients = List.of(context.client(), context.client(), context.client());
      var texts = new HashSet<String>();
      for (int round = 0; round < 50; round++) {
        var answers = new ArrayList<CompletableFuture<Response>>();
        for (int c = 0; c < clients.size(); c++) {
          answers.add(clients.get(c).start("a__echo", Json.object("text", "c" + c + "-r" + round)));
        }
        for (int c = 0; c < clients.size(); c++) {
          var text = TestClient.text(TestClient.await(answers.get(c)));
          assertThat(text).contains("c" + c + "-r" + round);
          texts.add(text);
        }
      }
      assertThat(texts).hasSize(150);
    }
  }

  private static Json sleep(String text) {
    return Json.object("ms", SLEEP_MILLIS, "text", text);
  }

  private static void repeat(int times, java.util.function.IntConsumer action) {
    for (int i = 0; i < times; i++) {
      action.accept(i);
    }
  }

  private static long time(Runnable action) {
    long started = System.nanoTime();
    action.run();
    return System.nanoTime() - started;
  }
}
