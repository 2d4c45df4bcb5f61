package io.watchgate.faults;

import java.time.Duration;

/// Servers answer what nobody asked, twice, and in another order.
final class WrongAnswers implements Row {
  @Override
  public String name() {
    return "wrong";
  }

  @Override
  public String fault() {
    return "wrong, duplicate and reordered responses";
  }

  @Override
  public String required() {
    return "dropped and counted, exactly one answer per call";
  }

  @Override
  public void run(Bench bench, Report report) throws Exception {
    try (var stand = Stand.start(bench, new Plan())) {
      long dropped = stand.gateway.metric("garbage_total", Stand.PIPE);
      long droppedOfWeb = stand.gateway.metric("garbage_total", Stand.WEB);
      stand.web.confuse(true);
      stand.pipe.become("wrong");
      stand.window(bench.seconds(2, 20));
      stand.pipe.become("duplicate");
      stand.window(bench.seconds(2, 20));
      stand.pipe.become("pass");
      stand.window(bench.seconds(1, 1));
      long made = stand.pipe.injected();
      long droppedOfPipe = stand.gateway.metric("garbage_total", Stand.PIPE) - dropped;
      stand.pipe.become("reorder");
      stand.window(bench.seconds(2, 20));
      long reordered = stand.pipe.injected() - made;
      stand.pipe.become("pass");
      stand.web.confuse(false);
      var all = stand.settled();
      stand.window(Duration.ofSeconds(1)); // what comes behind the last answers
      report.allAnswered("calls (each checked to be its own, and one)", all);
      report.exactly("made up on the pipe, dropped and counted", droppedOfPipe, made);
      report.atLeast("made up", (double) made, 1, "");
      report.atLeast("answered out of order", (double) reordered, 1, "");
      // What stands behind an answer in its response need not be read.
      long counted = stand.gateway.metric("garbage_total", Stand.WEB) - droppedOfWeb;
      long before = stand.web.count("made up before");
      long most = before + stand.web.count("made up behind");
      report.check(
          "made up over HTTP %d to %d, dropped and counted %d".formatted(before, most, counted),
          before > 0 && counted >= before && counted <= most);
      report.noneLost(all);
    }
  }
}
