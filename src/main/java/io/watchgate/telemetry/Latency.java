package io.watchgate.telemetry;

import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;

/// How long answers took, in a fixed amount of memory: durations of a microsecond to hours are
/// counted in ranges none of which is wider than 1/32 of its start. Many threads may record at
/// once, without a lock.
final class Latency {
  /// Each doubling of the duration has this many ranges.
  private static final int STEPS = 32;

  private static final int STEP_BITS = 5;

  /// Durations from 2 to the power of this many microseconds on, 9.5 hours, count as one.
  private static final int MAX_BITS = 35;

  private static final int RANGES = (MAX_BITS - STEP_BITS + 1) * STEPS;

  private final AtomicLongArray counts = new AtomicLongArray(RANGES);
  private final LongAdder sumNanos = new LongAdder();

  void record(long nanos) {
    long micros = Math.max(0, TimeUnit.NANOSECONDS.toMicros(nanos));
    counts.incrementAndGet(range(Math.min(micros, (1L << MAX_BITS) - 1)));
    sumNanos.add(Math.max(0, nanos));
  }

  Duration sum() {
    return Duration.ofNanos(sumNanos.sum());
  }

  long count() {
    long count = 0;
    for (int i = 0; i < RANGES; i++) {
      count += counts.get(i);
    }
    return count;
  }

  /// The duration in nanoseconds that this part of all answers did not exceed.
  ///
  /// @param part above 0, at most 1: 0.5 is the median
  /// @return empty while nothing was recorded
  OptionalLong percentile(double part) {
    long wanted = Math.max(1, (long) Math.ceil(part * count()));
    long seen = 0;
    for (int i = 0; i < RANGES; i++) {
      seen += counts.get(i);
      if (seen >= wanted) {
        return OptionalLong.of(TimeUnit.MICROSECONDS.toNanos(start(i) + start(i + 1)) / 2);
      }
    }
    return OptionalLong.empty();
  }

  /// Where a duration is counted: below 32 µs every microsecond has a range of its own, above that
  /// the range is told by the highest bit and the five bits behind it.
  private static int range(long micros) {
    if (micros < STEPS) {
      return (int) micros;
    }
    int doublings = Long.SIZE - 1 - Long.numberOfLeadingZeros(micros) - STEP_BITS;
    return doublings * STEPS + (int) (micros >> doublings);
  }

  private static long start(int range) {
    if (range < STEPS) {
      return range;
    }
    int doublings = range / STEPS - 1;
    return (long) (range - doublings * STEPS) << doublings;
  }
}
