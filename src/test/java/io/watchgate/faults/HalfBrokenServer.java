package io.watchgate.faults;

import io.watchgate.faults.Load.Lane;
import java.util.List;

/// A server answers half of all calls with 500.
final class HalfBrokenServer implements Row {
  private static final double AMPLIFICATION = 1.2;

  @Override
  public String name() {
    return "half500";
  }

  @Override
  public String fault() {
    return "half of the answers are 500";
  }

  @Override
  public String required() {
    return "breaker or ejection, retries within budget, amplification at the upstream ≤ 1.2";
  }

  @Override
  public void run(Bench bench, Report report) throws Exception {
    var keys = "circuit_breaker: {failure_threshold: 5, recovery_timeout: 1s}";
    try (var stand = Stand.start(bench, new Plan().server(Stand.WEB, keys))) {
      stand.load(List.of(Lane.of(Stand.WEB, 50).tool("get")));
      stand.window(bench.seconds(1, 5));
      stand.web.fail(0.5);
      long came = stand.web.count("tools/call");
      long distinct = stand.web.distinct();
      var fault = stand.window(bench.seconds(8, 60));
      came = stand.web.count("tools/call") - came;
      distinct = stand.web.distinct() - distinct;
      stand.web.fail(0);
      var all = stand.settled();
      var web = all.of(Stand.WEB).during(fault);
      var open = web.where(call -> call.detail().contains("circuit_open"));
      report.atLeast("calls refused by the breaker", open.size(), 1, "");
      // What the breaker refuses never comes to the server, and must not hide what is repeated.
      report.atMost(
          came + " requests for " + distinct + " calls that came, for each",
          came / (double) distinct,
          AMPLIFICATION,
          "");
      report.exactly("calls repeated that must not be", stand.web.repeated(), 0);
      report.noneLost(all);
      report.note("ended as " + web.kinds());
    }
  }
}
