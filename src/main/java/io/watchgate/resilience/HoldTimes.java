package io.watchgate.resilience;

import java.time.Duration;

/// How long places are held, to tell whoever finds none when to come again. Guarded by the limit's
/// lock.
final class HoldTimes {
  /// Sooner than that nobody is asked to come back: the answer alone takes as long.
  private static final Duration SHORTEST = Duration.ofMillis(100);

  /// Later than that nobody is: how long places will be held becomes a guess.
  private static final Duration LONGEST = Duration.ofSeconds(10);

  /// The newest time counts this part in the average.
  private static final int WEIGHT = 16;

  private long averageNanos;
  private long sumOfStarts;

  void began(long now) {
    sumOfStarts += now;
  }

  void ended(long started, long now) {
    sumOfStarts -= started;
    averageNanos += (now - started - averageNanos) / WEIGHT;
  }

  /// As long as places were held on average, or have been held already where that is longer, once
  /// for each round of those who wait.
  Duration untilNext(int held, int waiting, int limit, long now) {
    long age = held == 0 ? 0 : (held * now - sumOfStarts) / held;
    long rounds = 1L + waiting / limit;
    long nanos = Math.min(LONGEST.toNanos(), Math.max(averageNanos, age)) * rounds;
    return Duration.ofNanos(Math.clamp(nanos, SHORTEST.toNanos(), LONGEST.toNanos()));
  }
}
