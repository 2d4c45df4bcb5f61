package io.watchgate.middleware;

import io.watchgate.plugin.Options;
import java.util.List;
import java.util.Optional;

/// What is cut out of the results of some tools.
///
/// @param paths as they are written, for the note
record PruneRule(
    ToolNames tools,
    Optional<TextLimit> limit,
    Optional<JsonSelection> selection,
    List<String> paths) {
  private static final int LEAST = 100;
  private static final int MOST = 16 << 20;
  private static final int MOST_PATHS = 50;

  static PruneRule read(Options options) {
    var tools = ToolNames.read(options, "tools");
    var limit = limit(options);
    var paths = options.texts("select");
    if (paths.size() > MOST_PATHS) {
      options.problem("select", "has " + paths.size() + " paths, more than " + MOST_PATHS);
    }
    if (limit.isEmpty() && paths.isEmpty()) {
      options.problem("max_bytes", "is missing: a rule needs max_bytes, max_tokens or select");
    }
    return new PruneRule(tools, limit, selection(options, paths), paths);
  }

  private static Optional<TextLimit> limit(Options options) {
    int bytes = options.bytes("max_bytes", LEAST, MOST, MOST);
    int tokens = options.integer("max_tokens", LEAST, MOST, MOST);
    double tail = options.number("tail", 0, 1, 0.25);
    if (options.has("max_tokens")) {
      if (options.has("max_bytes")) {
        options.problem("max_tokens", "cannot stand beside max_bytes: one limit is enough");
      }
      return Optional.of(new TextLimit(TextLimit.Unit.TOKENS, tokens, tail));
    }
    return options.has("max_bytes")
        ? Optional.of(new TextLimit(TextLimit.Unit.BYTES, bytes, tail))
        : Optional.empty();
  }

  private static Optional<JsonSelection> selection(Options options, List<String> paths) {
    try {
      return paths.isEmpty() ? Optional.empty() : Optional.of(JsonSelection.of(paths));
    } catch (IllegalArgumentException wrong) {
      options.problem("select", String.valueOf(wrong.getMessage()));
      return Optional.empty();
    }
  }
}
