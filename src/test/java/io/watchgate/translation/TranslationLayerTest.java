package io.watchgate.translation;

import static io.watchgate.translation.Translated.claiming;
import static io.watchgate.translation.Translated.success;
import static org.assertj.core.api.Assertions.assertThat;

import io.watchgate.flow.Call;
import io.watchgate.flow.Reply;
import io.watchgate.jsonrpc.Json;
import io.watchgate.jsonrpc.Notification;
import io.watchgate.testkit.RecordingSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TranslationLayerTest {
  private static final String ODD =
      "{ \"resultType\" : \"x\",\"structuredContent\":[1.0] , \"y\":{}}";
  private final RecordingSession session = new RecordingSession("session");

  @Test
  void callOfTheServersOwnEraIsTheSameCall() throws InterruptedException {
    var stateless = Translated.stateless(call -> success(call, ODD));
    var claimed = Translated.request("tools/call", claiming("\"name\" : \"t\",\"task\":{} , "));
    var answer = stateless.send(new Call(claimed, Translated.caller("{}")));
    assertThat(stateless.server.calls().getFirst().message()).isSameAs(claimed);
    assertThat(answer.result().orElseThrow()).hasToString(ODD);

    var handshake = Translated.handshake(call -> success(call, ODD));
    var plain = Translated.request("tools/call", "{ \"name\" : \"t\",\"task\":{} }");
    answer = handshake.send(new Call(plain, session));
    assertThat(handshake.server.calls().getFirst().message()).isSameAs(plain);
    assertThat(answer.result().orElseThrow()).hasToString(ODD);
  }

  @ParameterizedTest
  @ValueSource(strings = {"logging/setLevel", "resources/subscribe", "resources/unsubscribe"})
  void whatConcernsASessionGoesToItsLinkAsItIs(String method) throws InterruptedException {
    var translated = Translated.stateless(call -> success(call, "{}"));
    var request = Translated.request(method, "{\"uri\":\"test://a\",\"level\":\"info\"}");
    var answer = translated.send(new Call(request, session));
    assertThat(translated.server.calls().getFirst().message()).isSameAs(request);
    assertThat(answer.result().orElseThrow()).hasToString("{}");
  }

  @Test
  void notificationOfAStatelessClientReachesAServerWithSessionsWithoutItsClaim()
      throws InterruptedException {
    var translated = Translated.handshake(call -> success(call, "{}"));
    var caller = Translated.caller("{}");
    for (var more : new String[] {"", "\"a\":1,"}) {
      var params = Json.trusted(claiming("\"x\":1.0,", more));
      var claimed = Notification.of("notifications/x", params);
      var _ = translated.layer.around(translated.server).handle(new Call(claimed, caller));
    }
    assertThat(translated.server.got().getFirst()).endsWith("\"params\":{\"x\":1.0}}");
    assertThat(translated.server.last()).endsWith("\"params\":{\"x\":1.0,\"_meta\":{\"a\":1}}}");
    var stateless = Translated.stateless(call -> success(call, "{}"));
    var same = Notification.of("notifications/x", Json.trusted(claiming("")));
    var _ = stateless.layer.around(stateless.server).handle(new Call(same, caller));
    assertThat(stateless.server.calls().getFirst().message()).isSameAs(same);
  }

  @Test
  void notificationPassesAsItIs() throws InterruptedException {
    for (var translated :
        new Translated[] {
          Translated.stateless(call -> success(call, "{}")),
          Translated.handshake(call -> success(call, "{}"))
        }) {
      var notification = Notification.of("notifications/roots/list_changed", Json.EMPTY_OBJECT);
      var reply =
          translated.layer.around(translated.server).handle(new Call(notification, session));
      assertThat(reply).isEqualTo(new Reply.Accepted());
      assertThat(translated.server.calls().getFirst().message()).isSameAs(notification);
    }
  }
}
