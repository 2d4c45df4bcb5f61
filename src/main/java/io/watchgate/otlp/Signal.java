package io.watchgate.otlp;

/// What a collector takes, each on a path of its own.
public enum Signal {
  TRACES("/v1/traces", "rejectedSpans"),
  METRICS("/v1/metrics", "rejectedDataPoints"),
  LOGS("/v1/logs", "rejectedLogRecords");

  final String path;

  /// Under which an answer says how much of a batch was not taken.
  final String rejected;

  Signal(String path, String rejected) {
    this.path = path;
    this.rejected = rejected;
  }
}
