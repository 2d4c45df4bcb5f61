package io.watchgate;

import static io.watchgate.GatewayContext.server;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.watchgate.config.TestOptions;
import io.watchgate.jsonrpc.Json;
import io.watchgate.middleware.ToolManagerFactory;
import io.watchgate.plugin.Home;
import io.watchgate.plugin.Plugin;
import io.watchgate.plugin.PluginFactory;
import io.watchgate.security.toolguard.ToolGuardFactory;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Which tools clients get, through the whole gateway.
class ToolScenariosTest {
  @TempDir private Path state = Path.of("");

  private Plugin plugin(PluginFactory factory, String yaml) throws IOException {
    var home = new Home(state, () -> Instant.EPOCH, _ -> {}, new Random(1));
    return factory.read(TestOptions.of(yaml)).make(home);
  }

  @Test
  void hiddenToolIsAnsweredLikeOneThatIsNotThere() throws IOException {
    var manager = plugin(new ToolManagerFactory(), "deny: [count]");
    try (var context =
        GatewayContext.with(server("a"), server("b")).plugin("tool_manager", manager).start()) {
      var client = context.client();
      var hidden = client.call("a__count", Json.EMPTY_OBJECT).error().orElseThrow();
      var absent = client.call("a__never", Json.EMPTY_OBJECT).error().orElseThrow();

      assertThat(hidden.toString().replace("count", "never")).isEqualTo(absent.toString());
      assertThat(hidden.toString()).contains("unknown tool: a__count", "unknown_tool");
    }
  }

  @Test
  void renamedToolAnswersToItsNewNameAlone() throws IOException {
    var manager = plugin(new ToolManagerFactory(), "tools: [{tool: echo, display_name: say}]");
    try (var context =
        GatewayContext.with(server("a"), server("b")).plugin("tool_manager", manager).start()) {
      var client = context.client();

      assertThat(client.text("a__say", Json.object("text", "hello"))).isEqualTo("hello");
      assertThat(client.call("a__echo", Json.EMPTY_OBJECT).errorMessage())
          .isEqualTo("unknown tool: a__echo");
    }
  }

  @Test
  void toolThatIsApprovedWhileTheGatewayRunsCanBeCalled() throws IOException {
    var guard = plugin(new ToolGuardFactory(), "mode: approve");
    try (var context =
        GatewayContext.with(server("a"), server("b")).plugin("tool_guard", guard).start()) {
      var client = context.client();
      assertThat(client.call("a__echo", Json.EMPTY_OBJECT).errorMessage())
          .isEqualTo("unknown tool: a__echo");
      assertThat(Captured.run("pins", "approve", "a", "echo", "--state", state.toString()).code())
          .isZero();
      var said = Json.object("text", "hello");
      await().until(() -> client.call("a__echo", said).error().isEmpty());
    }
  }
}
