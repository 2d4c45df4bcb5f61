package io.watchgate.faults;

import io.watchgate.faults.Caller.Shot;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/// Calls at a steady pace, whatever becomes of those before.
final class Load implements AutoCloseable {
  private static final AtomicLong NUMBERS = new AtomicLong();

  private final Outcomes outcomes;
  private final List<Caller> callers;
  private final List<Lane> lanes;
  private final Thread thread;
  private volatile boolean over;

  /// Calls of one tool of a server.
  ///
  /// @param millis how long the server takes
  /// @param freshEvery every so many calls one makes a connection of its own; 0 for none
  record Lane(String server, String tool, int perSecond, int millis, int freshEvery) {
    static Lane of(String server, int perSecond) {
      return new Lane(server, "echo", perSecond, 5, 0);
    }

    Lane tool(String other) {
      return new Lane(server, other, perSecond, millis, freshEvery);
    }

    Lane millis(int other) {
      return new Lane(server, tool, perSecond, other, freshEvery);
    }

    Lane freshEvery(int calls) {
      return new Lane(server, tool, perSecond, millis, calls);
    }
  }

  private Load(Outcomes outcomes, List<Caller> callers, List<Lane> lanes) {
    this.outcomes = outcomes;
    this.callers = callers;
    this.lanes = lanes;
    this.thread = Thread.ofPlatform().daemon().name("load").unstarted(this::run);
  }

  /// Starts to call.
  static Load start(Outcomes outcomes, List<Caller> callers, List<Lane> lanes) {
    var load = new Load(outcomes, List.copyOf(callers), List.copyOf(lanes));
    load.thread.start();
    return load;
  }

  private void run() {
    long started = System.nanoTime();
    var next = new long[lanes.size()];
    for (int i = 0; i < next.length; i++) {
      next[i] = started + period(i) * i / next.length;
    }
    while (!over) {
      int first = 0;
      for (int i = 1; i < next.length; i++) {
        first = next[i] < next[first] ? i : first;
      }
      long due = next[first];
      for (long left = due - System.nanoTime(); left > 0 && !over; left = due - System.nanoTime()) {
        LockSupport.parkNanos(left);
      }
      next[first] += period(first);
      begin(lanes.get(first), due);
    }
  }

  private long period(int lane) {
    return TimeUnit.SECONDS.toNanos(1) / lanes.get(lane).perSecond();
  }

  private void begin(Lane lane, long due) {
    long number = NUMBERS.incrementAndGet();
    long entry = outcomes.begin(lane.server(), due);
    var caller = callers.get((int) (number % callers.size()));
    var shot = Shot.of(lane.server(), lane.tool(), "t" + number, lane.millis());
    boolean fresh = lane.freshEvery() > 0 && number % lane.freshEvery() == 0;
    Thread.ofVirtual().start(() -> outcomes.end(entry, caller.call(shot, due, fresh)));
  }

  /// No more calls are begun.
  @Override
  public void close() {
    over = true;
    LockSupport.unpark(thread);
    try {
      thread.join();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
