package io.watchgate;

import io.watchgate.audit.Durations;
import io.watchgate.audit.LogStats;
import io.watchgate.middleware.Printable;
import java.io.PrintStream;
import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/// What the records of audit logs say together, for a person.
final class StatsText {
  private static final int LONGEST = 60;
  private static final int BAR = 40;

  /// Milliseconds, as people think of them.
  private static final double[] BOUNDS = {
    1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 30_000, 60_000
  };

  private final PrintStream out;

  StatsText(PrintStream out) {
    this.out = out;
  }

  /// @param top how many of the slowest tools
  void print(LogStats stats, int top) {
    if (stats.records() == 0) {
      out.println("No records.");
      return;
    }
    long calls = stats.outcomes().values().stream().mapToLong(Long::longValue).sum();
    long completed = stats.outcomes().getOrDefault("completed", 0L);
    out.printf(
        "%d records from %s to %s: %s%n",
        stats.records(), shown(stats.first()), shown(stats.last()), counts(stats.events()));
    out.printf("%d calls, %d did not end with a result%n", calls, calls - completed);
    counted("OUTCOME", stats.outcomes(), calls);
    latency(stats.durations());
    slowest(stats, top);
    counted("BLOCKED BY", stats.blocks(), calls);
  }

  private static String shown(String text) {
    return Printable.of(text, LONGEST);
  }

  private static String counts(Map<String, Long> counts) {
    return counts.entrySet().stream()
        .map(entry -> entry.getValue() + " " + shown(entry.getKey()))
        .collect(Collectors.joining(", "));
  }

  private void counted(String title, Map<String, Long> counts, long all) {
    if (counts.isEmpty()) {
      return;
    }
    var table = new Table();
    table.add(title, "CALLS", "SHARE");
    counts.entrySet().stream()
        .sorted(Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder()))
        .forEach(entry ->
            table.add(
                shown(entry.getKey()),
                entry.getValue().toString(),
                String.format(
                    Locale.ROOT, "%.1f %%", 100.0 * entry.getValue() / Math.max(1, all))));
    out.println();
    table.print(out);
  }

  private void latency(Durations durations) {
    var ranges = durations.ranges(BOUNDS);
    if (ranges.isEmpty()) {
      return;
    }
    out.printf(
        "%nLATENCY  p50 %s ms, p99 %s ms, longest %s ms%n",
        millis(durations.percentile(0.5)),
        millis(durations.percentile(0.99)),
        millis(durations.longest()));
    long most = ranges.stream().mapToLong(Durations.Range::count).max().orElse(1);
    for (var range : ranges) {
      var bound =
          Double.isInfinite(range.below())
              ? "longer"
              : String.format(Locale.ROOT, "< %.0f ms", range.below());
      long full = Math.ceilDiv(range.count() * BAR, most);
      out.printf("  %10s  %s %d%n", bound, "#".repeat((int) full), range.count());
    }
  }

  private void slowest(LogStats stats, int top) {
    var table = new Table();
    table.add("SLOWEST", "SERVER", "CALLS", "FAILED", "P50 MS", "P99 MS", "LONGEST");
    stats.slowest().stream()
        .filter(tool -> tool.durations().count() > 0)
        .limit(top)
        .forEach(tool ->
            table.add(
                shown(tool.target().name()),
                tool.target().server().isEmpty() ? "-" : shown(tool.target().server()),
                Long.toString(tool.durations().count()),
                Long.toString(tool.failed()),
                millis(tool.durations().percentile(0.5)),
                millis(tool.durations().percentile(0.99)),
                millis(tool.durations().longest())));
    out.println();
    table.print(out);
  }

  private static String millis(double millis) {
    return String.format(Locale.ROOT, millis < 10 ? "%.2f" : "%.0f", millis);
  }
}
