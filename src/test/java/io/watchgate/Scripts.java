package io.watchgate;

/// Shell scripts that are MCP servers for a moment.
final class Scripts {
  /// Answers `initialize`.
  static final String SHAKE_HANDS =
      """
      read -r line
      id=$(printf '%s' "$line" | sed 's/.*"id":\\([0-9]*\\).*/\\1/')
      printf '{"jsonrpc":"2.0","id":%s,"result":{"protocolVersion":"2025-11-25",' "$id"
      printf '"capabilities":{"tools":{}},"serverInfo":{"name":"sh","version":"1"}}}\\n'
      """;

  private Scripts() {}
}
