package io.watchgate.downstream;

import io.watchgate.jsonrpc.Field;
import io.watchgate.jsonrpc.Notification;
import io.watchgate.mcp.LogLevel;

/// How severe a log message is, against the least that a client wants to hear.
final class Severity {
  private Severity() {}

  /// Whether a log message is for a client that asked for a level; one whose severity nobody knows
  /// is for everybody.
  static boolean reaches(Notification message, LogLevel least) {
    return message
        .text(Field.LEVEL)
        .flatMap(LogLevel::of)
        .map(severity -> severity.compareTo(least) >= 0)
        .orElse(true);
  }
}
