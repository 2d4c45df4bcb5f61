package io.watchgate.upstream;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.OptionalLong;

/// How long it took to make the newest sessions with a server, until they were ready for use.
final class CreationTimes {
  /// Enough for a percentile, and few enough to tell of now.
  private static final int KEPT = 100;

  private final Deque<Long> newest = new ArrayDeque<>();

  synchronized void add(long nanos) {
    if (newest.size() == KEPT) {
      newest.removeFirst();
    }
    newest.addLast(nanos);
  }

  /// The time of the last one, empty when there was none.
  synchronized OptionalLong last() {
    return newest.isEmpty() ? OptionalLong.empty() : OptionalLong.of(newest.getLast());
  }

  /// The time that this part of them did not exceed, empty when there was none.
  ///
  /// @param part above 0, at most 1
  synchronized OptionalLong percentile(double part) {
    long rank = (long) Math.ceil(part * newest.size());
    return newest.stream()
        .mapToLong(Long::longValue)
        .sorted()
        .skip(Math.max(0, rank - 1))
        .findFirst();
  }
}
