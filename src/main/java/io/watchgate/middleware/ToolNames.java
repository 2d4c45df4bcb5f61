package io.watchgate.middleware;

import io.watchgate.mcp.NamePattern;
import io.watchgate.plugin.Options;
import java.util.List;

/// Names of tools that a configuration means, by patterns.
record ToolNames(List<NamePattern> patterns) {

  static ToolNames read(Options options, String key) {
    return new ToolNames(options.texts(key).stream().map(NamePattern::new).toList());
  }

  boolean has(String tool) {
    return patterns.stream().anyMatch(pattern -> pattern.matches(tool));
  }

  /// Whether a tool is meant where no pattern means all tools.
  boolean hasOrIsEmpty(String tool) {
    return patterns.isEmpty() || has(tool);
  }
}
