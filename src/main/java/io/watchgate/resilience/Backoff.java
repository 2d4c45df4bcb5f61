package io.watchgate.resilience;

import java.time.Duration;
import java.util.random.RandomGenerator;

/// How long to wait before a call is made again: longer each time, and not all calls equally long.
///
/// @param first before the first repeat, doubled for each one after it
/// @param most longest wait
/// @param jitter part of each wait that is random, from 0 to 1
/// @param random safe for any number of threads
public record Backoff(Duration first, Duration most, double jitter, RandomGenerator random) {
  /// How long to wait before a repeat.
  ///
  /// @param repeat 1 for the first one
  public Duration before(int repeat) {
    double full =
        Math.min((double) first.toNanos() * Math.pow(2, repeat - 1), (double) most.toNanos());
    return Duration.ofNanos((long) (full * (1 - jitter * random.nextDouble())));
  }
}
