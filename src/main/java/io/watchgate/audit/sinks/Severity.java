package io.watchgate.audit.sinks;

import io.watchgate.plugin.AuditRecord;
import io.watchgate.plugin.AuditRecord.Ending;

/// How much a record matters, for those who sort logs by that.
enum Severity {
  INFO(9, 6),
  WARN(13, 4),
  ERROR(17, 3);

  private final int otlp;
  private final int syslog;

  Severity(int otlp, int syslog) {
    this.otlp = otlp;
    this.syslog = syslog;
  }

  /// What was stopped is a warning, what went wrong an error.
  static Severity of(AuditRecord record) {
    return record.ending().map(Ending::outcome).map(Severity::of).orElse(INFO);
  }

  private static Severity of(AuditRecord.Outcome outcome) {
    return switch (outcome) {
      case ALLOWED, MODIFIED, COMPLETED, CANCELLED -> INFO;
      case BLOCKED, OVERLOADED -> WARN;
      case ERROR, TIMEOUT, UNAVAILABLE -> ERROR;
    };
  }

  int otlp() {
    return otlp;
  }

  int syslog() {
    return syslog;
  }
}
