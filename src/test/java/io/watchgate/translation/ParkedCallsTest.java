package io.watchgate.translation;

import static io.watchgate.translation.Translated.EVERYTHING;
import static io.watchgate.translation.Translated.ask;
import static io.watchgate.translation.Translated.caller;
import static io.watchgate.translation.Translated.result;
import static io.watchgate.translation.Translated.state;
import static io.watchgate.translation.Translated.success;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.watchgate.flow.Call;
import io.watchgate.flow.Refusals.Kind;
import io.watchgate.flow.Rejection;
import io.watchgate.flow.Rejection.Reach;
import io.watchgate.jsonrpc.Json;
import io.watchgate.jsonrpc.Response;
import io.watchgate.testkit.RecordingSession;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Servers with sessions that ask while they work for a client without.
@Timeout(60)
class ParkedCallsTest {
  private static final String NAME = "{\"message\":\"Who?\",\"n\":1.50}";
  private static final String ACCEPT = "{\"action\":\"accept\",\"content\":{\"name\":\"Ann\"}}";
  private final RecordingSession client = caller(EVERYTHING);

  /// Asks for a name and answers with what it got.
  private static Response greet(Call call) throws InterruptedException {
    return answer(call, ask(call, "\"q\"", "elicitation/create", NAME));
  }

  private static Response answer(Call call, Json got) {
    return success(call, Json.object("got", got).toString());
  }

  /// Answers what two threads of the server get to know.
  private static Response askTwo(Call call) throws InterruptedException {
    var roots = new java.util.concurrent.FutureTask<>(() -> ask(call, "2", "roots/list", "{}"));
    Thread.ofVirtual().start(roots);
    var name = ask(call, "1", "elicitation/create", NAME);
    try {
      return answer(call, Json.object("1", name, "2", roots.get()));
    } catch (java.util.concurrent.ExecutionException e) {
      throw new AssertionError(e);
    }
  }

  private static Json inputs(Response response) {
    return result(response).member("inputRequests").orElseThrow();
  }

  private static String responses(String key, String value) {
    return "{\"" + key + "\":" + value + "}";
  }

  @Test
  void questionBecomesAResultAndTheRetryGetsWhatTheCallCameTo() throws InterruptedException {
    var translated = Translated.handshake(ParkedCallsTest::greet);
    var asking = translated.call(client, "\"arguments\":{\"a\":1},");
    assertThat(result(asking).members())
        .extracting(Json.Member::key)
        .containsExactly("resultType", "inputRequests", "requestState");
    assertThat(inputs(asking))
        .hasToString("{\"q\":{\"method\":\"elicitation/create\",\"params\":" + NAME + "}}");
    assertThat(translated.layer.parked()).isEqualTo(1);
    var retry =
        "\"arguments\":{ \"a\" : 1 },\"requestState\":%s,\"inputResponses\":%s,"
            .formatted(state(asking), responses("q", ACCEPT));
    assertThat(result(translated.call(client, retry)))
        .hasToString("{\"resultType\":\"complete\",\"got\":" + ACCEPT + "}");
    assertThat(translated.server.calls()).hasSize(1);
    assertThat(translated.layer.parked()).isZero();
    assertThat(translated.refusals.count(Kind.REQUEST_STATE)).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"prompts/get", "resources/read"})
  void otherMethodsThatTakeInputParkToo(String method) throws InterruptedException {
    var translated = Translated.handshake(ParkedCallsTest::greet);
    var asking = translated.send(client, method, Translated.claiming("\"name\":\"p\","));
    var retry =
        "\"name\":\"p\",\"requestState\":%s,\"inputResponses\":%s,"
            .formatted(state(asking), responses("q", ACCEPT));
    var answer = translated.send(client, method, Translated.claiming(retry));
    assertThat(result(answer).member("got")).contains(Json.trusted(ACCEPT));
  }

  @Test
  void whatIsAskedAtOnceIsAskedInOneRound() throws InterruptedException {
    var translated = Translated.handshake(ParkedCallsTest::askTwo);
    var asking = translated.call(client, "");
    assertThat(inputs(asking).members())
        .extracting(Json.Member::key)
        .containsExactlyInAnyOrder("1", "2");
    assertThat(inputs(asking).member("2").orElseThrow())
        .hasToString("{\"method\":\"roots/list\",\"params\":{}}");
    var answers = "{\"1\":" + ACCEPT + ",\"extra\":{},\"2\":{\"roots\":[]}}";
    assertThat(result(translated.retry(client, state(asking), answers)).member("got"))
        .contains(Json.trusted("{\"1\":" + ACCEPT + ",\"2\":{\"roots\":[]}}"));
  }

  @Test
  void whatIsAskedOneAfterTheOtherTakesARoundEach() throws InterruptedException {
    var translated =
        Translated.handshake(call -> {
          var first = ask(call, "1", "elicitation/create", NAME);
          return answer(call, Json.object("1", first, "2", ask(call, "1", "roots/list", "{}")));
        });
    var first = translated.call(client, "");
    var second = translated.retry(client, state(first), responses("1", ACCEPT));
    assertThat(inputs(second).toString()).contains("roots/list").doesNotContain("elicitation");
    assertThat(state(second)).isNotEqualTo(state(first));
    var last = translated.retry(client, state(second), responses("1", "{\"roots\":[]}"));
    assertThat(result(last).member("got"))
        .contains(Json.trusted("{\"1\":" + ACCEPT + ",\"2\":{\"roots\":[]}}"));
  }

  @Test
  void idsThatAreSpelledAlikeAreKeptApart() throws InterruptedException {
    var translated =
        Translated.handshake(call -> {
          var number =
              new java.util.concurrent.FutureTask<>(() -> ask(call, "1", "roots/list", "{}"));
          Thread.ofVirtual().start(number);
          var text = ask(call, "\"1\"", "roots/list", "{}");
          try {
            return answer(call, Json.array(java.util.List.of(text, number.get())));
          } catch (java.util.concurrent.ExecutionException e) {
            throw new AssertionError(e);
          }
        });
    var asking = translated.call(client, "");
    assertThat(inputs(asking).members())
        .extracting(Json.Member::key)
        .containsExactlyInAnyOrder("1", "1'");
    var answer = translated.retry(client, state(asking), "{\"1\":{\"a\":1},\"1'\":{\"a\":1}}");
    assertThat(result(answer).member("got")).contains(Json.trusted("[{\"a\":1},{\"a\":1}]"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "{\"2\":{\"roots\":[]},\"other\":{}}"})
  void whatIsMissingIsAskedForAgain(String some) throws InterruptedException {
    var translated = Translated.handshake(ParkedCallsTest::askTwo);
    var first = translated.call(client, "");
    var again = translated.retry(client, state(first), some);
    assertThat(inputs(again).member("1")).isPresent();
    assertThat(inputs(again).member("2").isPresent()).isEqualTo(some.equals("{}"));
    var all = "{\"1\":" + ACCEPT + ",\"2\":{\"roots\":[]}}";
    var got = result(translated.retry(client, state(again), all)).member("got").orElseThrow();
    assertThat(got.member("1")).contains(Json.trusted(ACCEPT));
  }

  @ParameterizedTest
  @ValueSource(strings = {"7", "[]", "null", "\"q\"", "{\"q\":7}", "{\"q\":null}", "{\"q\":[]}"})
  void malformedAnswersAreRefusedAndTheCallStillWaits(String responses)
      throws InterruptedException {
    var translated = Translated.handshake(ParkedCallsTest::greet);
    var asking = translated.call(client, "");
    var refused = translated.retry(client, state(asking), responses);
    assertThat(refused.errorCode()).isEqualTo(-32602);
    assertThat(refused.errorMessage()).contains("inputResponses");
    assertThat(translated.call(client, "\"inputResponses\":" + responses + ",").errorCode())
        .isEqualTo(-32602);
    assertThat(translated.server.calls()).hasSize(1);
    var answer = translated.retry(client, state(asking), responses("q", ACCEPT));
    assertThat(result(answer).member("got")).contains(Json.trusted(ACCEPT));
  }

  @Test
  void cancellationOfAWaitingRoundCancelsTheServersCall() throws InterruptedException {
    var entered = new CountDownLatch(1);
    var translated =
        Translated.handshake(call -> {
          var _ = ask(call, "\"q\"", "elicitation/create", NAME);
          entered.countDown();
          new CountDownLatch(1).await();
          return success(call, "{}");
        });
    var asking = translated.call(client, "");
    var members =
        "\"requestState\":%s,\"inputResponses\":%s,"
            .formatted(state(asking), responses("q", ACCEPT));
    var running = translated.start(client, members);
    assertThat(entered.await(20, TimeUnit.SECONDS)).isTrue();
    running.cancel("changed my mind");
    assertThat(next(translated.server.cancelled)).isEqualTo("changed my mind");
    assertThat(translated.layer.parked()).isZero();
    assertThat(translated.retry(client, state(asking), "{}").errorCode()).isEqualTo(-32602);
  }

  @Test
  void roundThatWasCancelledBeforeItBeganCancelsTheServersCall() throws InterruptedException {
    var translated =
        Translated.handshake(call -> {
          new CountDownLatch(1).await();
          return success(call, "{}");
        });
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> translated.call(client, "")).isInstanceOf(InterruptedException.class);
    assertThat(next(translated.server.cancelled)).isEqualTo("cancelled by the client");
  }

  @Test
  void callThatEndsWhileItsClientIsAwayIsThereForTheRetry() throws InterruptedException {
    var withdrawn = new CountDownLatch(1);
    var away = new CountDownLatch(1);
    var translated =
        Translated.handshake(call -> {
          var asking =
              Thread.ofVirtual()
                  .start(() -> {
                    try {
                      var _ = ask(call, "\"q\"", "elicitation/create", NAME);
                    } catch (InterruptedException _) {
                      withdrawn.countDown();
                    }
                  });
          away.await();
          asking.interrupt();
          return success(call, "{\"late\":true}");
        });
    var asking = translated.call(client, "");
    away.countDown();
    assertThat(withdrawn.await(20, TimeUnit.SECONDS)).isTrue();
    var answer = translated.retry(client, state(asking), responses("q", ACCEPT));
    assertThat(result(answer)).hasToString("{\"resultType\":\"complete\",\"late\":true}");
  }

  @Test
  void failureWhileTheClientIsAwayIsThereForTheRetry() throws InterruptedException {
    var translated =
        Translated.handshake(call -> {
          var _ = ask(call, "\"q\"", "elicitation/create", NAME);
          throw new Rejection(new Rejection.Unavailable("files", "it fell over", Reach.SENT));
        });
    var asking = translated.call(client, "");
    var failed = translated.retry(client, state(asking), responses("q", ACCEPT));
    assertThat(failed.errorCode()).isEqualTo(-32003);
    assertThat(failed.errorMessage()).contains("it fell over");
  }

  @Test
  void clientThatNeverComesBackEndsTheCall() throws InterruptedException {
    var got = new LinkedBlockingQueue<Json>();
    var translated =
        Translated.handshake(
            Duration.ofMillis(50),
            call -> {
              var roots =
                  Thread.ofVirtual()
                      .start(() -> {
                        try {
                          got.add(ask(call, "2", "roots/list", "{}"));
                        } catch (InterruptedException e) {
                          throw new AssertionError(e);
                        }
                      });
              var asked =
                  Thread.ofVirtual()
                      .start(() -> {
                        try {
                          got.add(ask(call, "1", "elicitation/create", NAME));
                        } catch (InterruptedException e) {
                          throw new AssertionError(e);
                        }
                      });
              roots.join();
              asked.join();
              new CountDownLatch(1).await();
              return success(call, "{}");
            });
    var asking = translated.call(client, "");
    assertThat(java.util.List.of(next(got) + "", next(got) + ""))
        .anySatisfy(answer -> assertThat(answer).isEqualTo("{\"action\":\"cancel\"}"))
        .anySatisfy(answer -> assertThat(answer).contains("did not come back"));
    assertThat(next(translated.server.cancelled)).contains("did not come back within");
    assertThat(translated.layer.parked()).isZero();
    var late = translated.retry(client, state(asking), responses("1", ACCEPT));
    assertThat(late.errorCode()).isEqualTo(-32602);
    assertThat(late.errorMessage()).contains("expired");
  }

  @Test
  void parkedCallsAreBoundedAndTheOneTooManyIsCancelled() throws InterruptedException {
    var translated =
        Translated.handshake(call -> {
          var got = ask(call, "\"q\"", "elicitation/create", NAME);
          if (got.textMember("action").filter("cancel"::equals).isPresent()) {
            new CountDownLatch(1).await();
          }
          return answer(call, got);
        });
    var running = new ArrayList<Translated.Running>();
    for (int i = 0; i < 256; i++) {
      running.add(translated.start(client, ""));
    }
    running.forEach(each -> assertThat(state(each.await())).isNotNull());
    assertThat(translated.layer.parked()).isEqualTo(256);
    var refused = translated.call(client, "");
    assertThat(refused.errorCode()).isEqualTo(-32006);
    assertThat(refused.error().orElseThrow().toString()).contains("retryAfterMs");
    assertThat(next(translated.server.cancelled)).contains("too many calls");
    var first = running.getFirst().await();
    var _ = result(translated.retry(client, state(first), responses("q", ACCEPT)));
    assertThat(state(translated.call(client, ""))).isNotNull();
  }

  @Test
  void questionThatTheClientDidNotDeclareEndsTheCall() throws InterruptedException {
    var got = new LinkedBlockingQueue<Json>();
    var translated =
        Translated.handshake(call -> {
          got.add(ask(call, "1", "sampling/createMessage", "{}"));
          new CountDownLatch(1).await();
          return success(call, "{}");
        });
    var refused = translated.call(caller("{\"elicitation\":{},\"roots\":{}}"), "");
    assertThat(refused.errorCode()).isEqualTo(-32021);
    assertThat(refused.error().orElseThrow().toString())
        .contains("\"requiredCapabilities\":{\"sampling\":{}}", "\"server\":\"files\"");
    assertThat(next(translated.server.cancelled)).contains("did not declare");
    var told = got.peek();
    assertThat(told == null || told.toString().contains("-32601")).isTrue();
  }

  @Test
  void questionThatNobodyKnowsIsRefusedAndTheCallGoesOn() throws InterruptedException {
    var translated = Translated.handshake(call -> answer(call, ask(call, "1", "tasks/get", "{}")));
    var answer = result(translated.call(client, ""));
    assertThat(answer.textMember("resultType")).contains("complete");
    assertThat(answer.toString()).contains("-32601", "method not found: tasks/get");
  }

  private static <T> T next(BlockingQueue<T> queue) throws InterruptedException {
    var next = queue.poll(20, TimeUnit.SECONDS);
    if (next == null) {
      throw new AssertionError("nothing came within 20 s");
    }
    return next;
  }
}
