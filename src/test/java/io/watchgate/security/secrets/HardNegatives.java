package io.watchgate.security.secrets;

import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// Texts without a secret that look as if they had one, drawn from a seed.
final class HardNegatives {
  private static final String HELD_BACK = "held back";
  private static final int DRAWS = 20;

  private HardNegatives() {}

  /// A text, and what it is made to look like.
  record Negative(String kind, String text) {}

  /// What rules were tuned with.
  static List<Negative> open() {
    return draw(31_415_926, kind -> !kind.startsWith(HELD_BACK));
  }

  /// What they were not tuned with: other seeds, and kinds of their own.
  static List<Negative> heldBack() {
    return draw(27_182_818, _ -> true);
  }

  private static List<Negative> draw(long seed, Predicate<String> kinds) {
    return SecretCorpus.lines("negatives.txt")
        .map(line -> line.split("\\|", 2))
        .filter(parts -> kinds.test(parts[0]))
        .flatMap(parts -> draw(seed, parts[0], parts[1]))
        .toList();
  }

  /// A text in which nothing is drawn by lot is there once.
  private static Stream<Negative> draw(long seed, String kind, String template) {
    var tokens = new Tokens(new Dice(seed + template.hashCode()));
    var text = template.replace("\\n", "\n").replace("\\\n", "\\n").replace("\\r", "\r");
    return Stream.generate(() -> new Negative(kind, tokens.draw(text))).limit(DRAWS).distinct();
  }
}
