package io.watchgate.flow;

import java.time.Duration;

/// A point on the clock of {@link System#nanoTime()}.
///
/// @param nanos the reading at which it is reached
public record Deadline(long nanos) {
  /// So far away that nobody waits for it: 100 years.
  public static final Deadline NEVER = after(Duration.ofDays(36_500));

  public static Deadline after(Duration duration) {
    return new Deadline(System.nanoTime() + duration.toNanos());
  }

  /// How long until then; not positive once it is reached.
  public long remainingNanos() {
    return nanos - System.nanoTime();
  }

  public Deadline orSooner(Deadline other) {
    return nanos - other.nanos <= 0 ? this : other;
  }
}
