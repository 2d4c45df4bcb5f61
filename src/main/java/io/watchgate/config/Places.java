package io.watchgate.config;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;

/// What a configuration is read against: where it lies, and the environment of the process.
record Places(Path file, Map<String, String> environment) {
  /// Around what the program itself wrote.
  static final Places NONE = new Places(Path.of("/default"), Map.of());

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

  /// A path with `$NAME` and `${NAME}` replaced from the environment, as a shell does; what is not
  /// set stays as it is written.
  String withVariables(String path) {
    var expanded = new StringBuilder();
    int at = 0;
    while (at < path.length()) {
      int dollar = path.indexOf('$', at);
      if (dollar < 0) {
        return expanded.append(path, at, path.length()).toString();
      }
      boolean isBraced = path.startsWith("{", dollar + 1);
      int start = dollar + (isBraced ? 2 : 1);
      int end = endOfName(path, start);
      int after = isBraced && path.startsWith("}", end) ? end + 1 : end;
      var value = environment.get(path.substring(start, end));
      boolean isWhole = end > start && (!isBraced || after > end);
      expanded.append(path, at, dollar);
      expanded.append(value == null || !isWhole ? path.substring(dollar, after) : value);
      at = after;
    }
    return expanded.toString();
  }

  private static int endOfName(String path, int start) {
    int end = start;
    while (end < path.length() && isNamePart(path.charAt(end), end == start)) {
      end++;
    }
    return end;
  }

  private static boolean isNamePart(char c, boolean isFirst) {
    return c == '_'
        || (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (!isFirst && c >= '0' && c <= '9');
  }

  static String home(Map<String, String> environment) {
    return environment.getOrDefault("HOME", System.getProperty("user.home", "/"));
  }
}
