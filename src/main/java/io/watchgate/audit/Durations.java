package io.watchgate.audit;

import java.util.ArrayList;
import java.util.List;

/// How long things took, counted in ranges of which each ends a quarter beyond its start, in a
/// fixed amount of memory.
public final class Durations {
  private static final double STEP = 1.25;

  /// From 1 µs up to two days.
  private static final double SHORTEST_MILLIS = 0.001;

  private static final int RANGES = 117;

  private final long[] counts = new long[RANGES];
  private long count;
  private double longest;

  /// One duration more.
  void add(double millis) {
    double steps = Math.log(Math.max(millis, SHORTEST_MILLIS) / SHORTEST_MILLIS) / Math.log(STEP);
    counts[(int) Math.min(RANGES - 1, steps)]++;
    count++;
    longest = Math.max(longest, millis);
  }

  public long count() {
    return count;
  }

  /// The longest, in milliseconds.
  public double longest() {
    return longest;
  }

  /// The duration in milliseconds that this part of all did not exceed, to a tenth; 0 for none.
  ///
  /// @param part 0.5 is the median
  public double percentile(double part) {
    long wanted = Math.max(1, (long) Math.ceil(part * count));
    long seen = 0;
    for (int i = 0; i < RANGES; i++) {
      seen += counts[i];
      if (seen >= wanted) {
        return Math.min(longest, SHORTEST_MILLIS * Math.pow(STEP, i + 0.5));
      }
    }
    return 0;
  }

  /// How many took how long.
  ///
  /// @param below milliseconds that they did not reach
  public record Range(double below, long count) {}

  /// The counts between bounds, and above the last of them, without the empty ends.
  ///
  /// @param bounds milliseconds, ascending
  public List<Range> ranges(double... bounds) {
    var ranges = new ArrayList<Range>();
    int at = 0;
    for (int bound = 0; bound <= bounds.length; bound++) {
      double below = bound < bounds.length ? bounds[bound] : Double.POSITIVE_INFINITY;
      long within = 0;
      for (; at < RANGES && SHORTEST_MILLIS * Math.pow(STEP, at + 0.5) < below; at++) {
        within += counts[at];
      }
      ranges.add(new Range(below, within));
    }
    return withoutEmptyEnds(ranges);
  }

  private static List<Range> withoutEmptyEnds(List<Range> ranges) {
    int from = 0;
    int to = ranges.size();
    while (from < to && ranges.get(from).count == 0) {
      from++;
    }
    while (to > from && ranges.get(to - 1).count == 0) {
      to--;
    }
    return List.copyOf(ranges.subList(from, to));
  }
}
