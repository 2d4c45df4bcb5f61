package io.watchgate.config;

import java.nio.file.Path;
import java.util.Optional;

/// One thing that is wrong in a configuration, and where.
///
/// @param file as it was given to the loader
/// @param line counted from 1
/// @param column counted from 1, in characters
/// @param path such as `proxy.upstreams[1].name`, empty for the file as a whole
/// @param message what is wrong and what is expected; never shows the value of a reference
/// @param suggestion the nearest known name, when one is near
public record ConfigProblem(
    Path file, int line, int column, String path, String message, Optional<String> suggestion) {

  /// `FILE:LINE:COLUMN: PATH: MESSAGE (did you mean "NAME"?)`.
  @Override
  public String toString() {
    var where = file + ":" + line + ":" + column + ": " + (path.isEmpty() ? "" : path + ": ");
    return where + message + suggestion.map(" (did you mean \"%s\"?)"::formatted).orElse("");
  }
}
