package io.watchgate.hosting;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/// Counts what one plugin says, and how long that takes it.
final class VerdictCounts {
  private final Map<String, LongAdder> verdicts = new ConcurrentHashMap<>();
  private final LongAdder nanos = new LongAdder();

  void add(String verdict, long tookNanos) {
    verdicts.computeIfAbsent(verdict, _ -> new LongAdder()).increment();
    nanos.add(tookNanos);
  }

  Map<String, Long> verdicts() {
    var counts = new TreeMap<String, Long>();
    verdicts.forEach((verdict, count) -> counts.put(verdict, count.sum()));
    return counts;
  }

  long nanos() {
    return nanos.sum();
  }
}
