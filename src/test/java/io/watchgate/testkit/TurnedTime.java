package io.watchgate.testkit;

import io.watchgate.flow.Time;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import org.jspecify.annotations.Nullable;

/// A clock that runs as time does, and can be turned forward: who waits does not notice.
public final class TurnedTime implements Time {
  private final AtomicLong turned = new AtomicLong();
  private final boolean running;

  /// A clock that stands still until it is turned.
  public TurnedTime() {
    this(false);
  }

  private TurnedTime(boolean running) {
    this.running = running;
  }

  /// A clock that runs.
  public static TurnedTime running() {
    return new TurnedTime(true);
  }

  /// Turns the clock forward.
  public void turn(Duration by) {
    turned.addAndGet(by.toNanos());
  }

  @Override
  public long nanos() {
    return turned.get() + (running ? System.nanoTime() : 0);
  }

  @Override
  public long await(Condition signal, long nanos) throws InterruptedException {
    return Time.REAL.await(signal, nanos);
  }

  @Override
  public <T extends @Nullable Object> T get(CompletableFuture<T> result, long nanos)
      throws InterruptedException, ExecutionException, TimeoutException {
    return Time.REAL.get(result, nanos);
  }
}
