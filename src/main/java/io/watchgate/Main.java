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
    var words = List.of(arguments);
    if (words.equals(List.of("rehearse"))) {
      return run(Rehearsal::run);
    }
    var gateway = RunLine.read(words);
    return gateway.isPresent() ? run(gateway.get()::call) : Commands.run(arguments);
  }

  /// What needs no library to be understood.
  private interface Plain {
    int run() throws IOException, InterruptedException;
  }

  private static int run(Plain command) {
    try {
      return command.run();
    } catch (IOException | InterruptedException | RuntimeException failure) {
      return Failures.of(failure, new PrintWriter(System.err, true, System.err.charset()));
    }
  }
}
