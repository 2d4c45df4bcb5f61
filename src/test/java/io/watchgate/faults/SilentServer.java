package io.watchgate.faults;

import io.watchgate.faults.Caller.Shot;
import io.watchgate.faults.Stand.Footprint;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;

/// Servers read calls and never answer them.
final class SilentServer implements Row {
  private static final double DEADLINE_WITHIN_MILLIS = 50;
  private static final int MORE_THREADS = 5;
  private static final int MORE_DESCRIPTORS = 10;

  @Override
  public String name() {
    return "silent";
  }

  @Override
  public String fault() {
    return "reads but never answers";
  }

  @Override
  public String required() {
    return "ends at its deadline ± 50 ms, cancelled upstream, no thread or descriptor growth after"
        + " 10 000 such calls";
  }

  @Override
  public void run(Bench bench, Report report) throws Exception {
    int deadline = bench.times(500, 1000);
    int calls = bench.times(1000, 10_000);
    var keys =
        "request_timeout: "
            + deadline
            + "ms, max_concurrent_requests: 1000,"
            + " circuit_breaker: {failure_threshold: 1000000}";
    var plan = new Plan().server(Stand.PIPE, keys).server(Stand.WEB, keys);
    try (var stand = Stand.start(bench, plan)) {
      var first = hang(stand, calls / 10); // open the sessions, too
      var before = stand.quiet();
      stand.load();
      List<Outcome> steady;
      double noise;
      try (var metronome = Metronome.start()) {
        steady = hang(stand, calls);
        noise = metronome.latestMillis();
      }
      var after = stand.quiet();
      var ended = new ArrayList<>(first);
      ended.addAll(steady);
      report.exactly(
          "calls timed out", new Sample(ended).refused(Outcome.TIMED_OUT).size(), ended.size());
      report.note("all ended as " + new Sample(ended).kinds());
      judge(report, new Sample(steady), deadline);
      report.note("a timer beside it was up to %.1f ms late".formatted(noise));
      var stats = stand.callers.getFirst().call(new Shot(Stand.PIPE, "stats", "", "", ""));
      long pipe = Wire.read(stats.detail()).path("cancelled").asLong(0);
      report.exactly("cancelled on the pipe", pipe, (calls + calls / 10) / 2);
      report.exactly(
          "cancelled over HTTP", stand.web.count("cancelled hang"), (calls + calls / 10) / 2);
      grew(report, before, after, calls);
      report.noneLost(stand.settled());
    }
  }

  private static List<Outcome> hang(Stand stand, int calls) throws InterruptedException {
    var ended = Collections.synchronizedList(new ArrayList<Outcome>());
    var places = new Semaphore(100);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < calls; i++) {
        places.acquire();
        var server = i % 2 == 0 ? Stand.PIPE : Stand.WEB;
        var caller = stand.callers.get(i % stand.callers.size());
        threads.execute(() -> {
          ended.add(caller.call(Shot.of(server, "hang", "never", 0)));
          places.release();
        });
      }
    }
    return ended;
  }

  private static void judge(Report report, Sample steady, int deadline) {
    double early = 0;
    double late = 0;
    for (var call : steady.refused(Outcome.TIMED_OUT).calls()) {
      early = Math.max(early, deadline - call.tookMillis());
      late = Math.max(late, call.tookMillis() - deadline);
    }
    report.atMost("earliest before its deadline", early, DEADLINE_WITHIN_MILLIS, " ms");
    report.atMost("latest behind it", late, DEADLINE_WITHIN_MILLIS, " ms");
  }

  static void grew(Report report, Footprint before, Footprint after, int calls) {
    report.note("after " + calls + " calls");
    report.atMost("threads +", after.threads() - before.threads(), MORE_THREADS, "");
    report.atMost(
        "virtual threads +", after.virtualThreads() - before.virtualThreads(), MORE_THREADS, "");
    report.atMost(
        "descriptors +", after.descriptors() - before.descriptors(), MORE_DESCRIPTORS, "");
  }
}
