package io.watchgate.security.injection;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.IntStream;

/// Learns `weights.txt` from the part of the corpus that is not held back, by logistic regression
/// over the window of each text that looks most like an injection.
final class Training {
  private static final Path TARGET =
      Path.of("src/main/resources/io/watchgate/security/injection/weights.txt");
  private static final int MOST_FILES = 3000;
  private static final int ROUNDS = 30;
  private static final double RATE = 0.15;
  private static final double WEIGHT_OF_ATTACKS = 3;
  private static final double DECAY = 0.01;
  private static final double SMALLEST = 0.05;

  private final double[] weights = new double[Features.SIZE];
  private final double[] squares = new double[Features.SIZE];
  private double bias;

  record Text(List<int[]> windows, boolean attack) {}

  /// Writes the weights.
  ///
  /// @param args directories of text in which there are no injections, such as documentation: what
  ///   people write is more than the seeds tell of; a quarter of the files is left to be measured
  ///   by
  public static void main(String[] args) throws IOException {
    var training = new Training();
    var texts = texts();
    for (var directory : args) {
      addAll(Path.of(directory), texts);
    }
    training.learn(texts, new Random(1));
    Files.writeString(TARGET, training.written());
  }

  private static void addAll(Path directory, List<Text> texts) throws IOException {
    try (var paths = Files.walk(directory)) {
      var files = paths.filter(Training::isLearned).sorted().limit(MOST_FILES).toList();
      for (var file : files) {
        Corpus.pieces(file).forEach(piece -> texts.add(text(piece, false)));
      }
    }
  }

  private static boolean isLearned(Path path) {
    return Corpus.isText(path) && Math.floorMod(path.toString().hashCode(), 4) != 0;
  }

  private static List<Text> texts() {
    var texts = new ArrayList<Text>();
    var random = new Random(5);
    for (var attack : Corpus.attacks(false, 12, 11)) {
      texts.add(text(attack.text(), true));
      if (random.nextInt(4) == 0) {
        texts.add(text(attack.text().toUpperCase(Locale.ROOT), true));
      }
    }
    Corpus.sentences(false, 20, 12).forEach(one -> texts.add(text(one.text(), false)));
    Corpus.benign(false, 12_000, 13).forEach(one -> texts.add(text(one.text(), false)));
    return texts;
  }

  static Text text(String text, boolean attack) {
    var windows = new ArrayList<int[]>();
    Windows.of(
        text,
        (_, _, features) ->
            windows.add(IntStream.range(0, features.count()).map(features::get).toArray()));
    return new Text(windows, attack);
  }

  void learn(List<Text> texts, Random random) {
    for (int round = 0; round < ROUNDS; round++) {
      Collections.shuffle(texts, random);
      for (var text : texts) {
        if (!text.windows.isEmpty()) {
          step(round == 0 && text.attack ? any(text, random) : most(text), text.attack);
        }
      }
    }
  }

  Model model() {
    return new Model(weights, bias);
  }

  private static int[] any(Text text, Random random) {
    return text.windows.get(random.nextInt(text.windows.size()));
  }

  private int[] most(Text text) {
    var most = text.windows.getFirst();
    for (var window : text.windows) {
      most = score(window) > score(most) ? window : most;
    }
    return most;
  }

  double score(int[] features) {
    double score = bias;
    for (int feature : features) {
      score += weights[feature];
    }
    return score;
  }

  private void step(int[] features, boolean attack) {
    double score = score(features);
    double slope =
        (1 / (1 + Math.exp(-score)) - (attack ? 1 : 0)) * (attack ? WEIGHT_OF_ATTACKS : 1);
    bias -= 0.02 * slope;
    for (int i : features) {
      double gradient = slope + DECAY * weights[i];
      squares[i] += gradient * gradient;
      double weight = weights[i] - RATE * gradient / Math.sqrt(squares[i] + 1);
      weights[i] = Features.speaksAgainst(i) ? Math.min(0, weight) : Math.max(0, weight);
    }
  }

  private String written() {
    var out = new StringBuilder("# Learned by io.watchgate.security.injection.Training\n");
    out.append(String.format(Locale.ROOT, "bias %.2f%n", bias));
    for (int i = 0; i < weights.length; i++) {
      if (Math.abs(weights[i]) >= SMALLEST) {
        out.append(String.format(Locale.ROOT, "%s %.2f%n", Features.name(i), weights[i]));
      }
    }
    return out.toString();
  }
}
