package io.watchgate.faults;

import io.watchgate.faults.Caller.Shot;
import io.watchgate.faults.Outcome.Kind;
import io.watchgate.faults.Sample.Window;
import io.watchgate.flow.Time;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/// The gateway is told to end, once and twice, and is halted for a while.
final class Signals implements Row {
  private static final Duration HARD_STOP = Duration.ofSeconds(10);
  private static final Duration HALT = Duration.ofSeconds(10);
  private static final int FALSE_PERCENT = 1;

  @Override
  public String name() {
    return "signals";
  }

  @Override
  public String fault() {
    return "SIGTERM under load; a second one; SIGSTOP for 10 s, SIGCONT";
  }

  @Override
  public String required() {
    return "in-flight calls finish or get a clean error, exit 0 by the hard stop; no storm of false"
        + " time-outs";
  }

  @Override
  public void run(Bench bench, Report report) throws Exception {
    end(bench, report, false);
    end(bench, report, true);
    halt(bench, report);
  }

  private static void end(Bench bench, Report report, boolean twice) throws Exception {
    var plan = new Plan();
    try (var stand = Stand.start(bench, plan)) {
      var waiting = new ArrayList<CompletableFuture<Outcome>>();
      for (var server : List.of(Stand.PIPE, Stand.WEB, "pipe2", "web2")) {
        waiting.add(start(stand, Shot.of(server, "echo", "long", 1500)));
        waiting.add(start(stand, Shot.of(server, "hang", "never", 0)));
      }
      stand.window(Duration.ofMillis(500));
      long told = System.nanoTime();
      stand.gateway.signal("TERM");
      if (twice) {
        Time.REAL.pass(Duration.ofMillis(500));
        stand.gateway.signal("TERM");
      }
      int code = stand.gateway.exitCode(HARD_STOP.plusSeconds(5));
      double took = (System.nanoTime() - told) / 1e6;
      var calls = new ArrayList<>(stand.settled().calls());
      waiting.forEach(call -> calls.add(call.join()));
      var words = twice ? "SIGTERM twice: " : "SIGTERM: ";
      report.check(words + "exit code " + code, code == 0);
      report.atMost("after", took, (double) HARD_STOP.toMillis(), " ms");
      var before = new Sample(calls).where(call -> call.sent() < told);
      report.check(
          "calls before it ended as " + before.where(call -> call.ended() > told).kinds(),
          before.unclean().size() == 0);
      // What comes later may find nobody, but must not be broken off within an answer.
      var broken =
          new Sample(calls)
              .where(call -> call.kind() == Kind.TRUNCATED || call.kind() == Kind.HUNG);
      report.exactly("answers broken off", broken.size(), 0);
    }
  }

  private static CompletableFuture<Outcome> start(Stand stand, Shot shot) {
    var outcome = new CompletableFuture<Outcome>();
    Thread.ofVirtual().start(() -> outcome.complete(stand.callers.getFirst().call(shot)));
    return outcome;
  }

  private static void halt(Bench bench, Report report) throws IOException, InterruptedException {
    var plan = new Plan();
    for (var server : List.of(Stand.PIPE, Stand.WEB, "pipe2", "web2")) {
      plan.server(server, "request_timeout: 5s");
    }
    try (var stand = Stand.start(bench, plan)) {
      for (int i = 0; i < 20; i++) { // they are answered while nobody can see it
        var server = List.of(Stand.PIPE, Stand.WEB, "pipe2", "web2").get(i % 4);
        long entry = stand.outcomes.begin(server, System.nanoTime());
        var call = start(stand, Shot.of(server, "echo", "halted", 1000));
        call.thenAccept(outcome -> stand.outcomes.end(entry, outcome));
      }
      Time.REAL.pass(Duration.ofMillis(300));
      long from = System.nanoTime();
      stand.gateway.signal("STOP");
      Time.REAL.pass(HALT);
      stand.gateway.signal("CONT");
      stand.window(bench.seconds(4, 20));
      var after = stand.window(bench.seconds(2, 10));
      var all = stand.settled();
      var concerned = all.during(new Window(from - 500_000_000L, after.from()));
      double timedOut = concerned.refused(Outcome.TIMED_OUT).size();
      report.atMost(
          "SIGSTOP: time-outs of " + concerned.size() + " calls",
          100 * timedOut / concerned.size(),
          FALSE_PERCENT,
          " %");
      report.note("which ended as " + concerned.kinds());
      report.allAnswered("later calls", all.during(after));
      report.noneLost(all);
    }
  }
}
