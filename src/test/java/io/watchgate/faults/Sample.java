package io.watchgate.faults;

import java.util.List;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/// Some of the calls of a run.
record Sample(List<Outcome> calls) {

  /// A span of time in which calls should have been made.
  record Window(long from, long to) {
    boolean has(long moment) {
      return moment >= from && moment < to;
    }

    double seconds() {
      return (to - from) / 1e9;
    }
  }

  Sample {
    calls = List.copyOf(calls);
  }

  Sample where(Predicate<Outcome> wanted) {
    return new Sample(calls.stream().filter(wanted).toList());
  }

  Sample of(String server) {
    return where(call -> call.server().equals(server));
  }

  Sample others(String server) {
    return where(call -> !call.server().equals(server));
  }

  Sample during(List<Window> windows) {
    return where(call -> windows.stream().anyMatch(window -> window.has(call.intended())));
  }

  Sample during(Window window) {
    return during(List.of(window));
  }

  Sample answered() {
    return where(Outcome::isAnswered);
  }

  Sample refused(int code) {
    return where(call -> call.isRefused(code));
  }

  Sample unclean() {
    return where(call -> !call.isClean());
  }

  int size() {
    return calls.size();
  }

  /// The latency in milliseconds that this part of the calls did not exceed.
  double percentile(double part) {
    var sorted = calls.stream().mapToDouble(Outcome::latencyMillis).sorted().toArray();
    return sorted.length == 0
        ? Double.NaN
        : sorted[Math.max(0, (int) Math.ceil(part * sorted.length) - 1)];
  }

  /// How many ended in which way.
  String kinds() {
    var counts =
        calls.stream()
            .collect(Collectors.groupingBy(Outcome::label, TreeMap::new, Collectors.counting()));
    return counts.isEmpty() ? "none" : counts.toString();
  }
}
