package io.watchgate.hosting;

import io.watchgate.flow.Deadline;
import io.watchgate.flow.Time;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Messages that are judged one after the other, for a thread that may not wait for plugins. It has
/// a thread while there is something in it, until it is ended.
final class Line {
  private static final Logger log = LoggerFactory.getLogger(Line.class);

  /// A server that says more than plugins can judge is not listened to any longer.
  private static final int MOST = 1000;

  private final Time time;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition ended = lock.newCondition();
  private final Deque<Work> waiting = new ArrayDeque<>();
  private boolean running;
  private boolean over;
  private long dropped;

  /// What is done for one message.
  @FunctionalInterface
  interface Work {
    void run() throws InterruptedException;
  }

  Line(Time time) {
    this.time = time;
  }

  /// Does something once everything that was added before is done; drops it where there is too
  /// much.
  void add(Work work) {
    lock.lock();
    try {
      if (over) {
        return;
      }
      if (waiting.size() >= MOST) {
        dropped++;
        if (Long.bitCount(dropped) == 1) {
          log.warn("{} messages wait for plugins: {} dropped so far", MOST, dropped);
        }
        return;
      }
      waiting.add(work);
      if (!running) {
        running = true;
        Thread.ofVirtual().name("plugins").start(this::work);
      }
    } finally {
      lock.unlock();
    }
  }

  private void work() {
    try {
      for (var next = next(); next != null; next = next()) {
        run(next);
      }
    } catch (InterruptedException impossible) {
      throw new IllegalStateException(impossible); // nobody knows this thread
    }
  }

  private static void run(Work work) throws InterruptedException {
    try {
      work.run();
    } catch (RuntimeException fault) { // supervised edge: one message must not end the others
      log.error("a notification was lost inside the gateway", fault);
    }
  }

  private @Nullable Work next() {
    lock.lock();
    try {
      var next = waiting.poll();
      if (next == null) {
        running = false;
        ended.signalAll();
      }
      return next;
    } finally {
      lock.unlock();
    }
  }

  /// Waits until everything that was added is done; what is not by the deadline, and what comes
  /// later, is dropped.
  void end(Deadline deadline) throws InterruptedException {
    lock.lock();
    try {
      while (running && deadline.remainingNanos() > 0) {
        var _ = time.await(ended, deadline.remainingNanos());
      }
    } finally {
      over = true;
      waiting.clear();
      lock.unlock();
    }
  }
}
