package io.watchgate.security.toolguard;

import java.util.LinkedHashMap;
import java.util.Map;

/// How much signs weigh together: of each kind the heaviest counts.
final class Weight {
  /// How the kinds begin that say what a text is about.
  private static final String TOPIC = "speaks of ";

  /// What a text speaks of says little about what it wants, however much it speaks of.
  private static final double MOST_OF_TOPICS = 0.5;

  private static final double ENOUGH = 1 - 1e-9;
  private static final int MOST_NAMES = 3;

  static final double NONE = 0;

  private final Map<String, Double> kinds = new LinkedHashMap<>();
  private final double before;

  /// @param before what is known without signs
  Weight(double before) {
    this.before = before;
  }

  void add(String kind, double weight) {
    kinds.merge(kind, weight, Math::max);
  }

  double sum() {
    double topics = 0;
    double others = before;
    for (var kind : kinds.entrySet()) {
      if (kind.getKey().startsWith(TOPIC)) {
        topics += kind.getValue();
      } else {
        others += kind.getValue();
      }
    }
    return others + Math.min(topics, MOST_OF_TOPICS);
  }

  boolean isEnough() {
    return sum() >= ENOUGH;
  }

  /// The kinds that weigh most, in words.
  String names() {
    var heaviest =
        kinds.entrySet().stream()
            .sorted(Map.Entry.<String, Double>comparingByValue().reversed())
            .limit(MOST_NAMES)
            .map(Map.Entry::getKey)
            .toList();
    return String.join(" and ", heaviest);
  }
}
