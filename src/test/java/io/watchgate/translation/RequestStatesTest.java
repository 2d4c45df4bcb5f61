package io.watchgate.translation;

import static io.watchgate.translation.Translated.EVERYTHING;
import static io.watchgate.translation.Translated.ask;
import static io.watchgate.translation.Translated.caller;
import static io.watchgate.translation.Translated.claiming;
import static io.watchgate.translation.Translated.result;
import static io.watchgate.translation.Translated.state;
import static io.watchgate.translation.Translated.success;
import static org.assertj.core.api.Assertions.assertThat;

import io.watchgate.flow.Call;
import io.watchgate.flow.Refusals;
import io.watchgate.flow.Refusals.Kind;
import io.watchgate.flow.Seal;
import io.watchgate.flow.Time;
import io.watchgate.jsonrpc.Json;
import io.watchgate.jsonrpc.Response;
import io.watchgate.testkit.RecordingSession;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What clients hand in as `requestState` without having got it for that.
@Timeout(60)
class RequestStatesTest {
  private static final String ANSWERS = "{\"q\":{\"action\":\"accept\"}}";
  private final Seal seal = Seal.random();
  private final RecordingSession client = caller(EVERYTHING);
  private final Translated translated =
      Translated.handshake(seal, Duration.ofMinutes(5), RequestStatesTest::confirm);

  private static Response confirm(Call call) throws InterruptedException {
    var _ = ask(call, "\"q\"", "elicitation/create", "{}");
    return success(call, "{}");
  }

  /// Refused, counted, and nothing of it came to the server.
  private void assertRefused(Response response, String why) {
    assertThat(response.errorCode()).isEqualTo(-32602);
    assertThat(response.errorMessage()).startsWith("requestState is not valid: ").contains(why);
    assertThat(response.error().orElseThrow().toString()).contains("\"reason\":\"invalid_params\"");
    assertThat(translated.refusals.count(Kind.REQUEST_STATE)).isEqualTo(1);
  }

  private Json asking() throws InterruptedException {
    return state(translated.call(client, "\"arguments\":{\"a\":1},"));
  }

  private Response retry(RecordingSession from, Json state, String arguments)
      throws InterruptedException {
    return translated.retry(from, state, ANSWERS + ",\"arguments\":" + arguments);
  }

  /// The call that was parked is none the worse for it.
  private void assertGoesOn(Json state) throws InterruptedException {
    assertThat(translated.server.calls()).hasSize(1);
    assertThat(translated.layer.parked()).isEqualTo(1);
    assertThat(result(retry(client, state, "{\"a\":1}")).textMember("resultType"))
        .contains("complete");
    assertThat(translated.server.calls()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"forged\"", "\"\"", "7", "null", "{}", "[]", "\"\\ud83d\\ude00\""})
  void forgedStateIsRefused(String state) throws InterruptedException {
    assertRefused(
        translated.retry(client, Json.trusted(state), ANSWERS), "not made by this gateway");
    assertThat(translated.server.calls()).isEmpty();
  }

  @Test
  void stateThatWasChangedAnywhereIsRefused() throws InterruptedException {
    var state = asking();
    var text = state.text();
    for (int i = 0; i < text.length(); i++) {
      char other = text.charAt(i) == 'A' ? 'B' : 'A';
      var changed = Json.string(text.substring(0, i) + other + text.substring(i + 1));
      assertThat(retry(client, changed, "{\"a\":1}").errorCode()).isEqualTo(-32602);
    }
    assertThat(retry(client, Json.string(text + "A"), "{\"a\":1}").errorCode()).isEqualTo(-32602);
    assertThat(translated.refusals.count(Kind.REQUEST_STATE)).isEqualTo(text.length() + 1);
    assertGoesOn(state);
  }

  @Test
  void stateOfAnotherGatewayIsRefused() throws InterruptedException {
    var other = Translated.handshake(RequestStatesTest::confirm);
    assertRefused(
        translated.retry(client, state(other.call(client, "")), ANSWERS),
        "not made by this gateway");
    assertThat(translated.server.calls()).isEmpty();
  }

  /// It is none that was forged: of several servers, the one whose it is may be asked next.
  @Test
  void stateOfAnotherServerIsRefusedButNotCounted() throws InterruptedException {
    var refusals = new Refusals();
    var states = new RequestStates("mail", seal, refusals, () -> translated.now.get());
    var parked = new ParkedCalls("mail", states, Time.REAL, Duration.ofMinutes(5));
    var call = new Call(Translated.request("tools/call", "{\"name\":\"t\"}"), client);
    var open = ParkedCall.start("mail", call, translated.server, Time.REAL);
    var refused = translated.retry(client, parked.park(open, call), ANSWERS);
    assertThat(refused.errorCode()).isEqualTo(-32602);
    assertThat(refused.errorMessage()).contains("it is of a call to server \"mail\"");
    assertThat(translated.refusals.count(Kind.REQUEST_STATE)).isZero();
    open.abandon("the test is over");
  }

  @Test
  void stateOfADayIsRefused() throws InterruptedException {
    var state = asking();
    translated.now.updateAndGet(now -> now.plus(Duration.ofHours(24)));
    assertRefused(retry(client, state, "{\"a\":1}"), "it is more than 24 h old");
  }

  @Test
  void stateOfAnotherPrincipalIsRefused() throws InterruptedException {
    var state = asking();
    var thief = caller(EVERYTHING).of("thief");
    assertRefused(retry(thief, state, "{\"a\":1}"), "not made by this gateway for this request");
    assertGoesOn(state);
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"a\":2}", "{\"a\":1,\"b\":1}", "{}", "{\"a\":\"1\"}", "{\"a\":1.0}"})
  void stateForOtherArgumentsIsRefused(String arguments) throws InterruptedException {
    var state = asking();
    assertRefused(retry(client, state, arguments), "belongs to another request");
    assertGoesOn(state);
  }

  @ParameterizedTest
  @ValueSource(strings = {"prompts/get", "resources/read", "completion/complete", "tasks/get"})
  void stateForAnotherMethodIsRefused(String method) throws InterruptedException {
    var state = asking();
    var params =
        "\"name\":\"t\",\"inputResponses\":%s,\"arguments\":{\"a\":1},\"requestState\":%s,"
            .formatted(ANSWERS, state);
    assertRefused(translated.send(client, method, claiming(params)), "for this request");
    assertGoesOn(state);
  }

  @Test
  void stateForAnotherToolIsRefused() throws InterruptedException {
    var state = asking();
    var params =
        "\"name\":\"other\",\"inputResponses\":%s,\"arguments\":{\"a\":1},\"requestState\":%s,"
            .formatted(ANSWERS, state);
    assertRefused(translated.send(client, "tools/call", claiming(params)), "for this request");
    assertGoesOn(state);
  }

  @Test
  void stateWorksOnce() throws InterruptedException {
    var state = asking();
    var _ = result(retry(client, state, "{\"a\":1}"));
    assertRefused(retry(client, state, "{\"a\":1}"), "expired, or was used before");
    assertThat(translated.server.calls()).hasSize(1);
  }

  @Test
  void ofTwoRetriesAtOnceOneGoesOn() throws InterruptedException {
    var members =
        "\"arguments\":{\"a\":1},\"requestState\":%s,\"inputResponses\":%s,"
            .formatted(asking(), ANSWERS);
    var one = translated.start(client, members);
    var other = translated.start(client, members);
    var codes = java.util.List.of(one.await().errorCode(), other.await().errorCode());
    assertThat(codes).containsExactlyInAnyOrder(0, -32602);
    assertThat(translated.server.calls()).hasSize(1);
  }

  @Test
  void anotherSessionOfTheSamePrincipalMayGoOn() throws InterruptedException {
    var state = asking();
    var elsewhere = new RecordingSession("elsewhere", Json.EMPTY_OBJECT).speaking(client.version());
    assertThat(result(retry(elsewhere, state, "{\"a\":1}")).textMember("resultType"))
        .contains("complete");
  }
}
