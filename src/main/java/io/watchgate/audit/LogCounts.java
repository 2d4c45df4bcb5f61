package io.watchgate.audit;

import io.watchgate.flow.Time;
import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;

/// What a log counts. One thread counts, any reads.
final class LogCounts {
  private final Time time;
  private final LongAdder lines = new LongAdder();
  private final LongAdder bytes = new LongAdder();
  private final LongAdder forces = new LongAdder();
  private final LongAdder nanosOfForces = new LongAdder();
  private final LongAdder rotations = new LongAdder();
  private final LongAdder lost = new LongAdder();
  private long began;

  LogCounts(Time time) {
    this.time = time;
  }

  void wrote(long moreLines, long moreBytes) {
    lines.add(moreLines);
    bytes.add(moreBytes);
  }

  void forcing() {
    began = time.nanos();
  }

  void forced() {
    forces.increment();
    nanosOfForces.add(time.nanos() - began);
  }

  void rotated() {
    rotations.increment();
  }

  /// More records are in no line, and a line says so.
  void lost(long more) {
    lost.add(more);
  }

  long lines() {
    return lines.sum();
  }

  long bytes() {
    return bytes.sum();
  }

  long forces() {
    return forces.sum();
  }

  /// All forces together.
  Duration timeOfForces() {
    return Duration.ofNanos(nanosOfForces.sum());
  }

  long rotations() {
    return rotations.sum();
  }

  long lost() {
    return lost.sum();
  }
}
