package io.watchgate;

import java.util.Map;

/// Whether a person sees what is printed, and how.
final class Terminal {
  private Terminal() {}

  @SuppressWarnings("SystemConsoleNull") // null is what a JVM without a console gives
  static boolean isInteractive() {
    var console = System.console();
    return console != null && console.isTerminal();
  }

  /// Whether colours are wanted (no-color.org).
  ///
  /// @param environment of the process
  static boolean isColoured(Map<String, String> environment) {
    return isInteractive()
        && environment.getOrDefault("NO_COLOR", "").isEmpty()
        && !environment.getOrDefault("TERM", "dumb").equals("dumb");
  }
}
