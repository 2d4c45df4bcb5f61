package io.watchgate.security.injection;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/// How much each feature speaks for an instruction to a model: a sum of weights, which were learned
/// from the corpus of the tests and stand in `weights.txt`.
final class Model {
  private static final Model OWN = read("weights.txt");

  private final double[] weights;
  private final double bias;

  Model(double[] weights, double bias) {
    this.weights = weights;
    this.bias = bias;
  }

  static Model own() {
    return OWN;
  }

  /// Above 0 for what is rather an instruction than none.
  double score(Features features) {
    double score = bias;
    for (int i = 0; i < features.count(); i++) {
      score += weights[features.get(i)];
    }
    return score;
  }

  double weight(int feature) {
    return weights[feature];
  }

  private static Model read(String resource) {
    Map<String, Double> byName = new HashMap<>();
    try (var in = Model.class.getResourceAsStream(resource)) {
      var text = new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
      text.lines()
          .filter(line -> !line.startsWith("#"))
          .map(line -> line.split(" "))
          .forEach(line -> byName.put(line[0], Double.valueOf(line[1])));
    } catch (IOException e) {
      throw new UncheckedIOException(resource + " of the program cannot be read", e);
    }
    var weights = new double[Features.SIZE];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = byName.getOrDefault(Features.name(i), 0.0);
    }
    return new Model(weights, byName.getOrDefault("bias", 0.0));
  }
}
