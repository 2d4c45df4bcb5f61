package io.watchgate;

import io.watchgate.config.ConfigNotFoundException;
import io.watchgate.config.InvalidConfigException;
import java.io.IOException;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;

/// Tells a person why a command failed, without a stack trace where the cause is not ours.
final class Failures implements IExecutionExceptionHandler {
  static final int FAILED = 1;
  static final int MISUSED = 2;
  static final int UNVERIFIED = 3;

  @Override
  public int handleExecutionException(Exception failure, CommandLine line, ParseResult parsed) {
    return switch (failure) {
      case InvalidConfigException invalid -> tell(line, invalid, MISUSED);
      case ConfigNotFoundException missing -> tell(line, missing, MISUSED);
      case IOException io -> tell(line, io, FAILED);
      case InterruptedException interrupted -> tell(line, interrupted, FAILED);
      default -> {
        failure.printStackTrace(line.getErr());
        yield FAILED;
      }
    };
  }

  private static int tell(CommandLine line, Exception failure, int code) {
    line.getErr().println("watchgate: " + failure.getMessage());
    return code;
  }
}
