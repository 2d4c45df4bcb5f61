package io.watchgate.faults;

import io.watchgate.faults.Caller.Shot;
import io.watchgate.faults.FaultProxy.BlackHole;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// A server accepts connections, and that is all.
final class BlackHoleServer implements Row {
  private static final int NEW_CLIENTS = 8;
  private static final double CONNECT_MILLIS = 1000;
  private static final double MARGIN_MILLIS = 100;
  private static final double OPEN_WITHIN_MILLIS = 5;

  @Override
  public String name() {
    return "blackhole";
  }

  @Override
  public String fault() {
    return "accepts TCP, then nothing";
  }

  @Override
  public String required() {
    return "connect fails in its bound, breaker opens, one probe at a time";
  }

  @Override
  public void run(Bench bench, Report report) throws Exception {
    var keys =
        "connection_timeout: 1s, request_timeout: 1s,"
            + " circuit_breaker: {failure_threshold: 5, recovery_timeout: 2s}";
    try (var stand = Stand.start(bench, new Plan().server(Stand.WEB, keys))) {
      var calm = stand.window(bench.seconds(3, 20));
      stand.takeDown(new BlackHole());
      var first = newcomers(stand);
      stand.window(bench.seconds(3, 3)); // until those in flight have timed out
      var breaker = stand.gateway.status(Stand.WEB).path("circuit_breaker").asString("");
      stand.proxy.highest();
      int tried = stand.proxy.requests();
      var fault = stand.window(bench.seconds(6, 60));
      tried = stand.proxy.requests() - tried;
      int atOnce = stand.proxy.highest();
      var all = stand.settled();

      var refused = new Sample(first).refused(Outcome.UNAVAILABLE);
      report.exactly("calls of new clients refused", refused.size(), NEW_CLIENTS);
      double slowest = first.stream().mapToDouble(Outcome::tookMillis).max().orElse(Double.NaN);
      report.atMost("the slowest after", slowest, CONNECT_MILLIS + MARGIN_MILLIS, " ms");
      report.check("breaker " + breaker, breaker.equals("open") || breaker.equals("half_open"));
      var web = all.of(Stand.WEB).during(fault);
      var open = web.where(call -> call.detail().contains("circuit_open"));
      report.atLeast("refused by it", 100.0 * open.size() / web.size(), 90, " %");
      report.atMost("within (p99)", open.percentile(0.99), OPEN_WITHIN_MILLIS, " ms");
      report.atMost("requests to it at once", atOnce, 1, "");
      report.atMost("requests in all", tried, fault.seconds() / 2 + 2, "");
      report.grewAtMost(
          "others'",
          all.others(Stand.WEB).during(calm),
          all.others(Stand.WEB).during(fault),
          0.99,
          1.2);
      report.noneLost(all);
    }
  }

  /// What becomes of calls for which a session would have to be made first.
  private static List<Outcome> newcomers(Stand stand)
      throws InterruptedException, ExecutionException {
    var calls = new ArrayList<Future<Outcome>>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < NEW_CLIENTS; i++) {
        calls.add(
            threads.submit(() -> {
              var newcomer = Caller.open(stand.gateway.port());
              return newcomer.call(Shot.of(Stand.WEB, "echo", "x", 0));
            }));
      }
    }
    var ended = new ArrayList<Outcome>();
    for (var call : calls) {
      ended.add(call.get());
    }
    return ended;
  }
}
