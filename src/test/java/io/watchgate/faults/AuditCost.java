package io.watchgate.faults;

import io.watchgate.faults.Caller.Shot;
import io.watchgate.flow.Time;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// What recording costs: gateways that record nothing, in `bounded` and in `strict` durability run
/// side by side and are called in turn by 64 clients, as fast as they can for the time of the
/// processor (without that of the compilers), and at a steady pace for the latency. `make
/// audit-cost` runs it, from the project's directory.
public final class AuditCost {
  private static final Path DIRECTORY = Path.of("target", "audit-cost");
  private static final int CLIENTS = 64;
  private static final Duration PAUSE = Duration.ofMillis(100);
  private static final double MICROS_PER_SECOND = 1e6;

  /// One gateway, and what was seen of it.
  private static final class Side implements AutoCloseable {
    private final String name;
    private final GatewayProcess gateway;
    private final List<Caller> callers;
    private final List<Outcome> paced = new ArrayList<>();
    private long calls;
    private double cpuSeconds;

    Side(String name, WebServer server, String auditing) throws IOException, InterruptedException {
      this.name = name;
      var plan = new Plan().server("web", "pool: {max: " + CLIENTS + "}"); // a session for each
      var entry = plan.url("web", server.port());
      var file = plan.configuration(List.of(entry)) + auditing;
      this.gateway = GatewayProcess.start(DIRECTORY.resolve(name), file, "");
      this.callers = Caller.open(gateway.port(), CLIENTS);
    }

    List<Outcome> run(int each, Duration pause) throws InterruptedException, ExecutionException {
      try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
        var running = new ArrayList<Future<List<Outcome>>>();
        for (int i = 0; i < CLIENTS; i++) {
          var caller = callers.get(i);
          var delay = pause.multipliedBy(i).dividedBy(CLIENTS);
          running.add(threads.submit(() -> calls(caller, each, delay, pause)));
        }
        var outcomes = new ArrayList<Outcome>();
        for (var run : running) {
          outcomes.addAll(run.get());
        }
        return outcomes;
      }
    }

    private static List<Outcome> calls(Caller caller, int each, Duration delay, Duration pause)
        throws InterruptedException {
      var outcomes = new ArrayList<Outcome>();
      Time.REAL.pass(delay);
      for (int i = 0; i < each; i++) {
        outcomes.add(caller.call(Shot.of("web", "echo", "call " + i, 0)));
        Time.REAL.pass(pause);
      }
      return outcomes;
    }

    void hurry(int each) throws IOException, InterruptedException, ExecutionException {
      double before = gateway.workSeconds();
      var outcomes = run(each, Duration.ZERO);
      cpuSeconds += gateway.workSeconds() - before;
      calls += outcomes.size();
      requireAnswers(outcomes);
    }

    void walk(int each) throws InterruptedException, ExecutionException, IOException {
      var outcomes = run(each, PAUSE);
      requireAnswers(outcomes);
      paced.addAll(outcomes);
    }

    private void requireAnswers(List<Outcome> outcomes) throws IOException {
      for (var outcome : outcomes) {
        if (!outcome.isAnswered()) {
          throw new IOException(name + ": a call ended as " + outcome);
        }
      }
    }

    void reset() {
      paced.clear();
      calls = 0;
      cpuSeconds = 0;
    }

    double microsPerCall() {
      return cpuSeconds * MICROS_PER_SECOND / calls;
    }

    double p99() {
      return new Sample(paced).percentile(0.99);
    }

    @Override
    public void close() {
      callers.forEach(Caller::close);
      gateway.close();
    }
  }

  private AuditCost() {}

  private static String auditing(String config) {
    return "plugins: {auditing: {_global: [{handler: audit_jsonl, config: " + config + "}]}}\n";
  }

  public static void main(String[] arguments) throws Exception {
    try (var server = WebServer.start("web");
        var off = new Side("off", server, auditing("{enabled: false}"));
        var bounded = new Side("bounded", server, auditing("{output_file: audit.jsonl}"));
        var strict =
            new Side(
                "strict", server, auditing("{output_file: audit.jsonl, durability: strict}"))) {
      var sides = List.of(off, bounded, strict);
      for (var side : sides) {
        side.hurry(1000); // to warm up
        side.reset();
      }
      for (int round = 0; round < 4; round++) {
        for (int i = 0; i < sides.size(); i++) {
          var side = sides.get((i + round) % sides.size());
          side.hurry(400);
          side.walk(50);
        }
      }
      print(sides);
      System.exit(judge(off, bounded, strict).holds() ? 0 : 1);
    }
  }

  private static void print(List<Side> sides) {
    System.out.println("| recording | CPU per call | p50 | p99 |\n|---|---|---|---|");
    for (var side : sides) {
      System.out.printf(
          "| %s | %.0f µs | %.2f ms | %.2f ms |%n",
          side.name, side.microsPerCall(), new Sample(side.paced).percentile(0.5), side.p99());
    }
  }

  private static Report judge(Side off, Side bounded, Side strict) {
    var report = new Report();
    report.atMost("strict adds at p99", strict.p99() - off.p99(), 3, " ms");
    double share = 100 * (bounded.microsPerCall() / off.microsPerCall() - 1);
    report.atMost("bounded adds to the CPU of a call", share, 10, " %");
    System.out.println("\n" + report.measured());
    return report;
  }
}
