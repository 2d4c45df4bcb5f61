package io.watchgate.security.pii;

import io.watchgate.scanning.Finding;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// What was found in a text so far.
final class Finds {
  private final List<Finding> all = new ArrayList<>();

  void add(String type, int start, int end, double score) {
    all.add(new Finding(type, start, end, score));
  }

  /// Those that are left when of two that overlap the surer, then the longer one stays. They are
  /// looked at from left to right, so a find can only be put out by a neighbour.
  List<Finding> resolved() {
    if (all.size() < 2) {
      return all;
    }
    all.sort(Comparator.comparingInt(Finding::start));
    var kept = new ArrayList<Finding>();
    for (var find : all) {
      boolean weaker = false;
      while (!kept.isEmpty() && kept.getLast().end() > find.start()) {
        if (!isBetter(find, kept.getLast())) {
          weaker = true;
          break;
        }
        kept.removeLast();
      }
      if (!weaker) {
        kept.add(find);
      }
    }
    return kept;
  }

  private static boolean isBetter(Finding one, Finding other) {
    return one.score() != other.score()
        ? one.score() > other.score()
        : one.end() - one.start() > other.end() - other.start();
  }
}
