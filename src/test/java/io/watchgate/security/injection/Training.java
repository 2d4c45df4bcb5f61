package io.watchgate.security.injection;

import io.watchgate.jsonrpc.Json;
import io.watchgate.plugin.Content;
import io.watchgate.scanning.Detector;
import io.watchgate.scanning.Scan;
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
/// over the window of each text that looks most like an injection. The weights are a mean over the
/// second half of all rounds.
final class Training {
  private static final Path TARGET =
      Path.of("src/main/resources/io/watchgate/security/injection/weights.txt");
  private static final int MOST_FILES = 3000;
  private static final int ROUNDS = 20;
  private static final double RATE = 0.15;
  private static final double DECAY = 0.02;
  private static final double LEFT_OUT = 0.4;
  private static final double SMALLEST = 0.1;

  private static final double WEIGHT_OF_SEEDS = 0.25;
  private static final double WEIGHT_OF_WRITTEN = 1.5;
  private static final double WEIGHT_OF_FILES = 0.5;

  private final double[] weights = new double[Features.SIZE];
  private final double[] squares = new double[Features.SIZE];
  private final double[] sums = new double[Features.SIZE];
  private double bias = -2;
  private double sumOfBias;

  /// What is learned from.
  ///
  /// @param windows the features of each part that the detector looks at
  /// @param weight how much it counts
  record Text(List<int[]> windows, boolean attack, double weight) {}

  /// Writes the weights.
  ///
  /// @param args directories of text in which there are no injections, such as documentation: what
  ///   people write is more than the seeds tell of; a quarter of the files is left to be measured
  ///   by
  public static void main(String[] args) throws IOException {
    var texts = seeds();
    texts.addAll(written(Corpus.writtenAttacks(), true));
    texts.addAll(written(Corpus.writtenBenign(), false));
    for (var directory : args) {
      texts.addAll(files(Path.of(directory)));
    }
    var training = new Training();
    training.learn(texts);
    Files.writeString(TARGET, training.written());
  }

  /// Some texts of each seed.
  static List<Text> seeds() {
    var texts = new ArrayList<Text>();
    add(Corpus.attacks(false, 4, 11), true, WEIGHT_OF_SEEDS, texts);
    add(Corpus.sentences(false, 3, 12), false, 1.5 * WEIGHT_OF_SEEDS, texts);
    add(Corpus.benign(false, 4000, 13), false, WEIGHT_OF_SEEDS, texts);
    return texts;
  }

  /// Texts that are written as they stand, in their order.
  static List<Text> written(List<Corpus.Sample> samples, boolean attack) {
    var texts = new ArrayList<Text>();
    add(samples, attack, WEIGHT_OF_WRITTEN, texts);
    return texts;
  }

  private static void add(
      List<Corpus.Sample> samples, boolean attack, double weight, List<Text> texts) {
    samples.forEach(one -> texts.add(new Text(windows(one.text()), attack, weight)));
  }

  /// Every third piece of the files in a directory.
  static List<Text> files(Path directory) throws IOException {
    var pieces = new ArrayList<String>();
    try (var paths = Files.walk(directory)) {
      var files = paths.filter(Training::isLearned).sorted().limit(MOST_FILES).toList();
      for (var file : files) {
        pieces.addAll(Corpus.pieces(file));
      }
    }
    return IntStream.range(0, pieces.size())
        .filter(i -> i % 3 == 0)
        .mapToObj(i -> new Text(windows(pieces.get(i)), false, WEIGHT_OF_FILES))
        .toList();
  }

  private static boolean isLearned(Path path) {
    return Corpus.isText(path) && Math.floorMod(path.toString().hashCode(), 4) != 0;
  }

  /// All that the detector would look at, disguises taken off.
  private static List<int[]> windows(String text) {
    var windows = new ArrayList<int[]>();
    Detector looks =
        seen -> {
          if (seen.length() >= Scorer.SHORTEST) {
            Windows.of(seen, (_, _, features) -> windows.add(copy(features)));
          }
          return List.of();
        };
    Scan.of(Content.result(Json.object("text", text)), List.of(looks));
    return windows;
  }

  private static int[] copy(Features features) {
    return IntStream.range(0, features.count()).map(features::get).toArray();
  }

  /// Learns, always the same from the same.
  void learn(List<Text> texts) {
    var random = new Random(1);
    var seen = new ArrayList<>(texts.stream().filter(text -> !text.windows.isEmpty()).toList());
    for (int round = 0; round < ROUNDS; round++) {
      Collections.shuffle(seen, random);
      for (var text : seen) {
        step(round == 0 && text.attack ? any(text, random) : most(text), text, random);
      }
      if (round >= ROUNDS / 2) {
        for (int i = 0; i < sums.length; i++) {
          sums[i] += weights[i];
        }
        sumOfBias += bias;
      }
    }
    for (int i = 0; i < sums.length; i++) {
      weights[i] = sums[i] / (ROUNDS - ROUNDS / 2);
      weights[i] = Math.abs(weights[i]) < SMALLEST ? 0 : weights[i];
    }
    bias = sumOfBias / (ROUNDS - ROUNDS / 2);
  }

  private static int[] any(Text text, Random random) {
    return text.windows.get(random.nextInt(text.windows.size()));
  }

  private int[] most(Text text) {
    var most = text.windows.getFirst();
    double score = score(most);
    for (var window : text.windows) {
      double another = score(window);
      most = another > score ? window : most;
      score = Math.max(score, another);
    }
    return most;
  }

  /// The score of the part of a text that looks most like an injection.
  double score(Text text) {
    return text.windows.isEmpty() ? Double.NEGATIVE_INFINITY : score(most(text));
  }

  private double score(int[] features) {
    double sum = 0;
    for (int feature : features) {
      sum += weights[feature];
    }
    return bias + sum * Features.scale(features.length);
  }

  /// Leaves features out by chance, so that no text is learned by heart by a single word of it.
  private void step(int[] features, Text text, Random random) {
    var some = IntStream.of(features).filter(_ -> random.nextDouble() >= LEFT_OUT).toArray();
    double scale = Features.scale(features.length);
    double score = bias;
    for (int i : some) {
      score += weights[i] * scale;
    }
    double slope = (1 / (1 + Math.exp(-score)) - (text.attack ? 1 : 0)) * text.weight;
    bias -= 0.02 * slope;
    for (int i : some) {
      double gradient = slope * scale + DECAY * weights[i];
      squares[i] += gradient * gradient;
      weights[i] -= RATE * gradient / Math.sqrt(squares[i] + 1);
    }
  }

  private String written() {
    var out = new StringBuilder("# Learned by io.watchgate.security.injection.Training\n");
    out.append(String.format(Locale.ROOT, "bias %.2f%n", bias));
    for (int i = 0; i < weights.length; i++) {
      if (weights[i] != 0) {
        out.append(String.format(Locale.ROOT, "%s %.2f%n", Features.name(i), weights[i]));
      }
    }
    return out.toString();
  }
}
