package io.watchgate.audit;

import io.watchgate.flow.Time;
import java.time.Duration;

/// What a log counts. One thread counts, any reads.
final class LogCounts {
  private final Time time;
  private volatile long lines;
  private volatile long bytes;
  private volatile long forces;
  private volatile long forcedNanos;
  private volatile long rotations;
  private volatile long lost;
  private long began;

  LogCounts(Time time) {
    this.time = time;
  }

  void wrote(long moreLines, long moreBytes) {
    lines += moreLines;
    bytes += moreBytes;
  }

  void forcing() {
    began = time.nanos();
  }

  void forced() {
    forces++;
    forcedNanos += time.nanos() - began;
  }

  void rotated() {
    rotations++;
  }

  void lost(long more) {
    lost += more;
  }

  long lines() {
    return lines;
  }

  long bytes() {
    return bytes;
  }

  long forces() {
    return forces;
  }

  /// All forces together.
  Duration timeOfForces() {
    return Duration.ofNanos(forcedNanos);
  }

  long rotations() {
    return rotations;
  }

  long lost() {
    return lost;
  }
}
