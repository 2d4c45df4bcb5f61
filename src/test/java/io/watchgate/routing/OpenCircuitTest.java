package io.watchgate.routing;

import static org.assertj.core.api.Assertions.assertThat;

import io.watchgate.flow.GatewayClient;
import io.watchgate.flow.Rejection;
import io.watchgate.flow.Rejection.CircuitOpen;
import io.watchgate.flow.Rejection.Overloaded;
import io.watchgate.flow.Rejection.Reason;
import io.watchgate.jsonrpc.Notification;
import io.watchgate.mcp.ListKind;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/// Lists of a server to which calls are refused while it is there.
class OpenCircuitTest {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final String CHANGED = ListKind.TOOLS.changed();

  private final FakeServer one = new FakeServer("one").tools("read");
  private final FakeServer two = new FakeServer("two").tools("write");
  private final RouterContext context = new RouterContext(one, two);

  @Test
  void theLastKnownEntriesStayWithTheReason() throws Exception {
    assertThat(context.names("tools/list")).containsExactly("one__read", "two__write");
    refuseLists(new CircuitOpen("one", "no disk", SECOND));
    assertThat(context.result("tools/list", "{}"))
        .contains("one__read", "two__write")
        .endsWith("{\"one\":\"its circuit is open, the last failure was: no disk\"}}}");
  }

  @Test
  void otherRefusalsAreGivenInWordsTooWithoutThoseOfTheProgram() throws Exception {
    refuseLists(new Overloaded("one", 5, 5, SECOND));
    assertThat(context.result("tools/list", "{}"))
        .contains("\"one\":\"too many requests: 5 in flight")
        .doesNotContain("Overloaded");
  }

  @Test
  void clientsHearThatWhatTheyMissedCanBeReadAgain() throws Exception {
    var _ = context.send("server/discover", "{}");
    assertThat(context.names("tools/list")).hasSize(2);
    context.switchboard().recovered(one);
    assertThat(context.client().heardAll()).isTrue();
    refuseLists(new CircuitOpen("one", "no disk", SECOND));
    assertThat(context.client().heard()).contains(CHANGED);
    assertThat(context.names("tools/list")).hasSize(2);
    context.switchboard().recovered(two);
    assertThat(context.client().heardAll()).isTrue();
    context.switchboard().recovered(one);
    assertThat(context.client().heard()).contains(CHANGED);
    assertThat(context.client().heardAll()).isTrue();
  }

  private void refuseLists(Reason reason) {
    one.answers(
        "tools/list",
        _ -> {
          throw new Rejection(reason);
        });
    var changed = Notification.of(CHANGED);
    context.switchboard().listChanged(one, changed, GatewayClient.INSTANCE);
  }
}
