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

  /// All finds, those that overlap as one by the name of the surer, so that nothing of either is
  /// left.
  List<Finding> merged() {
    if (all.size() < 2) {
      return all;
    }
    all.sort(Comparator.comparingInt(Finding::start));
    var merged = new ArrayList<Finding>(all.size());
    for (var find : all) {
      boolean overlaps = !merged.isEmpty() && merged.getLast().end() > find.start();
      merged.add(overlaps ? union(merged.removeLast(), find) : find);
    }
    return merged;
  }

  /// Of two as sure the longer one gives the name.
  private static Finding union(Finding one, Finding other) {
    boolean longer = other.end() - other.start() > one.end() - one.start();
    boolean surer = other.score() > one.score() || (other.score() == one.score() && longer);
    var named = surer ? other : one;
    int end = Math.max(one.end(), other.end());
    return new Finding(named.type(), one.start(), end, named.score());
  }
}
