package io.watchgate.testkit;

import io.watchgate.flow.Time;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import org.jspecify.annotations.Nullable;

/// A clock that only a test turns. Whoever waits by it turns it to the end of the wait.
public final class HandTurnedTime implements Time {
  private final AtomicLong nanos = new AtomicLong(1_000);

  /// Turns the clock on.
  public void turn(Duration passed) {
    nanos.addAndGet(passed.toNanos());
  }

  @Override
  public long nanos() {
    return nanos.get();
  }

  @Override
  public long await(Condition signal, long wait) {
    nanos.addAndGet(wait);
    return 0;
  }

  @Override
  public <T extends @Nullable Object> T get(CompletableFuture<T> result, long wait)
      throws InterruptedException, ExecutionException, TimeoutException {
    if (!result.isDone()) {
      nanos.addAndGet(wait);
      throw new TimeoutException();
    }
    return result.get();
  }
}
