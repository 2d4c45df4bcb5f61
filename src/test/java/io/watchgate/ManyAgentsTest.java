package io.watchgate;

import static io.watchgate.GatewayContext.oldRemote;
import static io.watchgate.GatewayContext.remote;
import static io.watchgate.agents.TestAgents.type;
import static org.assertj.core.api.Assertions.assertThat;

import io.watchgate.agents.Job;
import io.watchgate.agents.Order;
import io.watchgate.agents.Progress;
import io.watchgate.agents.Result;
import io.watchgate.agents.Result.Status;
import io.watchgate.agents.TestAgents;
import io.watchgate.testkit.FixtureHttpServer;
import io.watchgate.upstream.UpstreamSettings.Pool;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Many agents at once, and servers that are slow or go away meanwhile.
@Timeout(120)
class ManyAgentsTest {
  private static final Pool ROOMY =
      new Pool(128, 1_000, Duration.ofSeconds(60), Duration.ofMinutes(5));

  private static Order order(String query) {
    return new Order("tester", "demo", query, "anonymous", false);
  }

  @Test
  void manyAtOnceAreServedByServersThatAreSlowToHandshake() throws Exception {
    for (int atOnce : List.of(5, 50)) {
      var report = AgentSoak.run(3, atOnce, List.of("--slow", "20", "--beat"));

      assertThat(report.isFine()).as(report.toString()).isTrue();
    }
  }

  @Test
  void serverThatIsKilledAndComesBackLeavesNoExecutionWithoutItsAnswer() throws Exception {
    var web = FixtureHttpServer.start();
    try (var old = FixtureHttpServer.start();
        var context =
            GatewayContext.with(
                    remote("new", web.uri()).pool(ROOMY),
                    oldRemote("old", old.sseUri()).pool(ROOMY))
                .start();
        var agents =
            new TestAgents()
                .type(type("tester", "*__echo"))
                .start(new Agency.Door(context.gateway()))) {
      var running = new ArrayDeque<Job>();
      var results = new ArrayList<Result>();
      int port = web.uri().getPort();
      for (int i = 0; i < 200; i++) {
        var query = "new__echo {\"text\": \"%d\"} old__echo {\"text\": \"%d\"}".formatted(i, i);
        running.add(agents.start(order(query), Progress.NONE));
        if (i == 60) {
          web.close();
        } else if (i == 120) {
          web = FixtureHttpServer.startOn(port);
        }
        if (running.size() == 20) {
          results.add(running.remove().await());
        }
      }
      for (var job : running) {
        results.add(job.await());
      }

      assertThat(results).hasSize(200);
      assertThat(results).extracting(Result::status).containsOnly(Status.COMPLETED);
      assertThat(results)
          .extracting(Result::answer)
          .allMatch(said -> said.contains("old__echo says: "));
      assertThat(results.getFirst().degraded()).isEmpty();
      assertThat(results)
          .filteredOn(result -> !result.degraded().isEmpty())
          .isNotEmpty()
          .allSatisfy(one -> assertThat(one.degraded().getFirst().server()).isEqualTo("new"));
    } finally {
      web.close();
    }
  }
}
