package io.watchgate.faults;

import io.watchgate.flow.Time;
import java.time.Duration;

/// Sleeps for short times and measures how much later it wakes up: what nobody on this machine can
/// be on time for, however good.
final class Metronome implements AutoCloseable {
  private static final Duration BEAT = Duration.ofMillis(2);

  private final Thread thread = Thread.ofPlatform().daemon().name("metronome").unstarted(this::run);
  private volatile long latestNanos;

  private Metronome() {}

  static Metronome start() {
    var metronome = new Metronome();
    metronome.thread.start();
    return metronome;
  }

  private void run() {
    try {
      while (true) {
        long due = System.nanoTime() + BEAT.toNanos();
        Time.REAL.pass(BEAT);
        latestNanos = Math.max(latestNanos, System.nanoTime() - due);
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /// How late it was at most.
  double latestMillis() {
    return latestNanos / 1e6;
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
