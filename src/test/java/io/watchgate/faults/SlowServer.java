package io.watchgate.faults;

import io.watchgate.faults.Load.Lane;
import io.watchgate.faults.Sample.Window;
import io.watchgate.flow.Time;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/// One server becomes ten times slower, and another one gets five times what it can do.
final class SlowServer implements Row {
  private static final int WORKERS = 3;
  private static final int MILLIS = 40;
  private static final double CAPACITY = WORKERS * 1000.0 / MILLIS;
  private static final int QUEUE = 50;
  private static final double SHED_WITHIN_MILLIS = 100;

  @Override
  public String name() {
    return "slow";
  }

  @Override
  public String fault() {
    return "a server 10 times slower; five times the load for 60 s";
  }

  @Override
  public String required() {
    return "queue bounded, shed early, others unharmed, recovery in 10 s";
  }

  @Override
  public void run(Bench bench, Report report) throws Exception {
    var keys = "pool: {max: 10, queue: " + QUEUE + ", queue_timeout: 2s}";
    var limits = "max_concurrent_requests: 1000, adaptive: true";
    try (var stand = Stand.start(bench, new Plan().limits(limits).server(Stand.WEB, keys))) {
      stand.web.workers(WORKERS, Duration.ofMillis(MILLIS));
      var calm = stand.window(bench.seconds(4, 30));
      stand.pipe.become("delay 50");
      int more = (int) (5 * CAPACITY) - 50;
      Window fault;
      Highest waiting;
      try (var _ = stand.load(List.of(Lane.of(Stand.WEB, more).millis(MILLIS)));
          var watch = new Highest(stand.gateway)) {
        fault = stand.window(bench.seconds(8, 60));
        waiting = watch;
      }
      stand.pipe.become("pass");
      stand.window(bench.seconds(10, 10));
      var after = stand.window(bench.seconds(4, 30));
      judge(report, stand.settled(), calm, fault, after);
      report.atMost("calls waiting", waiting.highest, QUEUE, "");
    }
  }

  private static void judge(Report report, Sample all, Window calm, Window fault, Window after) {
    var web = all.of(Stand.WEB);
    var shed = web.during(fault).refused(Outcome.OVERLOADED);
    report.atLeast("calls shed", shed.size(), 1, "");
    report.atMost("shed within (p95)", shed.percentile(0.95), SHED_WITHIN_MILLIS, " ms");
    var said = shed.where(call -> call.detail().contains("retryAfterMs"));
    report.exactly("told when to come back", said.size(), shed.size());
    double goodput = web.during(fault).answered().size() / fault.seconds();
    report.atLeast("goodput", 100 * goodput / CAPACITY, 80, " % of capacity");
    var others = all.others(Stand.WEB).others(Stand.PIPE);
    report.grewAtMost("others'", others.during(calm), others.during(fault), 0.99, 1.2);
    var slow = all.of(Stand.PIPE).during(fault);
    double answered = 100.0 * slow.answered().size() / slow.size();
    report.atLeast("answered of the slow server's calls", answered, 80, " %");
    report.allAnswered("after 10 s", all.during(after));
    report.grewAtMost("then its", web.during(calm), web.during(after), 0.99, 1.2);
    report.noneLost(all);
  }

  /// The most calls that were seen waiting.
  private static final class Highest implements AutoCloseable {
    private static final Duration EVERY = Duration.ofMillis(200);

    private final GatewayProcess gateway;
    private final Thread thread;
    private volatile int highest;

    Highest(GatewayProcess gateway) {
      this.gateway = gateway;
      this.thread = Thread.ofVirtual().start(this::watch);
    }

    private void watch() {
      try {
        while (true) {
          var pool = gateway.status(Stand.WEB).path("pool");
          highest = Math.max(highest, pool.path("waiting").asInt(0));
          Time.REAL.pass(EVERY);
        }
      } catch (IOException failure) {
        highest = Integer.MAX_VALUE; // it cannot be said
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
      }
    }

    @Override
    public void close() {
      thread.interrupt();
    }
  }
}
