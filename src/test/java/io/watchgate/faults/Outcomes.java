package io.watchgate.faults;

import io.watchgate.faults.Outcome.Kind;
import io.watchgate.flow.Time;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/// All calls of a run: every one that was begun is accounted for.
final class Outcomes {
  private static final Duration PATIENCE = Duration.ofSeconds(25);

  private final AtomicLong numbers = new AtomicLong();
  private final Map<Long, Outcome> open = new ConcurrentHashMap<>();
  private final ConcurrentLinkedQueue<Outcome> ended = new ConcurrentLinkedQueue<>();

  /// A call begins; until it ends it counts as hung.
  long begin(String server, long intended) {
    long number = numbers.incrementAndGet();
    open.put(number, new Outcome(server, intended, intended, intended, Kind.HUNG, 0, "no end"));
    return number;
  }

  void end(long number, Outcome outcome) {
    ended.add(outcome);
    open.remove(number);
  }

  /// Waits until every call has ended, as long as one may take.
  Sample settled() throws InterruptedException {
    long until = System.nanoTime() + PATIENCE.toNanos();
    while (!open.isEmpty() && System.nanoTime() < until) {
      Time.REAL.pass(Duration.ofMillis(10));
    }
    return sofar();
  }

  /// The calls that have ended, and as hung those that have not.
  Sample sofar() {
    var all = new ArrayList<Outcome>(open.values());
    all.addAll(ended);
    return new Sample(all);
  }
}
