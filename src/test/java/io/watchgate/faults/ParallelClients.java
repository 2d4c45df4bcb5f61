package io.watchgate.faults;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// Clients in parallel use one server of the transport with a session for each stream, straight and
/// through the gateway in turn.
final class ParallelClients implements Row {
  private static final int CLIENTS = 5;
  private static final int BLOCK = 50;
  private static final double ADDED_MILLIS = 5;

  /// What one client saw.
  private record Run(List<Double> millis, List<String> wrong) {}

  @Override
  public String name() {
    return "parallel";
  }

  @Override
  public String fault() {
    return "5 parallel clients running 1 000 mixed calls against one session-keyed HTTP+SSE server";
  }

  @Override
  public String required() {
    return "100 % success, p99 added under 5 ms";
  }

  @Override
  public void run(Bench bench, Report report) throws Exception {
    int calls = bench.times(200, 1000);
    try (var server = WebServer.start("only")) {
      var url = "http://127.0.0.1:" + server.port() + "/sse";
      var entry = "    - {name: only, transport: sse, url: \"" + url + "\"}\n";
      var file = new Plan().configuration(List.of(entry));
      try (var gateway = GatewayProcess.start(bench.directory(), file, "")) {
        var through = new ArrayList<Run>();
        var straight = new ArrayList<Run>();
        measure(gateway.port(), calls, new ArrayList<>()); // to warm up
        for (int done = 0; done < calls; done += BLOCK) {
          measure(server.port(), BLOCK, straight);
          measure(gateway.port(), BLOCK, through);
        }
        judge(report, straight, through);
      }
    }
  }

  private static void measure(int port, int calls, List<Run> runs)
      throws InterruptedException, ExecutionException {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var running = new ArrayList<Future<Run>>();
      for (int i = 0; i < CLIENTS; i++) {
        int client = i;
        running.add(threads.submit(() -> client(port, calls, client)));
      }
      for (var run : running) {
        runs.add(run.get());
      }
    }
  }

  private static Run client(int port, int calls, int number)
      throws IOException, InterruptedException {
    var run = new Run(new ArrayList<>(), new ArrayList<>());
    try (var caller = EventsCaller.open(port)) {
      var wrong = caller.call("tools/list", "{}", "\"echo\"");
      for (int i = 0; i < calls && wrong.isEmpty(); i++) {
        var text = "c" + number + "-" + i;
        var params = "{\"name\":\"echo\",\"arguments\":{\"text\":\"" + text + "\"}}";
        long started = System.nanoTime();
        wrong =
            switch (i % 5) {
              case 0 -> caller.call("tools/list", "{}", "\"echo\"");
              case 1 -> caller.call("ping", "{}", "{}");
              default -> caller.call("tools/call", params, "only:" + text);
            };
        run.millis().add((System.nanoTime() - started) / 1e6);
      }
      if (!wrong.isEmpty()) {
        run.wrong().add(wrong);
      }
    }
    return run;
  }

  private static void judge(Report report, List<Run> straight, List<Run> through) {
    var wrong = through.stream().flatMap(run -> run.wrong().stream()).toList();
    long made = through.stream().mapToLong(run -> run.millis().size()).sum();
    report.check(
        wrong.isEmpty() ? "100 % of " + made + " calls succeeded" : "wrong: " + wrong.getFirst(),
        wrong.isEmpty());
    double before = percentile(straight);
    double after = percentile(through);
    report.atMost(
        "p99 %.2f → %.2f ms, added".formatted(before, after), after - before, ADDED_MILLIS, " ms");
  }

  private static double percentile(List<Run> runs) {
    var all = new ArrayList<Double>();
    runs.forEach(run -> all.addAll(run.millis()));
    Collections.sort(all);
    return all.get((int) Math.ceil(0.99 * all.size()) - 1);
  }
}
