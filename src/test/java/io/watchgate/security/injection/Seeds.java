package io.watchgate.security.injection;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;

/// Sentences with gaps, and what may stand in each: the same texts for the same seed.
final class Seeds {
  private static final int DEEPEST = 6;
  private static final int SPLIT = 6;

  private final Map<String, List<String>> gaps = new HashMap<>();
  private final List<Seed> seeds = new ArrayList<>();

  /// @param held whether it is held back from those who learn
  record Seed(String family, String text, boolean held) {}

  private Seeds(String table) {
    var family = "";
    boolean held = false;
    for (var line : table.lines().filter(line -> !line.isBlank()).toList()) {
      if (line.startsWith("@")) {
        int colon = line.indexOf(": ");
        gaps.put(line.substring(1, colon), List.of(line.substring(colon + 2).split(" \\| ")));
      } else if (line.startsWith("family: ")) {
        family = line.substring("family: ".length());
      } else if (line.equals("# held back")) {
        held = true;
      } else if (!line.startsWith("# ") || !family.isEmpty()) {
        seeds.add(new Seed(family, line.replace("\\n", "\n"), held));
      }
    }
  }

  static Seeds read(String resource) {
    try (var in = Seeds.class.getResourceAsStream(resource)) {
      return new Seeds(
          new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  List<Seed> all() {
    return seeds;
  }

  /// A seed with all gaps filled. A third of what may stand in a gap is held back, too.
  String text(Seed seed, Random random) {
    return text(seed, seed.held, random);
  }

  String text(Seed seed, boolean held, Random random) {
    return filled(seed.text, held, random, 0);
  }

  private static String chosen(List<String> choices, boolean held, Random random) {
    int chosen = random.nextInt(choices.size());
    while (choices.size() >= SPLIT && held != (chosen % 3 == 0)) {
      chosen = random.nextInt(choices.size());
    }
    return choices.get(chosen);
  }

  private String filled(String text, boolean held, Random random, int depth) {
    var filled = new StringBuilder();
    for (int at = 0; at < text.length(); ) {
      int open = text.indexOf('{', at);
      int close = open < 0 ? -1 : text.indexOf('}', open);
      var choices = close < 0 ? null : gaps.get(text.substring(open + 1, close));
      if (choices == null) {
        int to = open < 0 ? text.length() : open + 1;
        filled.append(text, at, to);
        at = to;
      } else {
        filled.append(text, at, open);
        var chosen = chosen(choices, held, random);
        filled.append(depth < DEEPEST ? filled(chosen, held, random, depth + 1) : chosen);
        at = close + 1;
      }
    }
    return filled.toString().replace(" . ", ". ").replace(" ; ", "; ").replace(" , ", ", ");
  }
}
