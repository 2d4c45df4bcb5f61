package io.watchgate.faults;

import io.watchgate.faults.FaultProxy.Pass;
import io.watchgate.faults.FaultProxy.Refuse;
import io.watchgate.faults.Sample.Window;
import java.time.Duration;

/// A server goes down, and comes back.
final class ServerComesBack implements Row {
  private static final Duration RECOVERY = Duration.ofSeconds(2);
  private static final int POOL = 10;

  @Override
  public String name() {
    return "back";
  }

  @Override
  public String fault() {
    return "down, then back";
  }

  @Override
  public String required() {
    return "first success within one recovery time-out, no stampede";
  }

  @Override
  public void run(Bench bench, Report report) throws Exception {
    var keys = "connection_timeout: 1s, circuit_breaker: {recovery_timeout: 2s}, pool: {max: 10}";
    try (var stand = Stand.start(bench, new Plan().server(Stand.WEB, keys))) {
      stand.takeDown(new Refuse());
      var down = stand.window(bench.seconds(4, 60));
      int accepted = stand.proxy.accepted();
      long handshakes = stand.web.count("initialize");
      stand.proxy.become(new Pass());
      long back = System.nanoTime();
      stand.window(RECOVERY);
      stand.window(Duration.ofSeconds(1));
      accepted = stand.proxy.accepted() - accepted;
      handshakes = stand.web.count("initialize") - handshakes;
      var after = stand.window(bench.seconds(2, 10));
      var all = stand.settled();
      var web = all.of(Stand.WEB);
      report.exactly("answered while it was down", web.during(down).answered().size(), 0);
      double first =
          web.during(new Window(down.to(), after.to())).answered().calls().stream()
              .mapToDouble(call -> (call.ended() - back) / 1e6)
              .filter(millis -> millis > 0)
              .min()
              .orElse(Double.POSITIVE_INFINITY);
      report.atMost("first answer after", first, (double) RECOVERY.toMillis() + 100, " ms");
      report.atMost("connections made by then", accepted, POOL, "");
      report.atMost("handshakes", (double) handshakes, stand.callers.size() + 1, "");
      report.allAnswered("1 s later", web.during(after));
      report.noneLost(all);
    }
  }
}
