package io.watchgate.translation;

import static io.watchgate.translation.Translated.EVERYTHING;
import static io.watchgate.translation.Translated.success;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.watchgate.flow.Call;
import io.watchgate.flow.Deadline;
import io.watchgate.flow.Time;
import io.watchgate.jsonrpc.Field;
import io.watchgate.jsonrpc.Json;
import io.watchgate.jsonrpc.Request;
import io.watchgate.jsonrpc.Response;
import io.watchgate.mcp.ProtocolVersion;
import io.watchgate.testkit.RecordingSession;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Clients with sessions before a server without, which wants input.
class InputRoundsTest {
  private static final String FORM =
      "{\"method\":\"elicitation/create\",\"params\":{\"message\":\"Who?\"}}";
  private static final String SAMPLE =
      "{\"method\":\"sampling/createMessage\",\"params\":{\"maxTokens\":1.0}}";
  private static final String ROOTS = "{\"method\":\"roots/list\"}";
  private static final String PAGE =
      "{\"method\":\"elicitation/create\",\"params\":"
          + "{\"mode\":\"url\",\"url\":\"https://a.example/x\",\"message\":\"Pay\"}}";
  private final RecordingSession session = new RecordingSession("one", Json.trusted(EVERYTHING));

  private static String wanting(String inputs, String more) {
    return "{\"resultType\":\"input_required\",\"inputRequests\":{%s}%s}".formatted(inputs, more);
  }

  /// A server that wants input once, and then is done.
  private static Translated once(String wanted) {
    return Translated.stateless(call ->
        success(
            call,
            call.request().field(Field.INPUT_RESPONSES).isPresent()
                    || call.request().field(Field.REQUEST_STATE).isPresent()
                ? "{\"resultType\":\"complete\",\"content\":[]}"
                : wanted));
  }

  private static String text(Response response) {
    return Translated.result(response)
        .member("content")
        .orElseThrow()
        .elements()
        .getFirst()
        .textMember("text")
        .orElseThrow();
  }

  private static String spelled(Request request) {
    return request.method() + " " + request.field(Field.PARAMS).orElseThrow();
  }

  @Test
  void clientIsAskedAndTheRequestMadeAgainWithItsAnswerAndTheServersState()
      throws InterruptedException {
    var translated = once(wanting("\"who\":" + FORM, ",\"requestState\":\"s \\u00e9\""));
    var answer = translated.send(session, "tools/call", "{\"name\":\"t\",\"arguments\":{ }}");
    assertThat(Translated.result(answer)).hasToString("{\"content\":[]}");
    assertThat(session.asked())
        .extracting(InputRoundsTest::spelled)
        .containsExactly("elicitation/create {\"message\":\"Who?\"}");
    var first = translated.server.calls().getFirst().request().field(Field.PARAMS).orElseThrow();
    var second = translated.server.calls().getLast().request().field(Field.PARAMS).orElseThrow();
    assertThat(second)
        .isEqualTo(
            first
                .plus("requestState", Json.trusted("\"s \\u00e9\""))
                .plus("inputResponses", Json.trusted("{\"who\":{\"from\":\"one\"}}")));
  }

  @Test
  void severalInputsAreAskedForAtOnce() throws InterruptedException {
    var all = new CyclicBarrier(3);
    session.answering(request -> {
      try {
        var _ = all.await(20, TimeUnit.SECONDS);
      } catch (java.util.concurrent.BrokenBarrierException
          | java.util.concurrent.TimeoutException e) {
        throw new AssertionError("not asked at once", e);
      }
      return Response.success(request.id(), Json.object("to", request.method()));
    });
    var translated = once(wanting("\"a\":%s,\"b\":%s,\"c\":%s".formatted(FORM, SAMPLE, ROOTS), ""));
    var _ = Translated.result(translated.send(session, "tools/call", "{\"name\":\"t\"}"));
    var responses = translated.server.calls().getLast().request().field(Field.INPUT_RESPONSES);
    assertThat(
            responses
                .orElseThrow()
                .isSameAs(
                    Json.trusted(
                        """
                        {"a":{"to":"elicitation/create"},"b":{"to":"sampling/createMessage"},\
                        "c":{"to":"roots/list"}}\
                        """)))
        .isTrue();
  }

  @Test
  void serverThatOnlyWantsToBeAskedAgainIsAskedAgainAndNobodyElse() throws InterruptedException {
    var translated = once("{\"resultType\":\"input_required\",\"requestState\":\"later\"}");
    var _ = Translated.result(translated.send(session, "tools/call", "{\"name\":\"t\"}"));
    assertThat(session.asked()).isEmpty();
    assertThat(translated.server.last()).contains("later").doesNotContain("inputResponses");
  }

  @Test
  void answersAndStateOfARoundAreNotThoseOfTheNext() throws InterruptedException {
    var rounds =
        Map.of(
            1, wanting("\"a\":" + FORM, ",\"requestState\":\"1\""),
            2, wanting("\"b\":" + ROOTS, ""),
            3, "{\"content\":[]}");
    var translated = new Translated[1];
    translated[0] =
        Translated.stateless(
            call -> success(call, rounds.getOrDefault(translated[0].server.calls().size(), "{}")));
    var _ = translated[0].send(session, "tools/call", "{\"name\":\"t\"}");
    assertThat(translated[0].server.got().get(1)).contains("\"a\":", "requestState");
    assertThat(translated[0].server.last())
        .contains("\"b\":")
        .doesNotContain("\"a\":", "requestState");
  }

  @Test
  void roundsAreBoundedAndNobodyIsAskedForTheLast() throws InterruptedException {
    var translated = Translated.stateless(call -> success(call, wanting("\"a\":" + FORM, "")));
    var answer = translated.send(session, "tools/call", "{\"name\":\"t\"}");
    assertThat(text(answer)).isEqualTo("server \"files\" asked for input 8 times");
    assertThat(translated.server.calls()).hasSize(8);
    assertThat(session.asked()).hasSize(7);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"method\":\"sampling/createMessage\"}|cannot be asked for sampling/createMessage",
        "{\"method\":\"tasks/get\",\"params\":{}}|cannot be asked for tasks/get",
        "{}|cannot be asked for ",
        "7|cannot be asked for ",
        "{\"method\":\"elicitation/create\",\"params\":{\"mode\":\"url\",\"url\":\"https://a\"}}"
            + "|open https://a yourself",
      })
  void whatTheClientCannotGiveEndsTheCall(String input, String why) throws InterruptedException {
    var client = new RecordingSession("x", Json.trusted("{\"elicitation\":{},\"roots\":{}}"));
    var translated = once(wanting("\"a\":" + ROOTS + ",\"b\":" + input, ""));
    var answer = translated.send(client, "tools/call", "{\"name\":\"t\"}");
    assertThat(text(answer)).contains(why);
    assertThat(Translated.result(answer).member("isError").orElseThrow().isTrue()).isTrue();
    assertThat(translated.server.calls()).hasSize(1);
    var error = translated.send(client, "prompts/get", "{\"name\":\"p\"}");
    assertThat(error.errorCode()).isEqualTo(-32602);
    assertThat(error.errorMessage()).contains(why);
    assertThat(client.asked()).as("nobody is bothered in vain").isEmpty();
  }

  @Test
  void clientThatRefusesEndsTheCallAndTheOtherQuestions() throws InterruptedException {
    var withdrawn = new CountDownLatch(1);
    session.answering(request -> {
      if (request.method().equals("roots/list")) {
        return Response.failure(request.id(), -1, "not today", Json.EMPTY_OBJECT);
      }
      try {
        new CountDownLatch(1).await();
      } catch (InterruptedException e) {
        withdrawn.countDown();
        throw e;
      }
      throw new AssertionError();
    });
    var translated = once(wanting("\"a\":" + ROOTS + ",\"b\":" + FORM, ""));
    var answer = translated.send(session, "tools/call", "{\"name\":\"t\"}");
    assertThat(text(answer)).isEqualTo("the client refused: not today");
    assertThat(session.asked()).hasSizeLessThanOrEqualTo(2);
    if (session.asked().size() == 2) {
      assertThat(withdrawn.await(20, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void tooManyInputsAtOnceAreNotAskedFor() throws InterruptedException {
    var inputs = new StringBuilder("\"k\":" + FORM);
    for (int i = 0; i < 32; i++) {
      inputs.append(",\"k").append(i).append("\":").append(FORM);
    }
    var answer = once(wanting(inputs.toString(), "")).send(session, "tools/call", "{}");
    assertThat(text(answer)).contains("more than 32 inputs");
    assertThat(session.asked()).isEmpty();
  }

  @Test
  void pageIsShownToClientsThatKnowPagesUnderAnIdOfItsOwn() throws InterruptedException {
    var client = new RecordingSession("x", Json.trusted("{\"elicitation\":{\"url\":{}}}"));
    var translated = once(wanting("\"a\":" + PAGE, ""));
    var _ = Translated.result(translated.send(client, "tools/call", "{\"name\":\"t\"}"));
    var shown = client.asked().getFirst().field(Field.PARAMS).orElseThrow();
    assertThat(shown.textMember("elicitationId"))
        .hasValueSatisfying(id -> assertThat(id).hasSize(36));
    assertThat(shown.textMember("url")).contains("https://a.example/x");
  }

  @Test
  void olderClientIsToldWhichPageToOpen() throws InterruptedException {
    var client =
        new RecordingSession("x", Json.trusted("{\"elicitation\":{\"url\":{}}}"))
            .speaking(ProtocolVersion.V2025_06_18);
    var answer = once(wanting("\"a\":" + PAGE, "")).send(client, "tools/call", "{}");
    assertThat(text(answer)).contains("cannot show a page; open https://a.example/x yourself");
    assertThat(client.asked()).isEmpty();
  }

  @Test
  void clientThatDoesNotAnswerHoldsTheCallToItsDeadlineOnly() throws InterruptedException {
    session.answering(_ -> {
      new CountDownLatch(1).await();
      throw new AssertionError();
    });
    var call =
        new Call(Translated.request("tools/call", "{\"name\":\"t\"}"), session)
            .with(Deadline.after(Duration.ofMillis(50), Time.REAL));
    assertThat(text(once(wanting("\"a\":" + FORM, "")).send(call)))
        .isEqualTo("the client did not answer in time");
  }

  @Test
  void callThatIsCancelledWithdrawsItsQuestion() throws InterruptedException {
    var withdrawn = new CountDownLatch(1);
    session.answering(_ -> {
      try {
        new CountDownLatch(1).await();
      } finally {
        withdrawn.countDown();
      }
      throw new AssertionError();
    });
    var translated = once(wanting("\"a\":" + FORM, ""));
    var call = new Call(Translated.request("tools/call", "{\"name\":\"t\"}"), session);
    var caller =
        Thread.ofVirtual()
            .start(() -> {
              try {
                var _ = translated.send(call);
              } catch (InterruptedException _) {
                // as it should be
              }
            });
    await().until(() -> session.asked().size() == 1);
    caller.interrupt();
    assertThat(withdrawn.await(20, TimeUnit.SECONDS)).isTrue();
    assertThat(translated.server.calls()).hasSize(1);
  }
}
