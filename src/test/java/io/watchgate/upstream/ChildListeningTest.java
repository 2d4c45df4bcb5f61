package io.watchgate.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.watchgate.everything.EverythingProcess;
import io.watchgate.flow.GatewayClient;
import io.watchgate.mcp.ProtocolVersion;
import io.watchgate.testkit.RecordingSession;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Listening to a stateless child process, and whose its notifications are.
@Timeout(90)
class ChildListeningTest {
  private static final Duration PATIENCE = Duration.ofSeconds(40);
  private static final String LISTEN = "\"method\":\"subscriptions/listen\"";

  /// A stateless server that keeps what it is sent in a file `log`. Every call of a tool by the
  /// name of a function runs that.
  private static final String SERVER =
      """
      say() { printf '{"jsonrpc":"2.0",%s}\\n' "$1"; }
      notify() { say '"method":"notifications/'$1'","params":{'$2'}'; }
      result() { say '"id":'$id',"result":'$1; }
      tag() { echo '"_meta":{"io.modelcontextprotocol/subscriptionId":'$1'}'; }
      answer() { result '{"content":[]}'; }
      report() { notify message '"level":"info","data":"report"'; answer; }
      hold() { held=$id; }
      report_held() { notify message '"level":"info","data":"report"'; answer; id=$held; answer; }
      touch() { notify resources/updated '"uri":"a:1",'$(tag $listen); answer; }
      stale() { notify resources/updated '"uri":"a:1",'$(tag $first); answer; }
      die() { exit 3; }
      cd "$(dirname "$0")"
      while read -r line; do
        printf '%s\\n' "$line" >> log
        id=$(printf '%s' "$line" | sed -n 's/.*"id":\\([0-9]*\\).*/\\1/p')
        case "$line" in
          *'"initialize"'*) say '"id":'$id',"error":{"code":-32601,"message":"no"}' ;;
          *'"server/discover"'*)
            capabilities='{"tools":{"listChanged":true}}'
            result '{"supportedVersions":["2026-07-28"],"capabilities":'$capabilities'}'
            ;;
          *'"subscriptions/listen"'*)
            case "$line" in *a:1*) listen=$id ;; *) first=$id ;; esac
            notify subscriptions/acknowledged '"notifications":{},'$(tag $id)
            ;;
          *'"tools/call"'*)
            $(printf '%s' "$line" | sed -n 's/.*"name":"\\([a-z_]*\\)".*/\\1/p')
            ;;
        esac
      done
      """;

  @TempDir private Path directory;

  private RemoteContext start() throws Exception {
    var script = directory.resolve("server.sh");
    Files.writeString(script, SERVER);
    return RemoteContext.child(List.of("sh", script.toString()), PATIENCE).stateless();
  }

  private List<String> sent(String part) throws Exception {
    return Files.readAllLines(directory.resolve("log")).stream()
        .filter(line -> line.contains(part))
        .toList();
  }

  private static void subscribe(RemoteContext child, RecordingSession client, String uri)
      throws Exception {
    var call = RemoteContext.call(client, "resources/subscribe", "{\"uri\":\"%s\"}".formatted(uri));
    assertThat(child.send(call).result()).isPresent();
  }

  private static RecordingSession another() {
    return new RecordingSession("second").speaking(ProtocolVersion.NEWEST_STATELESS);
  }

  @Test
  void listeningThatIsReplacedIsCancelledAndHeardNoMore() throws Exception {
    try (var child = start()) {
      child.era(child.client());
      await().until(() -> sent(LISTEN).size() == 1);
      subscribe(child, child.client(), "a:1");
      await().until(() -> sent("notifications/cancelled").size() == 1);
      var first = StatelessServer.id(sent(LISTEN).getFirst());
      assertThat(sent("notifications/cancelled").getFirst()).contains("\"requestId\":" + first);

      child.tool("stale", "{}");
      assertThat(child.client().heardAll()).isTrue();
      child.tool("touch", "{}");
      assertThat(child.client().heard()).contains("a:1").doesNotContain("subscriptionId");
      assertThat(child.upstream().inFlight()).isZero();
    }
  }

  @Test
  void childThatDiesIsListenedToAnewForAllThatWasSubscribedTo() throws Exception {
    try (var child = start()) {
      subscribe(child, child.client(), "a:1");
      assertThat(child.text("die", "{}")).contains("exited with status 3");
      assertThat(child.tool("answer", "{}").result()).isPresent();

      assertThat(child.event()).isEqualTo("notifications/tools/list_changed for gateway");
      assertThat(child.client().heard()).contains("resources/updated", "a:1");
      assertThat(sent(LISTEN).getLast()).contains("toolsListChanged", "a:1");
      assertThat(child.upstream().restarts()).isEqualTo(1);
      child.tool("touch", "{}");
      assertThat(child.client().heard()).contains("a:1");
    }
  }

  @Test
  void subscriptionToAChildThatDiedStartsItAgain() throws Exception {
    try (var child = start()) {
      assertThat(child.text("die", "{}")).contains("exited with status 3");
      subscribe(child, child.client(), "a:1");
      child.tool("touch", "{}");
      assertThat(child.client().heard()).contains("a:1");
    }
  }

  @Test
  void logMessageGoesToTheClientOfTheOnlyCallThatCanMeanIt() throws Exception {
    try (var child = start()) {
      for (var client : List.of(child.client(), another(), new RecordingSession("old"))) {
        var call = RemoteContext.call(client, "tools/call", "{\"name\":\"report\"}");
        assertThat(child.send(call).result()).isPresent();
        assertThat(client.heard()).contains("notifications/message", "report");
      }
      assertThat(child.client().heardAll()).isTrue();
    }
  }

  @Test
  void logMessageThatSeveralCallsCouldMeanIsNobodysInParticular() throws Exception {
    try (var child = start()) {
      child.era(child.client());
      var other = another();
      var held =
          Thread.ofVirtual()
              .start(() -> {
                try {
                  child.send(RemoteContext.call(other, "tools/call", "{\"name\":\"hold\"}"));
                } catch (InterruptedException _) {
                  Thread.currentThread().interrupt();
                }
              });
      await().until(() -> sent("\"hold\"").size() == 1);
      assertThat(child.tool("report_held", "{}").result()).isPresent();
      held.join();

      assertThat(child.event()).isEqualTo("broadcast notifications/message");
      assertThat(child.client().heardAll()).isTrue();
      assertThat(other.heardAll()).isTrue();
    }
  }

  @Test
  void wholeServerTellsOfItsChangesOverAPipe() throws Exception {
    try (var child =
        RemoteContext.child(EverythingProcess.command("--era", "modern"), PATIENCE).stateless()) {
      assertThat(child.era(GatewayClient.INSTANCE)).isNotNull();
      var call = "{\"name\":\"%s\",\"arguments\":{},\"_meta\":" + StatelessServer.CLAIM + "}";
      subscribe(child, child.client(), "test://watched-resource"); // from here on it is listened to
      child.send("tools/call", call.formatted("test_trigger_tool_change"));
      assertThat(child.event()).isEqualTo("notifications/tools/list_changed for gateway");

      child.send("tools/call", call.formatted("touch_watched_resource"));
      assertThat(child.client().heard()).contains("resources/updated", "test://watched-resource");
    }
  }
}
