package io.watchgate.bench;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;

/// All figures of a run, to be compared with each other. What was not measured compares with
/// nothing.
record Board(List<Figures> figures) {
  static final String WATCHGATE = "watchgate";

  Optional<Figures> find(String scenario, String contender) {
    return figures.stream()
        .filter(one -> one.scenario().equals(scenario) && one.contender().equals(contender))
        .filter(one -> one.failure().isEmpty())
        .findFirst();
  }

  OptionalDouble value(String scenario, String contender, ToDoubleFunction<Figures> figure) {
    return find(scenario, contender).stream().mapToDouble(figure).findFirst();
  }

  /// How many times as much one of them has as the other.
  OptionalDouble ratio(
      String scenario, String one, String other, ToDoubleFunction<Figures> figure) {
    return both(value(scenario, one, figure), value(scenario, other, figure), (a, b) -> a / b);
  }

  OptionalDouble difference(
      String scenario, String one, String other, ToDoubleFunction<Figures> figure) {
    return both(value(scenario, one, figure), value(scenario, other, figure), (a, b) -> a - b);
  }

  /// How many times as much Watchgate has as the peer that makes most calls.
  OptionalDouble againstBest(String scenario, ToDoubleFunction<Figures> figure) {
    return ratio(scenario, WATCHGATE, best(scenario), figure);
  }

  /// The name of the peer that makes most calls in a second, or nothing.
  String best(String scenario) {
    return Peers.ALL.stream()
        .flatMap(peer -> find(scenario, peer.name()).stream())
        .max(Comparator.comparingDouble(Figures::callsPerSecond))
        .map(Figures::contender)
        .orElse("");
  }

  private interface Combination {
    double of(double one, double other);
  }

  private static OptionalDouble both(
      OptionalDouble one, OptionalDouble other, Combination combination) {
    return one.isPresent() && other.isPresent()
        ? OptionalDouble.of(combination.of(one.getAsDouble(), other.getAsDouble()))
        : OptionalDouble.empty();
  }
}
