package io.watchgate.agents.models;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The names of tools as providers of models take them: of few characters, and short.
final class WireNames {
  private static final int LONGEST = 64;

  private final Map<String, String> wire = new HashMap<>();
  private final Map<String, String> own = new HashMap<>();

  WireNames(List<ToolSpec> tools) {
    tools.forEach(tool -> add(tool.name()));
  }

  private void add(String name) {
    var plain = new StringBuilder();
    name.chars().limit(LONGEST).forEach(c -> plain.append(isPlain(c) ? (char) c : '_'));
    var unique = plain.isEmpty() ? "_" : plain.toString();
    for (int i = 2; own.containsKey(unique); i++) {
      var end = "_" + i;
      var start = plain.substring(0, Math.min(plain.length(), LONGEST - end.length()));
      unique = start + end;
    }
    wire.put(name, unique);
    own.put(unique, name);
  }

  private static boolean isPlain(int c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || c == '_'
        || c == '-';
  }

  /// For the provider; what is no tool is spelled alike, for it was the model's own.
  String outward(String name) {
    return wire.getOrDefault(name, name);
  }

  /// What the gateway calls it.
  String inward(String name) {
    return own.getOrDefault(name, name);
  }
}
