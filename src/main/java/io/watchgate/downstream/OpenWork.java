package io.watchgate.downstream;

import io.watchgate.flow.Time;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// How much a listener is working on, so that its end can wait for the last answers to be written.
/// Safe for any number of threads.
final class OpenWork {
  private final Time time;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition none = lock.newCondition();
  private int open;

  OpenWork(Time time) {
    this.time = time;
  }

  void begin() {
    change(1);
  }

  void end() {
    change(-1);
  }

  private void change(int by) {
    lock.lock();
    try {
      open += by;
      if (open == 0) {
        none.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  /// Waits until nothing is open; false when the time was too short, or when an interrupt ended it:
  /// whoever drains then has the rest to do all the same.
  boolean finishes(Duration patience) {
    long left = patience.toNanos();
    lock.lock();
    try {
      while (open > 0 && left > 0) {
        left = time.await(none, left);
      }
      return open == 0;
    } catch (InterruptedException _) {
      return false;
    } finally {
      lock.unlock();
    }
  }
}
