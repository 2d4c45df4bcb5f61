package io.watchgate.upstream;

import io.watchgate.flow.Time;
import io.watchgate.upstream.UpstreamSettings.Remote;
import java.time.Duration;

/// How often in a row a server was lost or not reached, and what follows from it for the next
/// attempt. For the holder of the link's lock.
final class Setbacks {
  private final UpstreamSettings settings;
  private final Time time;
  private int inARow;
  private long readyNanos;

  Setbacks(UpstreamSettings settings, Time time) {
    this.settings = settings;
    this.time = time;
  }

  void ready() {
    readyNanos = time.nanos();
  }

  /// A session ended. Only one that lived longer than the longest pause proves that the server is
  /// well again: one that shakes hands and dies at once must not be started for ever.
  void lost() {
    var lived = Duration.ofNanos(time.nanos() - readyNanos);
    if (lived.compareTo(settings.restart().maxBackoff()) > 0) {
      inARow = 0;
    }
  }

  void another() {
    inARow++;
  }

  /// A child that crashes again and again is left alone until somebody calls it; a remote server
  /// costs nothing to ask.
  boolean mayTryAgain() {
    return settings.target() instanceof Remote || inARow <= settings.restart().maxAttempts();
  }

  /// How long to wait before the next attempt.
  Duration pause() {
    var restart = settings.restart();
    var pause = restart.backoff();
    for (int i = 1; i < inARow && pause.compareTo(restart.maxBackoff()) < 0; i++) {
      pause = pause.multipliedBy(2);
    }
    return pause.compareTo(restart.maxBackoff()) < 0 ? pause : restart.maxBackoff();
  }
}
