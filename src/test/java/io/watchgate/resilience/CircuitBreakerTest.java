package io.watchgate.resilience;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.watchgate.flow.CircuitState;
import io.watchgate.flow.Rejection;
import io.watchgate.flow.Rejection.CircuitOpen;
import io.watchgate.resilience.CircuitBreaker.Entered;
import io.watchgate.testkit.HandTurnedTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class CircuitBreakerTest {
  private static final Duration RECOVERY = Duration.ofSeconds(60);

  private final HandTurnedTime time = new HandTurnedTime();
  private final AtomicInteger closings = new AtomicInteger();
  private final CircuitBreaker breaker = breaker(1);

  private CircuitBreaker breaker(int halfOpenRequests) {
    var made = new CircuitBreaker("files", 3, RECOVERY, halfOpenRequests, time);
    made.onClosed(closings::incrementAndGet);
    return made;
  }

  @Test
  void opensAfterFailuresInARow() {
    fail(2);
    assertThat(breaker.state()).isEqualTo(CircuitState.CLOSED);
    fail(1);
    assertThat(breaker.state()).isEqualTo(CircuitState.OPEN);
    time.turn(Duration.ofSeconds(20));
    assertThat(refusal()).isEqualTo(new CircuitOpen("files", "gone", Duration.ofSeconds(40)));
  }

  @Test
  void anAnswerInBetweenBeginsTheRowAnew() {
    fail(2);
    breaker.succeeded(breaker.enter());
    fail(2);
    assertThat(breaker.state()).isEqualTo(CircuitState.CLOSED);
  }

  @Test
  void callsThatFailTogetherAreOneFailure() {
    var together = enter(10);
    together.forEach(began -> breaker.failed(began, "the connection was lost", false));
    assertThat(breaker.state()).isEqualTo(CircuitState.CLOSED);
    fail(1);
    assertThat(breaker.state()).isEqualTo(CircuitState.CLOSED);
    fail(1);
    assertThat(breaker.state()).isEqualTo(CircuitState.OPEN);
  }

  @Test
  void callsThatTimeOutTogetherAreAsManyFailures() {
    var together = enter(3);
    together.forEach(began -> breaker.failed(began, "no answer", true));
    assertThat(breaker.state()).isEqualTo(CircuitState.OPEN);
  }

  @Test
  void aFailureOfACallThatBeganBeforeAnAnswerSaysNothingNew() {
    fail(2);
    var old = breaker.enter();
    breaker.succeeded(breaker.enter());
    breaker.failed(old, "gone", false);
    fail(2);
    assertThat(breaker.state()).isEqualTo(CircuitState.CLOSED);
  }

  @Test
  void whatBeganBeforeTheCircuitOpenedDoesNotCloseIt() {
    var old = enter(2);
    fail(3);
    breaker.succeeded(old.getFirst());
    assertThat(breaker.state()).isEqualTo(CircuitState.OPEN);
    time.turn(RECOVERY);
    breaker.succeeded(breaker.enter());
    breaker.failed(old.getLast(), "no answer", true);
    fail(2);
    assertThat(breaker.state()).isEqualTo(CircuitState.CLOSED);
  }

  @Test
  void oneCallTriesTheServerWhenTheTimeIsOver() {
    open(breaker);
    time.turn(RECOVERY.minusNanos(1));
    assertThat(refusal().retryAfter()).isEqualTo(Duration.ofNanos(1));
    time.turn(Duration.ofNanos(1));
    var trial = breaker.enter();
    assertThat(breaker.state()).isEqualTo(CircuitState.HALF_OPEN);
    assertThat(refusal().cause()).isEqualTo("gone");
    assertThat(closings).hasValue(0);
    breaker.succeeded(trial);
    assertThat(breaker.state()).isEqualTo(CircuitState.CLOSED);
    assertThat(closings).hasValue(1);
  }

  @Test
  void aTrialThatFailsOpensTheCircuitForTheWholeTime() {
    open(breaker);
    time.turn(RECOVERY);
    breaker.failed(breaker.enter(), "still gone", false);
    assertThat(refusal()).isEqualTo(new CircuitOpen("files", "still gone", RECOVERY));
  }

  @Test
  void aTrialThatIsLeftGivesItsPlaceBack() {
    open(breaker);
    time.turn(RECOVERY);
    breaker.left(breaker.enter());
    assertThat(breaker.state()).isEqualTo(CircuitState.HALF_OPEN);
    breaker.succeeded(breaker.enter());
    assertThat(breaker.state()).isEqualTo(CircuitState.CLOSED);
  }

  @Test
  void asManyCallsTryTheServerAsTheSettingSays() {
    var wide = breaker(2);
    open(wide);
    time.turn(RECOVERY);
    var first = wide.enter();
    var second = wide.enter();
    assertThat(catchThrowableOfType(Rejection.class, wide::enter)).isNotNull();
    wide.left(first);
    var third = wide.enter();
    wide.failed(third, "gone", false);
    wide.succeeded(second);
    assertThat(wide.state()).isEqualTo(CircuitState.OPEN);
    assertThat(closings).hasValue(0);
  }

  @Test
  void aServerThatWasReachedIsTriedAtOnce() {
    breaker.reached();
    assertThat(breaker.state()).isEqualTo(CircuitState.CLOSED);
    open(breaker);
    breaker.reached();
    assertThat(breaker.state()).isEqualTo(CircuitState.HALF_OPEN);
    var trial = breaker.enter();
    breaker.reached();
    assertThat(catchThrowableOfType(Rejection.class, breaker::enter)).isNotNull();
    breaker.succeeded(trial);
    assertThat(breaker.state()).isEqualTo(CircuitState.CLOSED);
  }

  private void open(CircuitBreaker which) {
    for (int i = 0; i < 3; i++) {
      which.failed(which.enter(), "gone", false);
    }
  }

  private void fail(int times) {
    for (int i = 0; i < times; i++) {
      breaker.failed(breaker.enter(), "gone", false);
    }
  }

  private List<Entered> enter(int times) {
    return new ArrayList<>(Stream.generate(breaker::enter).limit(times).toList());
  }

  private CircuitOpen refusal() {
    return (CircuitOpen) catchThrowableOfType(Rejection.class, breaker::enter).reason();
  }
}
