package io.watchgate;

import java.nio.file.Path;
import java.util.Map;

/// Where whoever runs the program keeps what outlives it (XDG Base Directory Specification, state).
final class StateDirectory {
  private StateDirectory() {}

  /// @param environment of the process
  /// @param home directory of the user
  static Path of(Map<String, String> environment, String home) {
    var state = Path.of(environment.getOrDefault("XDG_STATE_HOME", ""));
    var base = state.isAbsolute() ? state : Path.of(home, ".local", "state");
    return base.resolve("watchgate");
  }
}
