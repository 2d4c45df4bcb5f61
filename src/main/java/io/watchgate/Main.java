package io.watchgate;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;

/// The command line. Nothing here may mention the library that reads it: the JVM would load that at
/// every start.
public final class Main {
  private Main() {}

  /// Runs one command and ends the process with its exit code: 0 done, 1 failed while running, 2
  /// wrong usage or configuration, 3 an audit log does not verify.
  public static void main(String[] arguments) {
    Shutdown.ownProcess();
    Shutdown.exit(run(arguments));
  }

  static int run(String... arguments) {
    var gateway = RunLine.read(List.of(arguments));
    return gateway.isPresent() ? run(gateway.get()) : Commands.run(arguments);
  }

  private static int run(RunCommand gateway) {
    try {
      return gateway.call();
    } catch (IOException | InterruptedException | RuntimeException failure) {
      return Failures.of(failure, new PrintWriter(System.err, true, System.err.charset()));
    }
  }
}
