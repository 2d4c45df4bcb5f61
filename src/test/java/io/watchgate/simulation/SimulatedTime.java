package io.watchgate.simulation;

import io.watchgate.flow.Time;
import java.lang.reflect.Field;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.AbstractQueuedSynchronizer;
import java.util.concurrent.locks.Condition;
import org.jspecify.annotations.Nullable;

/// The time of a simulated world: waits end when its clock has jumped far enough.
final class SimulatedTime implements Time {
  private static final Field SYNCHRONIZER = synchronizer();

  private final World world;
  private final long startNanos;

  SimulatedTime(World world, long startNanos) {
    this.world = world;
    this.startNanos = startNanos;
  }

  private static Field synchronizer() {
    try {
      var field = AbstractQueuedSynchronizer.ConditionObject.class.getDeclaredField("this$0");
      field.setAccessible(true);
      return field;
    } catch (NoSuchFieldException e) {
      throw new IllegalStateException("another JDK hides the lock of a condition elsewhere", e);
    }
  }

  @Override
  public long nanos() {
    return startNanos + world.elapsedNanos();
  }

  @Override
  @SuppressWarnings("WaitNotInLoop") // the loop is the caller's
  public long await(Condition signal, long nanos) throws InterruptedException {
    long end = world.elapsedNanos() + nanos;
    var alarm = world.alarm(nanos, () -> world.start("time is over", () -> wake(signal)));
    try {
      signal.await();
    } finally {
      alarm.run();
    }
    return end - world.elapsedNanos();
  }

  /// Only who holds the lock may signal, and only the condition knows its lock.
  private static void wake(Condition signal) {
    try {
      var lock = (AbstractQueuedSynchronizer) SYNCHRONIZER.get(signal);
      lock.acquire(1);
      try {
        signal.signalAll();
      } finally {
        lock.release(1);
      }
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public <T extends @Nullable Object> T get(CompletableFuture<T> result, long nanos)
      throws InterruptedException, ExecutionException, TimeoutException {
    if (!result.isDone() && nanos > 0) {
      var gate = new CompletableFuture<@Nullable Void>();
      var alarm = world.alarm(nanos, () -> gate.complete(null));
      var _ = result.whenComplete((_, _) -> gate.complete(null));
      try {
        var _ = gate.get();
      } finally {
        alarm.run();
      }
    }
    if (!result.isDone()) {
      throw new TimeoutException();
    }
    return result.get();
  }
}
