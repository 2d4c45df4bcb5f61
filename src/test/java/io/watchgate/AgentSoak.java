package io.watchgate;

import static io.watchgate.GatewayContext.oldRemote;
import static io.watchgate.GatewayContext.remote;

import io.watchgate.agents.AgentLimits;
import io.watchgate.agents.Agents;
import io.watchgate.agents.Job;
import io.watchgate.agents.Order;
import io.watchgate.agents.Progress;
import io.watchgate.agents.Refusal;
import io.watchgate.agents.Result;
import io.watchgate.agents.Result.Status;
import io.watchgate.agents.Step;
import io.watchgate.agents.TestAgents;
import io.watchgate.testkit.FixtureHttpServer;
import io.watchgate.upstream.UpstreamSettings.Pool;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Many agents at once, round after round, against a server of each transport over HTTP that takes
/// its time to create a session: `make agents-soak`. Each of them calls a tool of either server.
final class AgentSoak {
  private static final Pool ROOMY =
      new Pool(128, 1_000, Duration.ofSeconds(60), Duration.ofMinutes(5));
  private static final AgentLimits LIMITS =
      new AgentLimits(64, 1_000, Duration.ofSeconds(60), 1_000_000, 0, 0, 1000);
  private static final List<String> SLOW = List.of("--slow", "20", "--beat");
  private static final List<String> QUICK = List.of("--beat");

  private AgentSoak() {}

  /// What came of it.
  ///
  /// @param failures what went wrong, each in its own words
  /// @param badRequests answers of 400 that the gateway got
  /// @param sessionsLeft of executions, when all had ended
  /// @param took of all executions
  record Report(
      int executions,
      List<String> failures,
      int badRequests,
      int sessionsLeft,
      List<Duration> took) {

    /// How long all but the slowest percent took.
    Duration slow() {
      var sorted = took.stream().sorted().toList();
      return sorted.get((int) (sorted.size() * 0.99));
    }

    boolean isFine() {
      return failures.isEmpty() && badRequests == 0 && sessionsLeft == 0;
    }

    @Override
    public String toString() {
      return "%d executions, %d failed, %d answers of 400, %d sessions left, p99 %d ms %s"
          .formatted(
              executions,
              failures.size(),
              badRequests,
              sessionsLeft,
              slow().toMillis(),
              failures.stream().limit(3).toList());
    }
  }

  public static void main(String[] arguments) throws Exception {
    int rounds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 1000;
    boolean fine = true;
    for (int atOnce : List.of(5, 50)) {
      var slow = run(rounds, atOnce, SLOW);
      System.out.printf("%4d rounds of %2d, slow sessions: %s%n", rounds, atOnce, slow);
      var quick = run(Math.min(rounds, 200), atOnce, QUICK);
      var most = Duration.ofMillis(atOnce == 5 ? 20 : 100);
      System.out.printf("     time added, %2d at once: %s (at most %s)%n", atOnce, quick, most);
      fine &= slow.isFine() && quick.isFine() && quick.slow().compareTo(most) <= 0;
    }
    System.exit(fine ? 0 : 1);
  }

  /// Runs so many rounds.
  ///
  /// @param atOnce executions in each round
  static Report run(int rounds, int atOnce, List<String> flags) throws Exception {
    var options = flags.toArray(String[]::new);
    try (var streamable = FixtureHttpServer.start(options);
        var events = FixtureHttpServer.start(options);
        var context =
            GatewayContext.with(
                    remote("new", streamable.uri()).pool(ROOMY),
                    oldRemote("old", events.sseUri()).pool(ROOMY))
                .start();
        var agents =
            new TestAgents()
                .limits(LIMITS)
                .type(TestAgents.type("tester", "*__echo"))
                .start(new Agency.Door(context.gateway()))) {
      var took = new ArrayList<Duration>();
      var failures = new ArrayList<String>();
      round(agents, atOnce, new ArrayList<>(), failures); // everything is loaded, lists are read
      for (int round = 0; round < rounds; round++) {
        round(agents, atOnce, took, failures);
        streamable.forgetRequests();
        events.forgetRequests();
      }
      return new Report(
          rounds * atOnce,
          failures,
          streamable.badRequests() + events.badRequests(),
          left(context, streamable, events),
          took);
    }
  }

  private static void round(Agents agents, int atOnce, List<Duration> took, List<String> failures)
      throws Refusal, InterruptedException {
    var jobs = new ArrayList<Job>();
    for (int i = 0; i < atOnce; i++) {
      var query = "new__echo {\"text\": \"%d\"} old__echo {\"text\": \"%d\"}".formatted(i, i);
      jobs.add(agents.start(new Order("tester", "", query, "anonymous", false), Progress.NONE));
    }
    for (var job : jobs) {
      var result = job.await();
      took.add(result.took());
      if (!isComplete(result)) {
        failures.add(result.toJson().toString());
      }
    }
  }

  private static boolean isComplete(Result result) {
    return result.status() == Status.COMPLETED
        && result.degraded().isEmpty()
        && result.steps().size() == 2
        && result.steps().stream().allMatch(one -> one.outcome() == Step.Outcome.COMPLETED);
  }

  /// Sessions beyond that of the reader of lists, once those that are being closed are closed.
  private static int left(
      GatewayContext context, FixtureHttpServer streamable, FixtureHttpServer events) {
    int left = Integer.MAX_VALUE;
    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    while (left > 0 && System.nanoTime() - until < 0) {
      left =
          context.upstream("new").pool().inUse()
              + context.upstream("old").pool().inUse()
              + streamable.sessionCount()
              + events.sessionCount()
              + context.inFlight()
              - 4;
      Thread.onSpinWait();
    }
    return left;
  }
}
