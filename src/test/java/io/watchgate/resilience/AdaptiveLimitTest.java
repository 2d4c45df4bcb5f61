package io.watchgate.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import io.watchgate.flow.Call;
import io.watchgate.flow.Deadline;
import io.watchgate.flow.Rejection;
import io.watchgate.jsonrpc.Json;
import io.watchgate.jsonrpc.Request;
import io.watchgate.jsonrpc.RequestId;
import io.watchgate.resilience.ConcurrencyLimit.Place;
import io.watchgate.testkit.RecordingSession;
import io.watchgate.testkit.StandingTime;
import java.time.Duration;
import java.util.Comparator;
import java.util.PriorityQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A modelled server, with a number of workers and a queue before them, under five times the load
/// that it can take; a millisecond at a time.
class AdaptiveLimitTest {
  private static final RecordingSession CLIENT = new RecordingSession("a");

  private final StandingTime time = new StandingTime();
  private final ConcurrencyLimit limit =
      ConcurrencyLimit.adaptive("server", new ConcurrencySettings(100, 0, Duration.ZERO), time);
  private final Model server = new Model();

  private record Running(Place place, Call call, long started, long ends) {}

  /// What is behind the limit.
  private final class Model {
    private final PriorityQueue<Running> running =
        new PriorityQueue<>(Comparator.comparingLong(Running::ends));
    private final PriorityQueue<Long> freeAt = new PriorityQueue<>();
    private double due;
    private int answered;
    private int refused;
    private long sumMillis;

    void workers(int workers) {
      while (freeAt.size() < workers) {
        freeAt.add(0L);
      }
      while (freeAt.size() > workers) {
        freeAt.remove();
      }
    }

    /// Calls come for a time.
    void run(Duration duration, double callsPerSecond, String tool, int serviceMillis)
        throws InterruptedException {
      for (long i = 0; i < duration.toMillis(); i++) {
        time.turn(Duration.ofMillis(1));
        long now = millis();
        while (!running.isEmpty() && running.peek().ends <= now) {
          end(running.remove());
        }
        for (due += callsPerSecond / 1000; due >= 1; due--) {
          begin(tool, serviceMillis, now);
        }
      }
    }

    private void begin(String tool, int serviceMillis, long now) throws InterruptedException {
      try {
        var place = limit.take(CLIENT, Deadline.NEVER);
        long ends = Math.max(now, freeAt.remove()) + serviceMillis;
        freeAt.add(ends);
        running.add(new Running(place, call(tool), now, ends));
      } catch (Rejection _) {
        refused++;
      }
    }

    private void end(Running call) {
      answered++;
      sumMillis += call.ends - call.started;
      call.place.answered();
      call.place.took(call.call);
      call.place.close();
    }

    void forgetCounts() {
      answered = 0;
      refused = 0;
      sumMillis = 0;
    }
  }

  private long millis() {
    return time.nanos() / 1_000_000;
  }

  private static Call call(String tool) {
    var params = Json.object("name", tool);
    return new Call(Request.of(RequestId.of(1), "tools/call", params), CLIENT);
  }

  @ParameterizedTest(name = "{0} workers, {1} ms each")
  @CsvSource({"20, 50", "5, 100", "1, 20", "60, 10", "10, 1000"})
  void fiveTimesTheLoadIsShedEarlyAndTheRestIsServed(int workers, int serviceMillis)
      throws InterruptedException {
    double capacity = workers * 1000.0 / serviceMillis;
    server.workers(workers);
    server.run(Duration.ofSeconds(20), 5 * capacity, "t", serviceMillis);
    server.forgetCounts();
    server.run(Duration.ofSeconds(60), 5 * capacity, "t", serviceMillis);

    assertThat(server.answered / 60.0 / capacity).as("goodput").isGreaterThan(0.8);
    assertThat(server.sumMillis / server.answered)
        .as("milliseconds of an answer")
        .isLessThan(3L * serviceMillis + 30);
    assertThat(server.refused).isPositive();
    assertThat(limit.limit()).isLessThan(100);
  }

  @Test
  void theLimitShrinksWhenTheServerGetsTenTimesSlowerAndRecoversWithIt()
      throws InterruptedException {
    server.workers(30);
    server.run(Duration.ofSeconds(30), 3000, "t", 50);
    int healthy = limit.limit();
    assertThat(healthy).isBetween(20, 60);

    server.workers(3);
    server.run(Duration.ofSeconds(10), 3000, "t", 50);
    assertThat(limit.limit()).isLessThan(12);
    server.forgetCounts();
    server.run(Duration.ofSeconds(20), 300, "t", 50);
    assertThat(server.answered / 20.0).as("of 60 that it can do").isGreaterThan(48);

    server.workers(30);
    server.run(Duration.ofSeconds(10), 3000, "t", 50);
    assertThat(limit.limit()).isGreaterThan(healthy / 2);
    server.forgetCounts();
    server.run(Duration.ofSeconds(20), 3000, "t", 50);
    assertThat(server.answered / 20.0).as("of 600 that it can do").isGreaterThan(480);
  }

  @Test
  void aServerWhoseCallsThemselvesGetSlowerKeepsItsPlaces() throws InterruptedException {
    server.workers(30);
    server.run(Duration.ofSeconds(30), 3000, "t", 50);

    server.run(Duration.ofSeconds(30), 300, "t", 500);
    server.forgetCounts();
    server.run(Duration.ofSeconds(60), 300, "t", 500);
    assertThat(server.answered / 60.0).as("of 60 that it can do").isGreaterThan(48);

    server.run(Duration.ofSeconds(10), 3000, "t", 50);
    server.forgetCounts();
    server.run(Duration.ofSeconds(20), 3000, "t", 50);
    assertThat(server.answered / 20.0).as("of 600 that it can do").isGreaterThan(480);
  }

  @Test
  void slowToolsBesideFastOnesAreNoOverload() throws InterruptedException {
    server.workers(100);
    for (int i = 0; i < 20; i++) {
      server.run(Duration.ofSeconds(1), 50, "fast", 5);
      server.run(Duration.ofSeconds(1), 30, "slow", 2000);
    }
    assertThat(server.refused).isZero();
    assertThat(limit.limit()).isEqualTo(100);
  }
}
