package io.watchgate.translation;

import static io.watchgate.translation.Translated.caller;
import static io.watchgate.translation.Translated.claiming;
import static io.watchgate.translation.Translated.failure;
import static io.watchgate.translation.Translated.success;
import static org.assertj.core.api.Assertions.assertThat;

import io.watchgate.flow.Rejection;
import io.watchgate.flow.Rejection.Reach;
import io.watchgate.testkit.RecordingSession;
import java.util.List;
import org.junit.jupiter.api.Test;

class LogLevelsTest {
  private final Translated translated = Translated.handshake(call -> success(call, "{}"));
  private final RecordingSession client = caller("{}");

  private void call(RecordingSession from, String level) throws InterruptedException {
    call(translated, from, level);
  }

  private static void call(Translated to, RecordingSession from, String level)
      throws InterruptedException {
    var meta = "\"io.modelcontextprotocol/logLevel\":" + level + ",";
    var answer = to.send(from, "tools/call", claiming("\"name\":\"t\",", meta));
    assertThat(Translated.result(answer).textMember("resultType")).contains("complete");
  }

  private List<String> levels() {
    return translated.server.got().stream()
        .filter(line -> line.contains("logging/setLevel"))
        .map(line -> line.substring(line.indexOf("\"params\":")))
        .toList();
  }

  private static String level(String level) {
    return "\"params\":{\"level\":\"" + level + "\"}}";
  }

  @Test
  void serverSaysAsMuchAsTheMostCuriousRequestWants() throws InterruptedException {
    call(client, "\"warning\"");
    call(client, "\"warning\"");
    call(client, "\"error\"");
    assertThat(levels()).containsExactly(level("warning"));
    call(client, "\"debug\"");
    call(client, "\"info\"");
    assertThat(levels()).containsExactly(level("warning"), level("debug"));
    assertThat(translated.server.got().getFirst()).contains("setLevel");
  }

  @Test
  void eachSessionHasItsOwn() throws InterruptedException {
    call(client, "\"warning\"");
    call(new RecordingSession("other").speaking(client.version()), "\"warning\"");
    assertThat(levels()).hasSize(2);
    client.close();
    call(client, "\"warning\"");
    assertThat(levels()).hasSize(3);
  }

  @Test
  void requestThatWantsNoneOrAnUnknownOneSetsNone() throws InterruptedException {
    call(client, "\"loud\"");
    call(client, "7");
    var _ = translated.call(client, "");
    assertThat(levels()).isEmpty();
  }

  @Test
  void serverWithoutLogsStillAnswers() throws InterruptedException {
    var without =
        Translated.handshake(call ->
            call.method().equals("logging/setLevel")
                ? failure(call, -32601, "no logs", "{}")
                : success(call, "{}"));
    call(without, client, "\"info\"");
    var slow =
        Translated.handshake(call -> {
          if (call.method().equals("logging/setLevel")) {
            throw new Rejection(new Rejection.Unavailable("files", "not now", Reach.SENT));
          }
          return success(call, "{}");
        });
    call(slow, client, "\"info\"");
  }
}
