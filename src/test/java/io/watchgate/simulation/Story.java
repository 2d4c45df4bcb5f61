package io.watchgate.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/// What happened in a world, in order, and what of it was wrong.
final class Story {
  private static final double NANOS_PER_MILLISECOND = 1e6;

  private final LongSupplier elapsedNanos;
  private final List<String> lines = new ArrayList<>();
  private Optional<String> wrong = Optional.empty();

  Story(LongSupplier elapsedNanos) {
    this.elapsedNanos = elapsedNanos;
  }

  void tell(String who, String what) {
    double millis = elapsedNanos.getAsLong() / NANOS_PER_MILLISECOND;
    lines.add("%12.3f ms  %-8s %s".formatted(millis, who, what));
  }

  /// Something that must never be. The first is what counts.
  synchronized void broken(String what) {
    if (wrong.isEmpty()) {
      wrong = Optional.of(what);
      tell("!", what);
    }
  }

  synchronized boolean isBroken() {
    return wrong.isPresent();
  }

  synchronized Optional<String> wrong() {
    return wrong;
  }

  List<String> lines() {
    return lines;
  }
}
