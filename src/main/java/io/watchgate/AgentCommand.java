package io.watchgate;

import io.watchgate.agents.AgentsSettings;
import io.watchgate.agents.Order;
import io.watchgate.agents.Progress;
import io.watchgate.agents.Refusal;
import io.watchgate.agents.Result;
import io.watchgate.agents.Step;
import io.watchgate.config.AgentAssembly;
import io.watchgate.config.GatewayConfig;
import java.io.IOException;
import java.io.PrintStream;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Agents from the command line.
@Command(
    name = "agent",
    description = "Has agents use the tools: run one, or list the types that there are.",
    synopsisSubcommandLabel = "COMMAND",
    mixinStandardHelpOptions = true,
    subcommands = {AgentCommand.RunAgent.class, AgentCommand.ListAgents.class})
final class AgentCommand implements Runnable {
  @Spec private @org.jspecify.annotations.Nullable CommandSpec spec;

  @Override
  public void run() {
    throw new CommandLine.ParameterException(
        java.util.Objects.requireNonNull(spec).commandLine(), "run or list is missing");
  }

  /// What is configured, or what ships where nothing is.
  private static AgentsSettings settings(GatewayConfig config) {
    return config.agents().orElseGet(AgentAssembly::standard);
  }

  /// Runs one agent in this process.
  @Command(
      name = "run",
      description = "Runs an agent through the whole gateway and prints its answer.")
  static final class RunAgent implements Callable<Integer> {
    @Mixin private ConfigOptions options = new ConfigOptions();

    @Parameters(index = "0", paramLabel = "TYPE", description = "as `watchgate agent list` has it")
    private String type = "";

    @Parameters(index = "1", paramLabel = "QUERY", description = "what is wanted of it")
    private String query = "";

    @Option(names = "--repository", paramLabel = "NAME", description = "what it is about")
    private String repository = "";

    @Option(names = "--json", description = "print the whole result as JSON")
    private boolean json;

    @Override
    public Integer call() throws IOException, InterruptedException {
      var config = options.loadOnce();
      try (var gateway = new Gateway(config);
          var agents = Agency.agents(gateway, settings(config))) {
        Shutdown.beforeBreak(gateway::close);
        var job = agents.start(new Order(type, repository, query, "local", false), live());
        var result = job.await();
        print(result);
        return result.status() == Result.Status.COMPLETED ? 0 : Failures.FAILED;
      } catch (Refusal refusal) {
        System.err.println("watchgate: " + refusal.what());
        return Failures.MISUSED;
      }
    }

    private static Progress live() {
      return Terminal.isInteractive()
          ? new LiveProgress(System.err)
          : new PlainProgress(System.err);
    }

    private void print(Result result) {
      if (json) {
        System.out.println(result.toJson());
        return;
      }
      result
          .degraded()
          .forEach(one ->
              System.err.println("without server \"" + one.server() + "\": " + one.reason()));
      result.error().ifPresent(why -> System.err.println("watchgate: " + why));
      if (!result.answer().isEmpty()) {
        System.out.println(printable(result.answer()));
      }
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
  @Command(name = "list", description = "Lists the types of agents that there are.")
  static final class ListAgents implements Callable<Integer> {
    @Mixin private ConfigOptions options = new ConfigOptions();

    @Override
    public Integer call() {
      var settings = settings(options.loadOnce());
      var table = new Table();
      table.add("TYPE", "MODEL", "DESCRIPTION");
      settings
          .types()
          .values()
          .forEach(type ->
              table.add(
                  type.name(), type.model().orElse(settings.defaultModel()), type.description()));
      table.print(System.out);
      return 0;
    }
  }

  /// A line for each thing that happens.
  private record PlainProgress(PrintStream out) implements Progress {
    @Override
    public void began(String execution) {
      out.println(execution + " began");
    }

    @Override
    public void ended(Step step) {
      out.println(line(step));
    }
  }

  /// What is going on, in one line that changes, above which the steps stay.
  private static final class LiveProgress implements Progress {
    private static final String ERASE = "\r\u001b[K";

    private final PrintStream out;

    LiveProgress(PrintStream out) {
      this.out = out;
    }

    @Override
    public synchronized void began(String execution) {
      out.print(ERASE + execution + ": thinking ...");
      out.flush();
    }

    @Override
    public synchronized void calling(String tool) {
      out.print(ERASE + "calling " + tool + " ...");
      out.flush();
    }

    @Override
    public synchronized void ended(Step step) {
      out.println(ERASE + line(step));
      out.print("thinking ...");
      out.flush();
    }
  }

  private static String line(Step step) {
    return "  %s %s after %d ms"
        .formatted(step.tool(), step.outcome().label(), step.took().toMillis());
  }
}
