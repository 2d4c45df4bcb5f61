package io.watchgate.flow;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;

/// How long things took, counted in a few ranges that are the same everywhere. Recording takes
/// neither a lock nor memory; any number of threads may do it at once.
public final class Histogram {
  /// The upper ends of all ranges but the last, in seconds: from what the gateway itself takes to
  /// what a slow tool does.
  public static final List<Double> BOUNDS =
      List.of(
          0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0,
          30.0, 60.0);

  private static final double NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);
  private static final long[] ENDS =
      BOUNDS.stream().mapToLong(seconds -> Math.round(seconds * NANOS_PER_SECOND)).toArray();

  private final AtomicLongArray counts = new AtomicLongArray(ENDS.length + 1);
  private final LongAdder sum = new LongAdder();

  /// What was counted up to a moment.
  ///
  /// @param counts of each range, the last one without an end
  public record Snapshot(List<Long> counts, double sumSeconds) {
    public Snapshot {
      counts = List.copyOf(counts);
    }

    public long count() {
      return counts.stream().mapToLong(Long::longValue).sum();
    }
  }

  /// Counts one duration.
  public void record(long nanos) {
    int range = 0;
    while (range < ENDS.length && nanos > ENDS[range]) {
      range++;
    }
    counts.incrementAndGet(range);
    sum.add(Math.max(0, nanos));
  }

  public Snapshot snapshot() {
    var now = new ArrayList<Long>();
    for (int i = 0; i < counts.length(); i++) {
      now.add(counts.get(i));
    }
    return new Snapshot(now, sum.sum() / NANOS_PER_SECOND);
  }
}
