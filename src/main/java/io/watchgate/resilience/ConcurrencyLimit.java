package io.watchgate.resilience;

import io.watchgate.flow.Deadline;
import io.watchgate.flow.Rejection;
import io.watchgate.flow.Rejection.Overloaded;
import io.watchgate.flow.Time;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// How many calls may be in flight at once, how many are, and the most that ever were. Calls beyond
/// the limit wait in a bounded queue, first come first served, or are refused.
public final class ConcurrencyLimit {
  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

  private final String where;
  private final ConcurrencySettings settings;
  private final Semaphore permits;
  private final AtomicInteger waiting = new AtomicInteger();
  private final AtomicInteger inFlight = new AtomicInteger();
  private final AtomicInteger highest = new AtomicInteger();

  /// @param where the server whose limit it is, empty for the gateway's own
  public ConcurrencyLimit(String where, ConcurrencySettings settings) {
    this.where = where;
    this.settings = settings;
    this.permits = new Semaphore(settings.max(), true);
  }

  /// Calls in flight now.
  public int inFlight() {
    return inFlight.get();
  }

  /// The most calls that were ever in flight at once.
  public int highest() {
    return highest.get();
  }

  /// Calls that wait for their turn now.
  public int waiting() {
    return waiting.get();
  }

  void acquire(Deadline deadline) throws InterruptedException {
    if (!permits.tryAcquire(0, TimeUnit.NANOSECONDS) && !waitForTurn(deadline)) {
      throw new Rejection(new Overloaded(where, inFlight.get(), settings.max(), RETRY_AFTER));
    }
    highest.accumulateAndGet(inFlight.incrementAndGet(), Math::max);
  }

  void release() {
    inFlight.decrementAndGet();
    permits.release();
  }

  private boolean waitForTurn(Deadline deadline) throws InterruptedException {
    try {
      if (waiting.incrementAndGet() > settings.queue()) {
        return false;
      }
      var latest = Deadline.after(settings.queueTimeout(), Time.REAL).orSooner(deadline);
      return permits.tryAcquire(latest.remainingNanos(), TimeUnit.NANOSECONDS);
    } finally {
      waiting.decrementAndGet();
    }
  }
}
