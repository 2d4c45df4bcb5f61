package io.watchgate.mcp;

/// The two ways in which MCP is spoken.
public enum Era {
  /// Revisions up to 2025-11-25: a session opens with `initialize`.
  HANDSHAKE,
  /// From 2026-07-28 on: every request carries its revision and capabilities.
  STATELESS;

  public Era other() {
    return this == HANDSHAKE ? STATELESS : HANDSHAKE;
  }
}
