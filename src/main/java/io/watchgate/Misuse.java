package io.watchgate;

import picocli.CommandLine;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/// Tells a person what is wrong with a command line, in a few lines and not with the whole help.
final class Misuse implements IParameterExceptionHandler {
  @Override
  public int handleParseException(ParameterException misuse, String[] arguments) {
    var line = misuse.getCommandLine();
    var err = line.getErr();
    err.println("watchgate: " + what(misuse));
    boolean _ = UnmatchedArgumentException.printSuggestions(misuse, err);
    var command = line.getCommandSpec().qualifiedName();
    var advice = "`" + command + " --help` shows what it takes";
    err.println("Try " + advice.replaceFirst(" shows.*", "."));
    if (line.getCommand() instanceof RunCommand && !java.util.List.of(arguments).contains("http")) {
      StartupFailure.tellClient(
          what(misuse), "correct the arguments in the client's configuration: " + advice);
    }
    return CommandLine.ExitCode.USAGE;
  }

  private static String what(ParameterException misuse) {
    return misuse instanceof UnmatchedArgumentException unmatched
            && !unmatched.isUnknownOption()
            && misuse.getCommandLine().getCommand() instanceof Commands
        ? "there is no command \"" + unmatched.getUnmatched().getFirst() + "\""
        : String.valueOf(misuse.getMessage());
  }
}
