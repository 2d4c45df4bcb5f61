package io.watchgate.resilience;

import io.watchgate.flow.Time;
import java.util.concurrent.atomic.LongAdder;

/// How many calls may be made again: a share of all calls, so that a server in trouble does not get
/// a multiple of its load, or three a second, so that few calls can be made again too. Each repeat
/// is taken from both; what the second granted beyond the first is paid back by later calls.
public final class RetryBudget {
  private static final double NANOS_PER_SECOND = 1e9;
  private static final double PER_SECOND = 3;

  /// A burst, such as the calls of one connection that was lost; also the most that is paid back.
  private static final double MOST_SAVED = 10;

  private final double share;
  private final Time time;
  private final LongAdder calls = new LongAdder();
  private long seenCalls;
  private long seenNanos;
  private double ofCalls;
  private double ofTime = PER_SECOND;
  private long taken;

  /// @param share most repeats as a part of all calls, from 0 to 1; 0 allows none
  public RetryBudget(double share, Time time) {
    this.share = share;
    this.time = time;
    this.seenNanos = time.nanos();
  }

  /// Calls that were made again since the gateway started.
  public synchronized long taken() {
    return taken;
  }

  /// A call was tried.
  ///
  /// @param attempt 1 for the first one
  void tried(int attempt) {
    if (attempt == 1) {
      calls.increment();
    }
  }

  /// Takes one repeat; false when there is none left.
  synchronized boolean take() {
    refill();
    if (share == 0 || (ofCalls < 1 && ofTime < 1)) {
      return false;
    }
    ofCalls = Math.max(ofCalls - 1, -MOST_SAVED);
    ofTime = Math.max(ofTime - 1, 0);
    taken++;
    return true;
  }

  private void refill() {
    long countedCalls = calls.sum();
    long nanos = time.nanos();
    double passed = (nanos - seenNanos) / NANOS_PER_SECOND;
    ofCalls = Math.min(ofCalls + share * (countedCalls - seenCalls), MOST_SAVED);
    ofTime = Math.min(ofTime + PER_SECOND * passed, PER_SECOND);
    seenCalls = countedCalls;
    seenNanos = nanos;
  }
}
