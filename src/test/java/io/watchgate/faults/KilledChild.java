package io.watchgate.faults;

import io.watchgate.faults.Caller.Shot;
import io.watchgate.faults.Sample.Window;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/// A child process dies while calls wait for it.
final class KilledChild implements Row {
  private static final int WAITING = 5;
  private static final int LONG_MILLIS = 10_000;
  private static final double FAILED_WITHIN_MILLIS = 100;

  @Override
  public String name() {
    return "kill";
  }

  @Override
  public String fault() {
    return "a child killed mid-call";
  }

  @Override
  public String required() {
    return "its calls fail in ≤ 100 ms, restart, others' p99 within 1.2 times, no hung call";
  }

  @Override
  public void run(Bench bench, Report report) throws Exception {
    var plan =
        new Plan()
            .plainPipe()
            .server(Stand.PIPE, "restart: {max_attempts: 1000, backoff: 100ms}")
            .server(Stand.PIPE, "circuit_breaker: {recovery_timeout: 500ms}");
    try (var stand = Stand.start(bench, plan)) {
      var calm = new ArrayList<Window>();
      var fault = new ArrayList<Window>();
      var after = new ArrayList<Window>();
      var failed = new ArrayList<Outcome>();
      double slowest = 0;
      for (int i = 0; i < bench.times(2, 20); i++) {
        calm.add(stand.window(bench.seconds(2, 3)));
        var waiting = waiting(stand);
        stand.window(bench.seconds(1, 1));
        var child = stand.gateway.child("server.py " + Stand.PIPE);
        long killed = System.nanoTime();
        child.destroyForcibly();
        for (var call : waiting) {
          failed.add(call.join());
          slowest = Math.max(slowest, (failed.getLast().ended() - killed) / 1e6);
        }
        fault.add(stand.window(bench.seconds(2, 3)));
        after.add(new Window(fault.getLast().to() - 1_000_000_000L, fault.getLast().to()));
      }
      var all = stand.settled();
      var unavailable = new Sample(failed).refused(Outcome.UNAVAILABLE);
      report.exactly("calls failed with -32003", unavailable.size(), failed.size());
      report.atMost("the slowest after", slowest, FAILED_WITHIN_MILLIS, " ms");
      report.allAnswered("from 1 s after the kill on", all.of(Stand.PIPE).during(after));
      report.grewAtMost(
          "others'",
          all.others(Stand.PIPE).during(calm),
          all.others(Stand.PIPE).during(fault),
          0.99,
          1.2);
      report.noneLost(all);
    }
  }

  private static List<CompletableFuture<Outcome>> waiting(Stand stand) throws IOException {
    var waiting = new ArrayList<CompletableFuture<Outcome>>();
    for (int i = 0; i < WAITING; i++) {
      var shot = Shot.of(Stand.PIPE, "echo", "long" + i, LONG_MILLIS);
      var outcome = new CompletableFuture<Outcome>();
      var caller = stand.callers.get(i % stand.callers.size());
      Thread.ofVirtual().start(() -> outcome.complete(caller.call(shot)));
      waiting.add(outcome);
    }
    return waiting;
  }
}
