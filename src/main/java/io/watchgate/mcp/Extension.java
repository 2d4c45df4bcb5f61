package io.watchgate.mcp;

/// The extensions of the protocol that the gateway treats in a way of their own.
public final class Extension {
  /// Tasks as they are since 2026-07-28.
  public static final String TASKS = "io.modelcontextprotocol/tasks";

  private Extension() {}
}
