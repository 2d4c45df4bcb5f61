package io.watchgate.bench;

/// What a client asks for.
///
/// @param name of the tool, empty for a list
/// @param argumentBytes how long the argument of a call is
/// @param contains what its answer has in it
/// @param times how often at least: some gateways have tools of their own
record Operation(String method, String name, int argumentBytes, String contains, int times) {
  static Operation call(String tool, int argumentBytes, String answer) {
    return new Operation("tools/call", tool, argumentBytes, answer, 1);
  }

  static Operation list(int tools) {
    return new Operation("tools/list", "", 0, "\"inputSchema\"", tools);
  }

  String params(String meta) {
    if (name.isEmpty()) {
      return "{" + meta + "}";
    }
    return "{\"name\":\"%s\",\"arguments\":{\"text\":\"%s\"}%s}"
        .formatted(name, Texts.ofLength(argumentBytes), meta.isEmpty() ? "" : "," + meta);
  }

  /// What a stateless request says of its body in its headers.
  String headers() {
    var named = name.isEmpty() ? "" : "Mcp-Name: " + name + "\r\n";
    return "MCP-Protocol-Version: %s\r\nMcp-Method: %s\r\n%s"
        .formatted(Era.STATELESS.version(), method, named);
  }
}
