package io.watchgate;

import static io.watchgate.GatewayContext.server;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.watchgate.config.TestOptions;
import io.watchgate.flow.Time;
import io.watchgate.hosting.PluginSettings.Terms;
import io.watchgate.jsonrpc.Json;
import io.watchgate.middleware.ToolManagerFactory;
import io.watchgate.plugin.Home;
import io.watchgate.plugin.Plugin;
import io.watchgate.plugin.PluginFactory;
import io.watchgate.security.toolguard.ToolGuardFactory;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Which tools clients get, through the whole gateway.
class ToolScenariosTest {
  @TempDir private Path state = Path.of("");

  private Plugin plugin(PluginFactory factory, String yaml) throws IOException {
    var home = new Home(state, () -> Instant.EPOCH, Time.REAL::pass, new Random(1));
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

  @Test
  void clientIsToldOfAToolThatIsApprovedAndCanListAndCallIt() {
    var pins = state.resolve("pins");
    var options = TestOptions.of("{mode: approve, directory: '%s'}".formatted(pins));
    var guard = new ToolGuardFactory().read(options);
    try (var context =
        GatewayContext.with(server("a"), server("b"))
            .plugin("tool_guard", new Terms(true, 5, true, Optional.empty()), guard)
            .start()) {
      var client = context.client();
      assertThat(client.request("tools/list", Json.EMPTY_OBJECT).toJson().toString())
          .doesNotContain("a__echo");
      assertThat(Captured.run("pins", "approve", "a", "echo", "--state", state.toString()).code())
          .isZero();
      client.awaitNotification("notifications/tools/list_changed");
      await()
          .untilAsserted(() ->
              assertThat(client.request("tools/list", Json.EMPTY_OBJECT).toJson().toString())
                  .contains("a__echo")
                  .doesNotContain("a__count"));
      assertThat(client.text("a__echo", Json.object("text", "hello"))).isEqualTo("hello");
    }
  }
}
