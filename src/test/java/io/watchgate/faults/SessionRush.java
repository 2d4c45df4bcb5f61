package io.watchgate.faults;

import io.watchgate.faults.Caller.Shot;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;

/// Many calls at once ask for sessions under a few keys that nobody used before.
final class SessionRush implements Row {
  private static final int CALLS = 100;
  private static final int KEYS = 10;

  @Override
  public String name() {
    return "sessions";
  }

  @Override
  public String fault() {
    return "100 sessions created at once for 10 keys";
  }

  @Override
  public String required() {
    return "10 creations, 0 answers of 400, all calls succeed; 1 000 rounds";
  }

  @Override
  public void run(Bench bench, Report report) throws Exception {
    int rounds = bench.times(20, 1000);
    var keys = "max_concurrent_requests: 1000, pool: {max: 20, queue: 200, queue_timeout: 10s}";
    try (var stand = Stand.start(bench, new Plan().server(Stand.WEB, keys))) {
      stand.web.takeForHandshake(Duration.ofMillis(20));
      var ended = Collections.synchronizedList(new ArrayList<Outcome>());
      long created = stand.web.count("initialize");
      long refused = stand.web.count("status 400");
      for (int round = 0; round < rounds; round++) {
        rush(stand, round, ended);
      }
      created = stand.web.count("initialize") - created;
      var calls = new Sample(ended);
      report.exactly("sessions created in " + rounds + " rounds", created, (long) rounds * KEYS);
      report.exactly("answers of 400", stand.web.count("status 400") - refused, 0);
      report.allAnswered(calls.size() + " calls", calls);
      report.noneLost(stand.settled());
    }
  }

  private static void rush(Stand stand, int round, List<Outcome> ended) {
    var start = new CountDownLatch(1);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < CALLS; i++) {
        var key = "r" + round + "-k" + i % KEYS;
        var meta = ",\"_meta\":{\"io.watchgate/sessionKey\":\"" + key + "\"}";
        var shot = new Shot(Stand.WEB, "echo", key + "-" + i, "", meta);
        var caller = stand.callers.get(i % stand.callers.size());
        threads.execute(() -> {
          try {
            start.await();
            ended.add(caller.call(shot));
          } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
          }
        });
      }
      start.countDown();
    }
  }
}
