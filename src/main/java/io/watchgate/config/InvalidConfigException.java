package io.watchgate.config;

import java.util.List;
import java.util.stream.Collectors;

/// A configuration cannot be used. Holds every problem of the file, in the order of the file; the
/// message prints one a line.
public final class InvalidConfigException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient List<ConfigProblem> problems;

  InvalidConfigException(List<ConfigProblem> problems) {
    super(problems.stream().map(ConfigProblem::toString).collect(Collectors.joining("\n")));
    this.problems = List.copyOf(problems);
  }

  /// All problems, at least one.
  public List<ConfigProblem> problems() {
    return problems;
  }
}
