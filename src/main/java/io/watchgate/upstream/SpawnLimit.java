package io.watchgate.upstream;

import io.watchgate.flow.Deadline;
import io.watchgate.flow.Time;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntSupplier;

/// How many child processes are started at once and in a second, by the whole gateway: a start
/// costs it some milliseconds of processor time, and many servers may crash and be started again.
/// Starts beyond that wait, first come first served. Safe for any number of threads.
final class SpawnLimit {
  /// More would not be faster: a start is work for the system, and machines are small.
  private static final int MAX_AT_ONCE = 4;

  /// About a tenth of one core goes into this at most.
  private static final int MAX_PER_SECOND = 10;

  /// The servers of a usual configuration start without waiting.
  private static final int BURST = 20;

  /// That of this process.
  static final SpawnLimit OF_GATEWAY = new SpawnLimit(Time.REAL);

  private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1) / MAX_PER_SECOND;

  private final Time time;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Deque<Object> queue = new ArrayDeque<>();
  private int underWay;

  /// Until when the rate is used up; the burst is how far that may lie behind.
  private long paidUntilNanos;

  SpawnLimit(Time time) {
    this.time = time;
    this.paidUntilNanos = time.nanos() - BURST * PAUSE_NANOS;
  }

  /// Starts a process.
  interface Start<T> {
    T run() throws IOException;
  }

  /// Starts a process when it is its turn.
  ///
  /// @throws IOException when that is not before the deadline, or it cannot be started
  <T> T start(Start<T> start, Deadline deadline) throws IOException, InterruptedException {
    awaitTurn(deadline);
    try {
      return start.run();
    } finally {
      ended();
    }
  }

  private void awaitTurn(Deadline deadline) throws IOException, InterruptedException {
    var ticket = new Object();
    lock.lockInterruptibly();
    try {
      queue.addLast(ticket);
      try {
        while (!isNext(ticket) || pauseNanos() > 0) {
          long left = deadline.remainingNanos();
          if (left <= 0) {
            throw new IOException(
                "not started in time: %d other processes come first, and %d a second are started"
                    .formatted(queue.size() + underWay - 1, MAX_PER_SECOND));
          }
          var _ = time.await(changed, isNext(ticket) ? Math.min(left, pauseNanos()) : left);
        }
        underWay++;
        paidUntilNanos = Math.max(paidUntilNanos, time.nanos() - BURST * PAUSE_NANOS) + PAUSE_NANOS;
      } finally {
        queue.remove(ticket);
        changed.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  private boolean isNext(Object ticket) {
    return ticket.equals(queue.peekFirst()) && underWay < MAX_AT_ONCE;
  }

  /// How long the next start has to wait for the rate; not positive when it has not.
  private long pauseNanos() {
    return paidUntilNanos - time.nanos();
  }

  /// Starts that wait for their turn.
  int waiting() {
    return locked(queue::size);
  }

  int underWay() {
    return locked(() -> underWay);
  }

  private int locked(IntSupplier count) {
    lock.lock();
    try {
      return count.getAsInt();
    } finally {
      lock.unlock();
    }
  }

  private void ended() {
    lock.lock();
    try {
      underWay--;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
