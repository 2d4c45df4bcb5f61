package io.watchgate.config;

import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What was found wrong in one file so far.
final class Problems {
  private static final Comparator<ConfigProblem> ORDER =
      Comparator.comparingInt(ConfigProblem::line).thenComparingInt(ConfigProblem::column);

  private final Path file;
  private final Set<ConfigProblem> found = new LinkedHashSet<>();

  Problems(Path file) {
    this.file = file;
  }

  void add(Position at, String path, String message) {
    add(at, path, message, Optional.empty());
  }

  void add(Position at, String path, String message, Optional<String> suggestion) {
    found.add(
        new ConfigProblem(
            file, at.line(), at.column(), oneLine(path), oneLine(message), suggestion));
  }

  /// A problem is one line, whatever the file holds, and never moves a terminal's cursor.
  private static String oneLine(String text) {
    return text.replace("\n", "\\n").replaceAll("\\p{Cntrl}", "?");
  }

  /// Stops here when anything was found.
  void throwIfAny() {
    if (!found.isEmpty()) {
      throw new InvalidConfigException(found());
    }
  }

  int size() {
    return found.size();
  }

  List<ConfigProblem> found() {
    return found.stream().sorted(ORDER).toList();
  }
}
