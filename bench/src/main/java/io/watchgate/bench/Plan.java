package io.watchgate.bench;

import java.time.Duration;

/// How long things are measured.
///
/// @param warm before anything counts
/// @param warmCalls calls before anything counts of what is compiled while it runs
/// @param warmAtMost when that is over all the same
/// @param rounds how often each is put under full load
/// @param busy how long each time
/// @param paced how long calls come at half of the rate that was reached
record Plan(
    Duration warm, int warmCalls, Duration warmAtMost, int rounds, Duration busy, Duration paced) {

  static final Plan FULL =
      new Plan(
          Duration.ofSeconds(1),
          60_000,
          Duration.ofSeconds(20),
          3,
          Duration.ofSeconds(1),
          Duration.ofSeconds(3));
  static final Plan QUICK =
      new Plan(
          Duration.ofMillis(500),
          40_000,
          Duration.ofSeconds(20),
          3,
          Duration.ofMillis(500),
          Duration.ofSeconds(1));
}
