package io.watchgate.flow;

import java.time.Duration;

/// A point in time on a clock.
///
/// @param nanos the reading at which it is reached
public record Deadline(Time time, long nanos) {
  /// So far away that nobody waits for it: 100 years.
  public static final Deadline NEVER = after(Duration.ofDays(36_500), Time.REAL);

  public static Deadline after(Duration duration, Time time) {
    return new Deadline(time, time.nanos() + duration.toNanos());
  }

  /// How long until then; not positive once it is reached.
  public long remainingNanos() {
    return nanos - time.nanos();
  }

  public Deadline plus(Duration duration) {
    return new Deadline(time, nanos + duration.toNanos());
  }

  public Deadline orSooner(Deadline other) {
    long later =
        time.equals(other.time) ? nanos - other.nanos : remainingNanos() - other.remainingNanos();
    return later <= 0 ? this : other;
  }
}
