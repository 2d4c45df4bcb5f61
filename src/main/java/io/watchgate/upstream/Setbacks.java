package io.watchgate.upstream;

import io.watchgate.flow.Time;
import io.watchgate.upstream.UpstreamSettings.Remote;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/// How often in a row a server was lost or not reached, and what follows from it for the next
/// attempt. For the holder of the link's lock.
final class Setbacks {
  /// A process that ends sooner after it was ready has not been of use to anybody.
  private static final Duration BRIEF = Duration.ofSeconds(5);

  /// So many brief lives in a row are no accident, and cost more than they are worth.
  private static final int LOOP = 5;

  private final UpstreamSettings settings;
  private final Time time;
  private int inARow;
  private int briefLives;
  private long loopNanos;
  private boolean ready;
  private long startedNanos;
  private long readyNanos;
  private long failedNanos;

  Setbacks(UpstreamSettings settings, Time time) {
    this.settings = settings;
    this.time = time;
  }

  void starting() {
    ready = false;
    startedNanos = time.nanos();
  }

  void ready() {
    ready = true;
    readyNanos = time.nanos();
  }

  /// The server was lost, or not reached. Only a session that lived longer than the longest pause
  /// proves that the server was well again: one that shakes hands and dies at once must not be
  /// started for ever.
  void another() {
    failedNanos = time.nanos();
    var lived = ready ? Duration.ofNanos(failedNanos - readyNanos) : Duration.ZERO;
    inARow = lived.compareTo(settings.restart().maxBackoff()) > 0 ? 1 : inARow + 1;
    if (lived.compareTo(BRIEF) >= 0) {
      briefLives = 0;
    } else if (briefLives++ == 0) {
      loopNanos = startedNanos;
    }
    ready = false;
  }

  /// Whether the server is a process that does nothing but to start and to end.
  private boolean isLooping() {
    return !isRemote() && briefLives >= LOOP;
  }

  private boolean isRemote() {
    return settings.target() instanceof Remote;
  }

  /// What happened, in words for a person.
  ///
  /// @param cause of the newest setback
  String explain(String cause) {
    return isLooping()
        ? String.format(
            Locale.ROOT,
            "crash loop, %d times in %.1f s: %s",
            briefLives,
            seconds(failedNanos - loopNanos),
            cause)
        : cause;
  }

  private static double seconds(long nanos) {
    return nanos / (double) TimeUnit.SECONDS.toNanos(1);
  }

  /// A child that crashes again and again is left alone until somebody calls it; a remote server
  /// costs nothing to ask.
  boolean mayTryAgain() {
    return isRemote() || (inARow <= settings.restart().maxAttempts() && !isLooping());
  }

  /// How long calls are refused without another attempt; not positive when one is due.
  Duration untilCallsMayTry() {
    return isLooping()
        ? settings.restart().maxBackoff().minusNanos(time.nanos() - failedNanos)
        : Duration.ZERO;
  }

  /// How long to wait until the next attempt; not positive when one is due. Whoever heard of others
  /// that one and the same server is not there need not find out again.
  ///
  /// @param calm how long nobody else tried the server in vain
  Duration untilRetry(Duration calm) {
    var own = Duration.ofNanos(time.nanos() - failedNanos);
    return pause().minus(isRemote() && calm.compareTo(own) < 0 ? calm : own);
  }

  private Duration pause() {
    var restart = settings.restart();
    var pause = restart.backoff();
    for (int i = 1; i < inARow && pause.compareTo(restart.maxBackoff()) < 0; i++) {
      pause = pause.multipliedBy(2);
    }
    return pause.compareTo(restart.maxBackoff()) < 0 ? pause : restart.maxBackoff();
  }
}
