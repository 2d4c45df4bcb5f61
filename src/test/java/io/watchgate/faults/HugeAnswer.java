package io.watchgate.faults;

import io.watchgate.faults.Caller.Shot;
import io.watchgate.flow.Time;
import java.io.IOException;
import java.time.Duration;

/// A server answers more than anybody can take.
final class HugeAnswer implements Row {
  private static final long GIGABYTE = 1_000_000_000;
  private static final double LIMIT_MEBIBYTES = 16;
  private static final Duration PATIENCE = Duration.ofSeconds(15);

  @Override
  public String name() {
    return "huge";
  }

  @Override
  public String fault() {
    return "1 GB answer, 100 MB line without a newline";
  }

  @Override
  public String required() {
    return "refused at the limit or streamed, heap within twice the limit";
  }

  @Override
  public void run(Bench bench, Report report) throws Exception {
    var plan =
        new Plan()
            .server(Stand.WEB, "request_timeout: 10s")
            .server(Stand.PIPE, "max_concurrent_requests: 1000"); // they wait behind the line
    try (var stand = Stand.start(bench, plan)) {
      var calm = stand.gateway.inside();
      stand.window(bench.seconds(1, 5));
      var peak = new Peak(stand.gateway);
      try (peak) {
        for (int i = 0; i < bench.times(1, 5); i++) {
          report(report, "JSON", huge(stand, ""));
          report(report, "event", huge(stand, ",\"events\":true"));
          stand.pipe.become("huge 100000000");
          long until = System.nanoTime() + PATIENCE.toNanos();
          while (stand.pipe.injected() == i && System.nanoTime() < until) {
            Time.REAL.pass(Duration.ofMillis(10));
          }
          stand.pipe.become("pass");
        }
        stand.window(Duration.ofSeconds(1));
        var over = stand.window(bench.seconds(2, 5));
        var all = stand.settled();
        report.allAnswered("then all servers' calls", all.during(over));
        report.allAnswered("others'", all.others(Stand.WEB).others(Stand.PIPE));
        report.noneLost(all);
      }
      report.exactly("lines of 100 MB", stand.pipe.injected(), bench.times(1, 5));
      report.atMost(
          "live heap +", peak.mebibytes - calm.heapMebibytes(), 2 * LIMIT_MEBIBYTES, " MiB");
    }
  }

  private static Outcome huge(Stand stand, String more) {
    var arguments = ",\"bytes\":" + GIGABYTE + more;
    return stand.callers.getFirst().call(new Shot(Stand.WEB, "big", "", arguments, ""));
  }

  private static void report(Report report, String what, Outcome outcome) {
    report.check(
        "%s: %s in %.0f ms".formatted(what, outcome.label(), outcome.tookMillis()),
        outcome.kind() == Outcome.Kind.REFUSED && outcome.tookMillis() < PATIENCE.toMillis());
  }

  /// The most memory that was seen in use.
  private static final class Peak implements AutoCloseable {
    private static final Duration PAUSE = Duration.ofMillis(100);

    private final GatewayProcess gateway;
    private final Thread thread;
    private volatile double mebibytes;
    private volatile boolean over;

    Peak(GatewayProcess gateway) {
      this.gateway = gateway;
      this.thread = Thread.ofPlatform().daemon().start(this::watch);
    }

    private void watch() {
      try {
        while (!over) {
          mebibytes = Math.max(mebibytes, gateway.inside().heapMebibytes());
          Time.REAL.pass(PAUSE);
        }
      } catch (IOException failure) {
        mebibytes = Double.NaN; // it cannot be said
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
      }
    }

    @Override
    public void close() {
      over = true;
      try {
        thread.join();
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
