package io.watchgate.flow;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;
import org.jspecify.annotations.Nullable;

/// The clock by which everything waits, so that a simulation can let it run as it likes. Only runs
/// forward, and says nothing about the date.
public interface Time {
  /// The time of the machine.
  Time REAL = new RealTime();

  /// The reading in nanoseconds; only differences mean something, as with {@link
  /// System#nanoTime()}.
  long nanos();

  /// Waits for a signal, holding the condition's lock before and after.
  ///
  /// @param nanos how long at most
  /// @return what is left of that, not positive when it is over
  long await(Condition signal, long nanos) throws InterruptedException;

  /// Waits for a result.
  ///
  /// @param nanos how long at most
  /// @throws TimeoutException when that is over
  /// @throws ExecutionException when the result is a failure
  <T extends @Nullable Object> T get(CompletableFuture<T> result, long nanos)
      throws InterruptedException, ExecutionException, TimeoutException;

  /// Lets time pass.
  default void pass(Duration duration) throws InterruptedException {
    try {
      var _ = get(new CompletableFuture<Void>(), duration.toNanos());
    } catch (TimeoutException _) {
      // that is how it ends
    } catch (ExecutionException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /// Time as it is.
  final class RealTime implements Time {
    private RealTime() {}

    @Override
    public long nanos() {
      return System.nanoTime();
    }

    @Override
    @SuppressWarnings("WaitNotInLoop") // the loop is the caller's
    public long await(Condition signal, long nanos) throws InterruptedException {
      return signal.awaitNanos(nanos);
    }

    @Override
    public <T extends @Nullable Object> T get(CompletableFuture<T> result, long nanos)
        throws InterruptedException, ExecutionException, TimeoutException {
      return result.get(nanos, TimeUnit.NANOSECONDS);
    }
  }
}
