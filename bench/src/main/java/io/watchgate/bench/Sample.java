package io.watchgate.bench;

import org.HdrHistogram.Histogram;

/// What one run of load has shown. Latencies are in nanoseconds.
record Sample(Histogram latencies, long nanos) {
  private static final long LONGEST = 120_000_000_000L;

  static Histogram histogram() {
    return new Histogram(1000, LONGEST, 3);
  }

  long calls() {
    return latencies.getTotalCount();
  }

  double callsPerSecond() {
    return calls() * 1e9 / nanos;
  }

  double micros(double percentile) {
    return latencies.getValueAtPercentile(percentile) / 1e3;
  }
}
