package io.watchgate.translation;

import static io.watchgate.translation.Translated.EVERYTHING;
import static io.watchgate.translation.Translated.ask;
import static io.watchgate.translation.Translated.caller;
import static io.watchgate.translation.Translated.result;
import static io.watchgate.translation.Translated.state;
import static io.watchgate.translation.Translated.success;
import static org.assertj.core.api.Assertions.assertThat;

import io.watchgate.flow.Call;
import io.watchgate.jsonrpc.Json;
import io.watchgate.jsonrpc.Notification;
import io.watchgate.testkit.RecordingSession;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What a server says to a client that comes and goes.
@Timeout(60)
class OpenCallTest {
  private static final String NAME = "{\"message\":\"Who?\"}";
  private static final String ANSWERS = "{\"q\":{\"action\":\"accept\"}}";
  private static final String META =
      """
      "_meta":{"progressToken":"%s","io.modelcontextprotocol/protocolVersion":"2026-07-28"}}\
      """;
  private final RecordingSession client = caller(EVERYTHING);

  @Test
  void eachRoundHearsWhatIsSaidWhileItWaitsUnderItsOwnToken() throws InterruptedException {
    var translated =
        Translated.handshake(call -> {
          progress(call, 1);
          var _ = ask(call, "\"q\"", "elicitation/create", NAME);
          progress(call, 2);
          call.client().tell(Notification.of("notifications/message", Json.object("data", "x")));
          return success(call, "{}");
        });
    var first = caller(EVERYTHING);
    var asking = translated.send(first, "tools/call", "{\"name\":\"t\"," + META.formatted("one"));
    assertThat(first.heard()).contains("\"progressToken\":\"one\"", "\"progress\":1");
    var second = caller(EVERYTHING);
    var retry =
        "{\"name\":\"t\",\"requestState\":%s,\"inputResponses\":%s,"
            .formatted(state(asking), ANSWERS);
    var _ = result(translated.send(second, "tools/call", retry + META.formatted("two")));
    assertThat(second.heard()).contains("\"progressToken\":\"two\"", "\"progress\":2");
    assertThat(second.heard()).contains("notifications/message");
    assertThat(first.heardAll()).isTrue();
  }

  @Test
  void roundWithoutATokenHearsOfNoProgress() throws InterruptedException {
    var translated =
        Translated.handshake(call -> {
          progress(call, 1);
          return success(call, "{}");
        });
    var _ = result(translated.call(client, ""));
    assertThat(client.heardAll()).isTrue();
  }

  private static void progress(Call call, int step) {
    var params = Json.object("progressToken", "old", "progress", step);
    call.client().tell(Notification.of("notifications/progress", params));
  }

  @Test
  void whatConcernsTheSessionIsHeardBetweenTwoRoundsToo() throws InterruptedException {
    var calls = new LinkedBlockingQueue<Call>();
    var translated =
        Translated.handshake(call -> {
          calls.add(call);
          var _ = ask(call, "\"q\"", "elicitation/create", NAME);
          return success(call, "{}");
        });
    var round = caller(EVERYTHING);
    var asking = translated.call(round, "");
    var updated =
        Notification.of("notifications/resources/updated", Json.object("uri", "test://a"));
    calls.take().client().tell(updated);
    assertThat(round.heard()).contains("test://a");
    var _ = translated.retry(round, state(asking), ANSWERS);
  }
}
