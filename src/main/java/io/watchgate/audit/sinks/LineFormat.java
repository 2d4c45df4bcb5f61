package io.watchgate.audit.sinks;

import io.watchgate.plugin.AuditRecord;
import java.util.Optional;

/// How a record becomes one line of a file.
interface LineFormat {
  /// The line that a file begins with, without its end.
  default Optional<String> header() {
    return Optional.empty();
  }

  /// A line without its end, and without any other.
  String line(AuditRecord record);
}
