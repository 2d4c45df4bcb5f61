package io.watchgate.testkit;

import io.watchgate.flow.Time;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import org.jspecify.annotations.Nullable;

/// A clock that stands still until the test turns it. Who waits for a result waits for the result
/// and for the clock.
public final class StandingTime implements Time {
  private final AtomicLong now = new AtomicLong(1);
  private final List<Alarm> alarms = new ArrayList<>();

  /// Somebody's patience ends then.
  private record Alarm(long nanos, Runnable ring) {}

  @Override
  public long nanos() {
    return now.get();
  }

  /// Lets time pass, for all who wait.
  public void turn(Duration by) {
    List<Alarm> due;
    synchronized (alarms) {
      long then = now.addAndGet(by.toNanos());
      due = alarms.stream().filter(alarm -> alarm.nanos <= then).toList();
      alarms.removeAll(due);
    }
    due.forEach(alarm -> alarm.ring.run());
  }

  @Override
  public long await(Condition signal, long nanos) {
    throw new UnsupportedOperationException("nobody waits like that here");
  }

  @Override
  public <T extends @Nullable Object> T get(CompletableFuture<T> result, long nanos)
      throws InterruptedException, ExecutionException, TimeoutException {
    var over = new CompletableFuture<Void>();
    synchronized (alarms) {
      if (nanos <= 0) {
        over.complete(null);
      } else {
        alarms.add(new Alarm(now.get() + nanos, () -> over.complete(null)));
      }
    }
    CompletableFuture.anyOf(result.handle((_, _) -> true), over).get();
    if (result.isDone()) {
      return result.get();
    }
    throw new TimeoutException();
  }
}
