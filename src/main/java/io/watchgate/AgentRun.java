package io.watchgate;

import io.watchgate.agents.AgentsSettings;
import io.watchgate.agents.Order;
import io.watchgate.agents.Refusal;
import io.watchgate.agents.Result;
import io.watchgate.agents.Result.Status;
import io.watchgate.config.AgentAssembly;
import io.watchgate.config.GatewayConfig;
import java.io.IOException;

/// What the commands for agents do.
///
/// @param settings what is configured, or what ships where nothing is
record AgentRun(GatewayConfig config, AgentsSettings settings) {
  static AgentRun of(GatewayConfig config) {
    return new AgentRun(config, config.agents().orElseGet(AgentAssembly::standard));
  }

  /// Runs one agent.
  ///
  /// @return the exit code
  int run(String type, String repository, String query, boolean json)
      throws IOException, InterruptedException {
    var progress = new AgentProgress(System.err, Terminal.isInteractive());
    try (var gateway = new Gateway(config);
        var agents = Agency.agents(gateway, settings)) {
      Shutdown.beforeBreak(gateway::close);
      var order = new Order(type, repository, query, "local", false);
      var result = agents.start(order, progress).await();
      progress.clear();
      print(result, json);
      return result.status() == Status.COMPLETED ? 0 : Failures.FAILED;
    } catch (Refusal refusal) {
      System.err.println("watchgate: " + refusal.what());
      return Failures.MISUSED;
    }
  }

  private static void print(Result result, boolean json) {
    if (json) {
      System.out.println(result.toJson());
      return;
    }
    for (var one : result.degraded()) {
      System.err.println("watchgate: without server \"" + one.server() + "\": " + one.reason());
    }
    result.error().ifPresent(why -> System.err.println("watchgate: " + why));
    if (!result.answer().isEmpty()) {
      System.out.println(printable(result.answer()));
    }
  }

  /// A model's words, that do nothing to the terminal.
  private static String printable(String words) {
    return words
        .codePoints()
        .map(c -> Character.isISOControl(c) && c != '\n' && c != '\t' ? '?' : c)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  /// Lists the types.
  ///
  /// @return the exit code
  int list() {
    var table = new Table();
    table.add("TYPE", "MODEL", "DESCRIPTION");
    for (var type : settings.types().values()) {
      table.add(type.name(), type.model().orElse(settings.defaultModel()), type.description());
    }
    table.print(System.out);
    return 0;
  }
}
