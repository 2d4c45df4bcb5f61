package io.watchgate.audit;

import java.time.Instant;
import java.util.OptionalLong;

/// Keeps whoever is refused all the time from filling the disk: so many refusals a second are
/// recorded one by one, the others as a number.
final class RefusalPace {
  private static final int MOST_A_SECOND = 100;

  private long second;
  private int admitted;
  private long leftOut;

  /// Takes in one more.
  ///
  /// @return how many were left out before it, empty when it is left out itself
  synchronized OptionalLong next(Instant now) {
    if (now.getEpochSecond() != second) {
      second = now.getEpochSecond();
      admitted = 0;
    }
    if (admitted == MOST_A_SECOND) {
      leftOut++;
      return OptionalLong.empty();
    }
    admitted++;
    var before = leftOut;
    leftOut = 0;
    return OptionalLong.of(before);
  }
}
