package io.watchgate.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.watchgate.testkit.TurnedTime;
import io.watchgate.upstream.UpstreamSettings.CircuitBreaker;
import io.watchgate.upstream.UpstreamSettings.Command;
import io.watchgate.upstream.UpstreamSettings.Pool;
import io.watchgate.upstream.UpstreamSettings.Remote;
import io.watchgate.upstream.UpstreamSettings.Restart;
import io.watchgate.upstream.UpstreamSettings.Retry;
import io.watchgate.upstream.UpstreamSettings.SessionScope;
import io.watchgate.upstream.UpstreamSettings.Target;
import io.watchgate.upstream.UpstreamSettings.Wire;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SetbacksTest {
  private static final Duration BACKOFF = Duration.ofSeconds(1);
  private static final Duration MAX_BACKOFF = Duration.ofSeconds(30);
  private static final Target CHILD = new Command(List.of("x"), Map.of(), false, Path.of(""));
  private static final Target WEB =
      new Remote(URI.create("http://x/"), Map.of(), Wire.STREAMABLE_HTTP);

  private static final Duration NEVER = ChronoUnit.FOREVER.getDuration();

  private final TurnedTime time = new TurnedTime();

  private Setbacks setbacks(Target target, int attempts) {
    return new Setbacks(settings(target, attempts), time);
  }

  private static UpstreamSettings settings(Target target, int attempts) {
    return new UpstreamSettings(
        "x",
        "",
        true,
        target,
        SessionScope.PER_CLIENT,
        1,
        Duration.ofSeconds(1),
        Duration.ofSeconds(1),
        new Restart(attempts, BACKOFF, MAX_BACKOFF),
        Pool.DEFAULT,
        Retry.DEFAULT,
        CircuitBreaker.DEFAULT);
  }

  private void live(Setbacks setbacks, Duration life) {
    setbacks.starting();
    setbacks.ready();
    time.turn(life);
    setbacks.another();
  }

  @Test
  void pausesDoubleUpToTheLongest() {
    var setbacks = setbacks(WEB, 3);
    var pauses = new java.util.ArrayList<Long>();
    for (int i = 0; i < 7; i++) {
      live(setbacks, Duration.ZERO);
      pauses.add(setbacks.untilRetry(NEVER).toSeconds());
    }
    assertThat(pauses).containsExactly(1L, 2L, 4L, 8L, 16L, 30L, 30L);
    assertThat(setbacks.mayTryAgain()).isTrue();
  }

  @Test
  void whatOthersFoundOutOfARemoteServerNeedNotBeFoundOutAgain() {
    var web = setbacks(WEB, 3);
    var child = setbacks(CHILD, 3);
    web.another();
    child.another();
    time.turn(BACKOFF.multipliedBy(2));

    assertThat(web.untilRetry(NEVER)).isLessThanOrEqualTo(Duration.ZERO);
    assertThat(web.untilRetry(Duration.ofMillis(300))).isEqualTo(Duration.ofMillis(700));
    assertThat(child.untilRetry(Duration.ofMillis(300))).isLessThanOrEqualTo(Duration.ZERO);
  }

  @Test
  void childIsLeftAloneAfterItsAttempts() {
    var setbacks = setbacks(CHILD, 2);
    live(setbacks, Duration.ZERO);
    live(setbacks, Duration.ZERO);
    assertThat(setbacks.mayTryAgain()).isTrue();
    live(setbacks, Duration.ZERO);
    assertThat(setbacks.mayTryAgain()).isFalse();
    live(setbacks, MAX_BACKOFF.plusMillis(1));
    assertThat(setbacks.mayTryAgain()).isTrue();
  }

  @Test
  void fiveBriefLivesAreACrashLoopWhateverTheAttempts() {
    var setbacks = setbacks(CHILD, 1_000);
    for (int i = 0; i < 4; i++) {
      live(setbacks, Duration.ofSeconds(3));
    }
    assertThat(setbacks.mayTryAgain()).isTrue();
    assertThat(setbacks.explain("exited with status 7")).isEqualTo("exited with status 7");
    assertThat(setbacks.untilCallsMayTry()).isZero();
    live(setbacks, Duration.ofSeconds(3));

    assertThat(setbacks.mayTryAgain()).isFalse();
    assertThat(setbacks.explain("exited with status 7: no disk"))
        .isEqualTo("crash loop, 5 times in 15.0 s: exited with status 7: no disk");
    assertThat(setbacks.untilCallsMayTry()).isEqualTo(MAX_BACKOFF);
    time.turn(MAX_BACKOFF);
    assertThat(setbacks.untilCallsMayTry()).isZero();
  }

  @Test
  void aLifeThatIsNotBriefEndsACrashLoop() {
    var setbacks = setbacks(CHILD, 1_000);
    for (int i = 0; i < 5; i++) {
      live(setbacks, Duration.ZERO);
    }
    live(setbacks, Duration.ofSeconds(6));

    assertThat(setbacks.mayTryAgain()).isTrue();
    assertThat(setbacks.untilCallsMayTry()).isZero();
  }

  @Test
  void remoteServerIsNeverInACrashLoop() {
    var setbacks = setbacks(WEB, 0);
    for (int i = 0; i < 9; i++) {
      live(setbacks, Duration.ZERO);
    }
    assertThat(setbacks.mayTryAgain()).isTrue();
    assertThat(setbacks.untilCallsMayTry()).isZero();
    assertThat(setbacks.explain("refused")).isEqualTo("refused");
  }
}
