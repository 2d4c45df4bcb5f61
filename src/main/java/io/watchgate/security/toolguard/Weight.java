package io.watchgate.security.toolguard;

import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// How much signs weigh together: of each kind the heaviest counts.
final class Weight {
  /// How the kinds begin that say what a text is about.
  private static final String TOPIC = "speaks of ";

  /// What a text speaks of says little about what it wants, however much it speaks of.
  private static final double MOST_OF_TOPICS = 0.5;

  private static final double ENOUGH = 1 - 1e-9;
  private static final int MOST_NAMES = 3;

  static final double NONE = 0;

  private final List<String> kinds;
  private final double[] heaviest;
  private final double before;

  /// @param kinds what there are signs of
  /// @param before what is known without signs
  Weight(List<String> kinds, double before) {
    this.kinds = kinds;
    this.heaviest = new double[kinds.size()];
    this.before = before;
  }

  void add(int kind, double weight) {
    heaviest[kind] = Math.max(heaviest[kind], weight);
  }

  double sum() {
    double topics = 0;
    double others = before;
    for (int kind = 0; kind < heaviest.length; kind++) {
      if (heaviest[kind] == 0) {
        continue;
      }
      if (kinds.get(kind).startsWith(TOPIC)) {
        topics += heaviest[kind];
      } else {
        others += heaviest[kind];
      }
    }
    return others + Math.min(topics, MOST_OF_TOPICS);
  }

  boolean isEnough() {
    return isEnough(sum());
  }

  static boolean isEnough(double sum) {
    return sum >= ENOUGH;
  }

  /// The kinds that weigh most, in words.
  String names() {
    return IntStream.range(0, heaviest.length)
        .filter(kind -> heaviest[kind] > 0)
        .boxed()
        .sorted(Comparator.comparingDouble((Integer kind) -> -heaviest[kind]))
        .limit(MOST_NAMES)
        .map(kinds::get)
        .collect(Collectors.joining(" and "));
  }
}
