package io.watchgate.mcp;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/// The severities of `notifications/message` (RFC 5424), least first.
public enum LogLevel {
  DEBUG,
  INFO,
  NOTICE,
  WARNING,
  ERROR,
  CRITICAL,
  ALERT,
  EMERGENCY;

  public static Optional<LogLevel> of(String text) {
    return Stream.of(values()).filter(level -> level.toString().equals(text)).findFirst();
  }

  /// As it stands on the wire.
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
