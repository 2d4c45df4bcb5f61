package io.watchgate.audit.sinks;

import java.io.IOException;

/// A target will not keep a batch, or some records of it, however often it is asked.
final class TargetRefused extends IOException {
  private static final long serialVersionUID = 1;

  private final long records;

  /// All records of the batch are refused.
  TargetRefused(String why) {
    this(why, Long.MAX_VALUE);
  }

  /// @param records how many are refused; the others are kept, whichever those are
  TargetRefused(String why, long records) {
    super(why);
    this.records = records;
  }

  long records() {
    return records;
  }
}
