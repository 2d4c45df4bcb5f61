package io.watchgate;

import io.watchgate.config.ConfigNotFoundException;
import io.watchgate.config.InvalidConfigException;
import java.io.IOException;
import java.io.PrintWriter;

/// Tells a person why a command failed, without a stack trace where the cause is not ours.
final class Failures {
  static final int FAILED = 1;
  static final int MISUSED = 2;
  static final int UNVERIFIED = 3;

  private Failures() {}

  /// Tells why a command failed, and returns its exit code.
  static int of(Exception failure, PrintWriter err) {
    return switch (failure) {
      case InvalidConfigException invalid -> tell(err, invalid, MISUSED);
      case ConfigNotFoundException missing -> tell(err, missing, MISUSED);
      case IOException io -> tell(err, io, FAILED);
      case InterruptedException interrupted -> tell(err, interrupted, FAILED);
      default -> {
        failure.printStackTrace(err);
        yield FAILED;
      }
    };
  }

  private static int tell(PrintWriter err, Exception failure, int code) {
    err.println("watchgate: " + failure.getMessage());
    return code;
  }
}
