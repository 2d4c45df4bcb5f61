package io.watchgate.audit;

import io.watchgate.flow.Time;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;
import org.jspecify.annotations.Nullable;

/// A clock that runs faster than that of the machine.
record QuickTime(int times) implements Time {
  @Override
  public long nanos() {
    return System.nanoTime() * times;
  }

  @Override
  public long await(Condition signal, long nanos) throws InterruptedException {
    return Time.REAL.await(signal, nanos / times) * times;
  }

  @Override
  public <T extends @Nullable Object> T get(CompletableFuture<T> result, long nanos)
      throws InterruptedException, ExecutionException, TimeoutException {
    return Time.REAL.get(result, nanos / times);
  }
}
