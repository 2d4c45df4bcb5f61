package io.watchgate;

import picocli.CommandLine;

/// The command line.
public final class Main {
  private Main() {}

  /// Runs one command and ends the process with its exit code: 0 done, 1 failed while running, 2
  /// wrong usage or configuration, 3 an audit log does not verify.
  public static void main(String[] arguments) {
    Shutdown.ownProcess();
    Shutdown.exit(run(arguments));
  }

  static int run(String... arguments) {
    return new CommandLine(new Commands())
        .setExecutionExceptionHandler(new Failures())
        .setParameterExceptionHandler(new Misuse())
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setUsageHelpWidth(100)
        .execute(arguments);
  }
}
