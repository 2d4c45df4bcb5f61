package io.watchgate.faults;

import io.watchgate.faults.Sample.Window;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Many children end as soon as they are started.
final class CrashLoops implements Row {
  private static final int CHILDREN = 50;
  private static final double BACKOFF_SECONDS = 0.5;
  private static final double CPU_PERCENT = 20;

  /// A burst and a second's worth of what the gateway starts at most, and some that are late.
  private static final int STARTS = 35;

  /// One gateway over some time.
  private record Run(double cpuPercent, Sample calls, Window window) {}

  @Override
  public String name() {
    return "crashloop";
  }

  @Override
  public String fault() {
    return CHILDREN + " children in a crash loop";
  }

  @Override
  public String required() {
    return "backoff, spawn cap, gateway CPU ≤ 20 %";
  }

  @Override
  public void run(Bench bench, Report report) throws Exception {
    var calm = run(new Bench(bench.directory().resolve("calm"), bench.quick()), new Plan());
    var starts = Files.createDirectories(bench.directory().resolve("starts").toAbsolutePath());
    try (var files = Files.list(starts)) {
      for (var file : files.toList()) {
        Files.delete(file);
      }
    }
    var plan = new Plan();
    for (int i = 1; i <= CHILDREN; i++) {
      var script = "date +%s.%N >> " + starts + "/$0; echo out of order >&2; exit 7";
      plan.more(
          "name: c%d, command: %s, restart: {max_attempts: 1000, backoff: 500ms, max_backoff: 30s}"
              .formatted(i, Plan.quoted(List.of("sh", "-c", script, "c" + i))));
    }
    var fault = run(new Bench(bench.directory(), bench.quick()), plan);
    report.note("CPU %.0f → %.0f %% of a core".formatted(calm.cpuPercent(), fault.cpuPercent()));
    report.atMost("for the loops", fault.cpuPercent() - calm.cpuPercent(), CPU_PERCENT, " %");
    judge(report, starts, bench.seconds(3, 20).plus(bench.seconds(10, 60)));
    // Of two processes, one after the other, so that it says little.
    report.note(
        "other servers' p99 %.1f → %.1f ms"
            .formatted(
                calm.calls().during(calm.window()).percentile(0.99),
                fault.calls().during(fault.window()).percentile(0.99)));
    report.noneLost(fault.calls());
  }

  private static Run run(Bench bench, Plan plan) throws IOException, InterruptedException {
    try (var stand = Stand.start(bench, plan)) {
      double before = stand.gateway.cpuSeconds();
      var window = stand.window(bench.seconds(10, 60));
      double percent = 100 * (stand.gateway.cpuSeconds() - before) / window.seconds();
      return new Run(percent, stand.settled(), window);
    }
  }

  private static void judge(Report report, Path directory, Duration time) throws IOException {
    var moments = new ArrayList<Double>();
    int most = 0;
    int least = Integer.MAX_VALUE;
    for (int i = 1; i <= CHILDREN; i++) {
      var file = directory.resolve("c" + i);
      var starts = Files.exists(file) ? Files.readAllLines(file) : List.<String>of();
      most = Math.max(most, starts.size());
      least = Math.min(least, starts.size());
      starts.forEach(start -> moments.add(Double.parseDouble(start)));
    }
    // Starts at 0, 0.5, 1.5, 3.5 … seconds; the time of starting the gateway comes on top.
    double doublings = Math.log((time.toSeconds() + 10) / BACKOFF_SECONDS + 1) / Math.log(2);
    report.atMost("starts of one child", most, Math.ceil(doublings) + 1, "");
    report.atLeast("of another", least, 1, "");
    int rush = 0;
    for (double from : moments) {
      int within = (int) moments.stream().filter(at -> at >= from && at < from + 1).count();
      rush = Math.max(rush, within);
    }
    report.atMost("starts within a second", rush, STARTS, "");
  }
}
