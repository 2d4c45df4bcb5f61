package io.watchgate.config;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;

/// What a configuration is read against: where it lies, and the environment of the process.
record Places(Path file, Map<String, String> environment) {

  /// A path of the file: `~` is the home directory, anything relative starts beside the file.
  Path resolve(String path) {
    var directory = file.toAbsolutePath().normalize().getParent();
    var expanded =
        path.equals("~") || path.startsWith("~/") ? home(environment) + path.substring(1) : path;
    try {
      return directory == null ? Path.of(expanded) : directory.resolve(expanded).normalize();
    } catch (InvalidPathException e) {
      // Only a NUL is refused on Unix, and no file has such a name.
      return Path.of(expanded.replaceAll("\\p{Cntrl}", "?"));
    }
  }

  static String home(Map<String, String> environment) {
    return environment.getOrDefault("HOME", System.getProperty("user.home", "/"));
  }
}
