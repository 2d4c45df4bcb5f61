package io.watchgate.security.injection;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/// Says which score a text close to an injection seldom has, and how many injections have it: what
/// the sensitivities are set by. Each fifth of the texts is judged by what is learned from the
/// rest, so nothing that is held back is looked at.
final class Validation {
  private static final int FOLDS = 5;
  private static final double[] SHARES = {0.01, 0.02, 0.03, 0.05, 0.1};

  private static final Path TARGET = Path.of("target/injection-scores.txt");

  private Validation() {}

  /// Writes them.
  ///
  /// @param args as for [Training]
  public static void main(String[] args) throws IOException {
    var others = Training.seeds();
    for (var directory : args) {
      others.addAll(Training.files(Path.of(directory)));
    }
    var attacks = Training.written(Corpus.writtenAttacks(), true);
    var benign = Training.written(Corpus.writtenBenign(), false);
    var attackScores = new ArrayList<Double>();
    var benignScores = new ArrayList<Double>();
    for (int fold = 0; fold < FOLDS; fold++) {
      var texts = new ArrayList<>(others);
      texts.addAll(part(attacks, fold, false));
      texts.addAll(part(benign, fold, false));
      var training = new Training();
      training.learn(texts);
      part(attacks, fold, true).forEach(text -> attackScores.add(training.score(text)));
      part(benign, fold, true).forEach(text -> benignScores.add(training.score(text)));
    }
    Files.writeString(TARGET, written(sorted(attackScores), sorted(benignScores)));
  }

  private static List<Training.Text> part(List<Training.Text> texts, int fold, boolean chosen) {
    return IntStream.range(0, texts.size())
        .filter(i -> (i % FOLDS == fold) == chosen)
        .mapToObj(texts::get)
        .toList();
  }

  private static double[] sorted(List<Double> scores) {
    return scores.stream().mapToDouble(score -> score).sorted().toArray();
  }

  private static String written(double[] attacks, double[] benign) {
    var out = new StringBuilder();
    for (double share : SHARES) {
      double bound = benign[(int) (benign.length * (1 - share))];
      long found = Arrays.stream(attacks).filter(score -> score >= bound).count();
      double recall = 100.0 * found / attacks.length;
      out.append(
          String.format(
              Locale.ROOT, "%.2f: %.0f %% accused, %.1f %% found%n", bound, 100 * share, recall));
    }
    return out.toString();
  }
}
