package io.watchgate.translation;

import static io.watchgate.translation.Translated.caller;
import static io.watchgate.translation.Translated.claiming;
import static io.watchgate.translation.Translated.result;
import static io.watchgate.translation.Translated.state;
import static io.watchgate.translation.Translated.success;
import static org.assertj.core.api.Assertions.assertThat;

import io.watchgate.flow.Call;
import io.watchgate.flow.Refusals.Kind;
import io.watchgate.flow.Seal;
import io.watchgate.jsonrpc.Json;
import io.watchgate.jsonrpc.Response;
import io.watchgate.testkit.RecordingSession;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The `requestState` of a server without sessions, on its way through a client without one.
@Timeout(60)
class StatelessStatesTest {
  /// With a spelling that only a copy has.
  private static final String OWN = "\"s\\u0074ate \\ud83d of the server\"";

  private static final String ASKING =
      "{\"resultType\" : \"input_required\", \"requestState\":%s , \"inputRequests\":{}}";

  private final Seal seal = Seal.random();
  private final RecordingSession client = caller("{}");
  private final Translated translated = Translated.stateless(seal, StatelessStatesTest::ask);

  private static Response ask(Call call) {
    return success(call, ASKING.formatted(OWN));
  }

  private Response retry(RecordingSession from, Json state) throws InterruptedException {
    return translated.retry(from, state, "{}");
  }

  private void assertRefused(Response response, String why) {
    assertThat(response.errorCode()).isEqualTo(-32602);
    assertThat(response.errorMessage()).startsWith("requestState is not valid: ").contains(why);
    assertThat(translated.refusals.count(Kind.REQUEST_STATE)).isEqualTo(1);
    assertThat(translated.server.got()).noneMatch(got -> got.contains("requestState"));
  }

  @Test
  void serverGetsItsOwnStateBackAndTheClientNeverSeesIt() throws InterruptedException {
    var asking = translated.call(client, "");
    var given = state(asking);
    assertThat(given.toString()).doesNotContain("of the server");
    assertThat(result(asking)).hasToString(ASKING.formatted(given));
    var again = retry(client, given);
    assertThat(translated.server.last()).contains("\"requestState\":" + OWN);
    assertThat(state(again)).isNotEqualTo(given);
    var _ = retry(client, given);
    assertThat(translated.server.calls()).as("it is the server's to say how often").hasSize(3);
    assertThat(translated.refusals.count(Kind.REQUEST_STATE)).isZero();
  }

  @Test
  void resultsThatRequireNothingPassAsTheyAre() throws InterruptedException {
    var plain = "{ \"resultType\":\"complete\",\"requestState\": \"mine\" }";
    var other = Translated.stateless(call -> success(call, plain));
    assertThat(result(other.call(client, ""))).hasToString(plain);
    var none = "{ \"resultType\":\"input_required\",\"inputRequests\":{ } }";
    other = Translated.stateless(call -> success(call, none));
    assertThat(result(other.call(client, ""))).hasToString(none);
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"forged\"", "\"\"", "7", "null", "{}", "[]", OWN})
  void forgedStateIsRefused(String state) throws InterruptedException {
    assertRefused(retry(client, Json.trusted(state)), "not made by this gateway for this request");
  }

  @Test
  void stateThatWasChangedAnywhereIsRefused() throws InterruptedException {
    var text = state(translated.call(client, "")).text();
    for (int i = 0; i < text.length(); i++) {
      char other = text.charAt(i) == 'A' ? 'B' : 'A';
      var changed = text.substring(0, i) + other + text.substring(i + 1);
      assertThat(retry(client, Json.string(changed)).errorCode()).isEqualTo(-32602);
    }
    assertThat(translated.refusals.count(Kind.REQUEST_STATE)).isEqualTo(text.length());
    assertThat(translated.server.calls()).hasSize(1);
  }

  @Test
  void stateOfAnotherGatewayIsRefused() throws InterruptedException {
    var other = Translated.stateless(StatelessStatesTest::ask);
    assertRefused(retry(client, state(other.call(client, ""))), "not made by this gateway");
  }

  @Test
  void gatewayThatIsStartedAgainKnowsTheStatesOfBefore() throws InterruptedException {
    var before = Translated.stateless(seal, StatelessStatesTest::ask);
    var _ = result(retry(client, state(before.call(client, ""))));
    assertThat(translated.server.last()).contains("\"requestState\":" + OWN);
  }

  @Test
  void stateOfAnotherPrincipalIsRefused() throws InterruptedException {
    var state = state(translated.call(client, ""));
    assertRefused(retry(caller("{}").of("thief"), state), "not made by this gateway");
  }

  @ParameterizedTest
  @ValueSource(strings = {"prompts/get", "resources/read", "completion/complete", "x/y"})
  void stateForAnotherMethodIsRefused(String method) throws InterruptedException {
    var state = state(translated.call(client, ""));
    var params = "\"name\":\"t\",\"requestState\":%s,".formatted(state);
    assertRefused(translated.send(client, method, claiming(params)), "for this request");
  }

  @Test
  void stateForAnotherToolIsRefused() throws InterruptedException {
    var state = state(translated.call(client, ""));
    var params = "\"name\":\"u\",\"requestState\":%s,".formatted(state);
    assertRefused(translated.send(client, "tools/call", claiming(params)), "for this request");
  }

  @Test
  void stateOfADayIsRefused() throws InterruptedException {
    var state = state(translated.call(client, ""));
    translated.now.updateAndGet(now -> now.plus(Duration.ofHours(24).minusSeconds(1)));
    var _ = result(retry(client, state));
    translated.now.updateAndGet(now -> now.plusSeconds(1));
    var refused = retry(client, state);
    assertThat(refused.errorMessage()).contains("it is more than 24 h old");
    assertThat(translated.server.calls()).hasSize(2);
  }

  @Test
  void clientWithASessionHandsInNoState() throws InterruptedException {
    var other = Translated.stateless(call -> success(call, "{\"content\":[]}"));
    var params = "{\"name\":\"t\",\"requestState\":\"forged\",\"inputResponses\":{}}";
    var _ = result(other.send(new RecordingSession("session"), "tools/call", params));
    assertThat(other.server.last()).contains("\"name\":\"t\"").doesNotContain("forged", "input");
  }
}
