package io.watchgate;

import java.io.IOException;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Agents from the command line. Names no class of theirs: whoever reads the command line would
/// load them.
@Command(
    name = "agent",
    description = "Has agents use the tools: runs one, or lists the types that there are.",
    synopsisSubcommandLabel = "COMMAND",
    mixinStandardHelpOptions = true,
    subcommands = {AgentCommand.RunAgent.class, AgentCommand.ListAgents.class})
final class AgentCommand implements Runnable {
  @Spec private @Nullable CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(
        Objects.requireNonNull(spec).commandLine(), "say what to do: run or list");
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
      return AgentRun.of(options.loadOnce()).run(type, repository, query, json);
    }
  }

  /// Lists the types.
  @Command(name = "list", description = "Lists the types of agents that there are.")
  static final class ListAgents implements Callable<Integer> {
    @Mixin private ConfigOptions options = new ConfigOptions();

    @Override
    public Integer call() {
      return AgentRun.of(options.loadOnce()).list();
    }
  }
}
