package io.watchgate.middleware;

import io.watchgate.jsonrpc.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Which tools may destroy something, by what their servers say of them.
final class Destructive {
  private static final int MOST_TOOLS = 10_000;

  private final Kind kind;
  private final Map<Tool, Boolean> known = new LinkedHashMap<>(16, 0.75f, true);

  private record Tool(String server, String name) {}

  Destructive(Kind kind) {
    this.kind = kind;
  }

  /// How a server's annotations are read.
  enum Kind {
    /// They are not.
    IGNORED,
    /// A tool is destructive when its server says so.
    HINTED,
    /// A tool is destructive unless its server says that it is not, or that it only reads, as the
    /// protocol has it.
    ASSUMED
  }

  void learn(String server, Json list) {
    for (var definition : list.member("tools").map(Json::elements).orElse(List.of())) {
      var name = definition.textMember("name").orElse("");
      var hints = definition.member("annotations").orElse(Json.EMPTY_OBJECT);
      put(new Tool(server, name), isDestructive(hints));
    }
  }

  private boolean isDestructive(Json hints) {
    var hint = hints.member("destructiveHint");
    boolean isReading = hints.member("readOnlyHint").filter(Json::isTrue).isPresent();
    return switch (kind) {
      case IGNORED -> false;
      case HINTED -> hint.filter(Json::isTrue).isPresent();
      case ASSUMED -> !isReading && hint.map(Json::isTrue).orElse(true);
    };
  }

  private synchronized void put(Tool tool, boolean isDestructive) {
    known.put(tool, isDestructive);
    if (known.size() > MOST_TOOLS) {
      known.remove(known.keySet().iterator().next());
    }
  }

  /// Of a tool that was in no list nothing is known.
  synchronized boolean has(String server, String tool) {
    return known.getOrDefault(new Tool(server, tool), kind == Kind.ASSUMED);
  }
}
