package io.watchgate.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.awaitility.Awaitility.await;

import io.watchgate.flow.Deadline;
import io.watchgate.flow.Rejection;
import io.watchgate.flow.Rejection.Reach;
import io.watchgate.flow.Rejection.Unavailable;
import io.watchgate.testkit.TurnedTime;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ProbesTest {
  private static final Duration LONG = Duration.ofDays(1000);
  private static final Duration LONG_ENOUGH = Duration.ofSeconds(20);

  private final TurnedTime time = TurnedTime.running();
  private final Probes probes = new Probes(true, time);
  private final CompletableFuture<String> attempt = new CompletableFuture<>();

  @Test
  void calmIsCountedFromTheNewestFailureUntilTheServerIsHeard() {
    assertThat(probes.calm()).isGreaterThan(LONG);
    probes.failed();
    time.turn(Duration.ofSeconds(1));
    assertThat(probes.calm()).isBetween(Duration.ofSeconds(1), LONG);
    probes.began();
    assertThat(probes.calm()).isZero();
    probes.ended();
    probes.heard();
    assertThat(probes.calm()).isGreaterThan(LONG);
  }

  @Test
  void callSharesTheLotOfAConnectionToAServerThatWasTriedInVain() {
    probes.failed();
    probes.connecting(attempt);
    var call = waiting();
    attempt.completeExceptionally(new Rejection(new Unavailable("x", "no", Reach.TOO_LATE)));

    assertThat(call).failsWithin(LONG_ENOUGH).withThrowableThat().withMessageContaining("no");
    assertThatCode(() -> probes.await(Deadline.NEVER)).doesNotThrowAnyException(); // it is over
  }

  @Test
  void callGoesOnWhenTheServerRefusedSomebodyElse() {
    probes.failed();
    probes.connecting(attempt);
    var call = waiting();
    attempt.completeExceptionally(new Rejection(new Unavailable("x", "no", Reach.NOT_SENT)));

    assertThat(call).succeedsWithin(LONG_ENOUGH);
  }

  @Test
  void callGoesOnWhenTheConnectionIsMade() {
    probes.failed();
    probes.connecting(attempt);
    var call = waiting();
    attempt.complete("made");

    assertThat(call).succeedsWithin(LONG_ENOUGH);
  }

  @Test
  void callOfOneClientWaitsForNoConnectionOfAnotherWhereThatTellsNothing() throws Exception {
    probes.connecting(attempt);
    probes.await(Deadline.NEVER); // nobody tried the server in vain
    probes.failed();
    probes.heard();
    probes.await(Deadline.NEVER);
    var child = new Probes(false, time);
    child.failed();
    child.connecting(attempt);
    child.await(Deadline.NEVER);

    assertThat(attempt).isNotDone();
  }

  private CompletableFuture<Boolean> waiting() {
    var ended = new CompletableFuture<Boolean>();
    var thread =
        Thread.ofVirtual()
            .start(() -> {
              try {
                probes.await(Deadline.after(LONG_ENOUGH, time));
                ended.complete(true);
              } catch (Rejection | InterruptedException e) {
                ended.completeExceptionally(e);
              }
            });
    await().until(() -> thread.getState() == Thread.State.TIMED_WAITING);
    return ended;
  }
}
