package io.watchgate.agents;

import io.watchgate.flow.Time;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// So much a minute for each principal, which may be saved for a minute. Who spends more than there
/// is waits until it came in. Safe for any number of threads.
final class Budget {
  private static final long MINUTE = TimeUnit.MINUTES.toNanos(1);

  private final int aMinute;
  private final Time time;
  private final Map<String, Purse> purses = new HashMap<>();

  /// @param aMinute 0 for any amount
  Budget(int aMinute, Time time) {
    this.aMinute = aMinute;
    this.time = time;
  }

  /// What one principal has.
  ///
  /// @param amount below nothing when it spent more than it had
  /// @param nanos as of when
  private record Purse(double amount, long nanos) {}

  /// Spends an amount if there is anything.
  ///
  /// @return how long it takes until there is, empty when it was spent
  synchronized Optional<Duration> spend(String principal, double amount) {
    if (aMinute == 0) {
      return Optional.empty();
    }
    var purse = now(principal);
    if (purse.amount < 1) {
      var missing = Duration.ofNanos(Math.round((1 - purse.amount) * MINUTE / aMinute));
      return Optional.of(missing);
    }
    purses.put(principal, new Purse(purse.amount - amount, purse.nanos));
    return Optional.empty();
  }

  /// Spends what was used already, whether it is there or not.
  synchronized void charge(String principal, long amount) {
    if (aMinute > 0) {
      var purse = now(principal);
      purses.put(principal, new Purse(purse.amount - amount, purse.nanos));
    }
  }

  private Purse now(String principal) {
    long now = time.nanos();
    var last = purses.getOrDefault(principal, new Purse(aMinute, now));
    double earned = (double) (now - last.nanos) / MINUTE * aMinute;
    return new Purse(Math.min(aMinute, last.amount + earned), now);
  }
}
