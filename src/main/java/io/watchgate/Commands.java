package io.watchgate;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `watchgate` itself, with all that it can do.
@Command(
    name = "watchgate",
    description =
        "A gateway for the Model Context Protocol: one endpoint in front of many servers.",
    versionProvider = Commands.VersionCommand.class,
    synopsisSubcommandLabel = "COMMAND",
    footer = {
      "",
      "Start with:  watchgate demo",
      "More on one: watchgate COMMAND --help",
      "Exit codes:  0 done, 1 failed while running, 2 wrong usage or configuration,",
      "             3 an audit log does not verify"
    },
    subcommands = {
      DemoCommand.class,
      RunCommand.class,
      CheckCommand.class,
      ToolsCommand.class,
      CallCommand.class,
      AgentCommand.class,
      PluginsCommand.class,
      StatusCommand.class,
      ApprovalsCommand.class,
      PinsCommand.class,
      AuditCommand.class,
      DemoServerCommand.class,
      Commands.VersionCommand.class,
      CommandLine.HelpCommand.class,
    })
final class Commands implements Runnable {
  @Spec private @org.jspecify.annotations.Nullable CommandSpec spec;

  @SuppressWarnings("UnusedVariable") // the library acts on it
  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "show this help")
  private boolean help;

  @SuppressWarnings("UnusedVariable") // the library acts on it
  @Option(
      names = {"-V", "--version"},
      versionHelp = true,
      description = "print the version")
  private boolean version;

  /// Runs one command and returns its exit code.
  static int run(String... arguments) {
    return new CommandLine(new Commands())
        .setExecutionExceptionHandler((failure, line, _) -> Failures.of(failure, line.getErr()))
        .setParameterExceptionHandler(new Misuse())
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setUsageHelpWidth(100)
        .execute(arguments);
  }

  @Override
  public void run() {
    java.util.Objects.requireNonNull(spec).commandLine().usage(System.out);
  }

  @Command(name = "version", description = "Prints the version.")
  static final class VersionCommand implements Runnable, CommandLine.IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {"watchgate " + Version.number()};
    }

    @Override
    public void run() {
      System.out.println("watchgate " + Version.number());
    }
  }
}
