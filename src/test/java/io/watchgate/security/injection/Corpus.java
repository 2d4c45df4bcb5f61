package io.watchgate.security.injection;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// Texts to learn from and to be measured by, made from seeds: the same for the same seed.
final class Corpus {
  private static final Seeds ATTACKS = Seeds.read("attacks.txt");
  private static final Seeds BENIGN = Seeds.read("benign.txt");

  private static final Seeds WRITTEN_ATTACKS = Seeds.read("more-attacks.txt");
  private static final Seeds WRITTEN_BENIGN = Seeds.read("more-benign.txt");

  private static final Seeds FIELD_ATTACKS = Seeds.read("field-attacks.txt");
  private static final Seeds FIELD_BENIGN = Seeds.read("field-benign.txt");

  private static final Seeds FRESH_ATTACKS = Seeds.read("fresh-attacks.txt");
  private static final Seeds FRESH_BENIGN = Seeds.read("fresh-benign.txt");

  private static final List<String> ENDINGS =
      List.of(
          ".md", ".txt", ".rst", ".pod", ".html", ".py", ".js", ".ts", ".java", ".json", ".xml");

  private Corpus() {}

  /// A text of a family.
  record Sample(String family, String text) {}

  /// Injections as they are, some of each seed.
  static List<Sample> attacks(boolean held, int each, long seed) {
    return samples(ATTACKS, held, each, seed);
  }

  /// Single sentences that are none.
  static List<Sample> sentences(boolean held, int each, long seed) {
    return samples(BENIGN, held, each, seed);
  }

  /// Injections that are learned from as they stand.
  static List<Sample> writtenAttacks() {
    return samples(WRITTEN_ATTACKS, false, 1, 0);
  }

  /// Texts close to injections that are learned from as they stand.
  static List<Sample> writtenBenign() {
    return samples(WRITTEN_BENIGN, false, 1, 0);
  }

  /// Injections as public collections have them, each once; none is learned from.
  static List<Sample> fieldAttacks() {
    return samples(FIELD_ATTACKS, false, 1, 0);
  }

  /// Texts close to those that are none, each once.
  static List<Sample> fieldBenign() {
    return samples(FIELD_BENIGN, false, 1, 0);
  }

  /// Injections that were written before the model, each once.
  static List<Sample> freshAttacks() {
    return samples(FRESH_ATTACKS, false, 1, 0);
  }

  /// Texts that are none, written before the model, each once.
  static List<Sample> freshBenign() {
    return samples(FRESH_BENIGN, false, 1, 0);
  }

  /// Texts of some sentences that are none: a mail, a page, a log.
  static List<Sample> benign(boolean held, int count, long seed) {
    var random = new Random(seed);
    var pool = BENIGN.all().stream().filter(one -> one.held() == held).toList();
    var texts = new ArrayList<Sample>();
    for (int i = 0; i < count; i++) {
      var first = pool.get(random.nextInt(pool.size()));
      var family = pool.stream().filter(one -> one.family().equals(first.family())).toList();
      var text = new StringBuilder(BENIGN.text(first, random));
      for (int more = random.nextInt(6); more > 0; more--) {
        var next = (random.nextInt(4) == 0 ? pool : family);
        text.append(random.nextInt(3) == 0 ? "\n" : " ");
        text.append(BENIGN.text(next.get(random.nextInt(next.size())), random));
      }
      texts.add(new Sample(first.family(), text.toString()));
    }
    return texts;
  }

  /// An injection in the middle of a text that is none.
  static String carried(String attack, Random random) {
    var before = benign(false, 1, random.nextLong()).getFirst().text();
    var after = benign(false, 1, random.nextLong()).getFirst().text();
    return switch (random.nextInt(4)) {
      case 0 -> before + "\n\n" + attack;
      case 1 -> before + " " + attack + " " + after;
      case 2 -> attack + "\n" + after;
      default -> before + "\n" + attack + "\n" + after;
    };
  }

  /// Whether a file is one that people wrote.
  static boolean isText(Path path) {
    return ENDINGS.stream().anyMatch(path.toString()::endsWith) && Files.isRegularFile(path);
  }

  /// Pieces of a file, a page long.
  static List<String> pieces(Path file) throws IOException {
    var pieces = new ArrayList<String>();
    var bytes = Files.readAllBytes(file);
    var text = new String(bytes, 0, Math.min(bytes.length, 200_000), StandardCharsets.UTF_8);
    for (int at = 0; at < text.length(); ) {
      int end = text.indexOf("\n\n", Math.min(text.length(), at + 1200));
      end = end < 0 || end > at + 4000 ? Math.min(text.length(), at + 2000) : end;
      pieces.add(text.substring(at, end));
      at = end;
    }
    return pieces;
  }

  private static List<Sample> samples(Seeds seeds, boolean held, int each, long seed) {
    var random = new Random(seed);
    var samples = new ArrayList<Sample>();
    for (var one : seeds.all()) {
      for (int i = 0; one.held() == held && i < each; i++) {
        samples.add(new Sample(one.family(), seeds.text(one, random)));
      }
    }
    return samples;
  }
}
