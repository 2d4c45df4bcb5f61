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

  private final float[] weights;
  private final double bias;

  Model(float[] weights, double bias) {
    this.weights = weights;
    this.bias = bias;
  }

  static Model own() {
    return OWN;
  }

  /// Above 0 for what is rather an instruction than none.
  double score(Features features) {
    double sum = 0;
    for (int i = 0; i < features.count(); i++) {
      sum += weights[features.get(i)];
    }
    return bias + sum * Features.scale(features.count());
  }

  double weight(int feature) {
    return weights[feature];
  }

  private static Model read(String resource) {
    Map<String, Double> byName = new HashMap<>();
    var weights = new float[Features.SIZE];
    try (var in = Model.class.getResourceAsStream(resource)) {
      var text = new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
      text.lines()
          .filter(line -> !line.startsWith("# "))
          .forEach(line -> read(line, weights, byName));
    } catch (IOException e) {
      throw new UncheckedIOException(resource + " of the program cannot be read", e);
    }
    for (int i = 0; i < Features.HASHES; i++) {
      weights[i] = byName.getOrDefault(Features.name(i), 0.0).floatValue();
    }
    return new Model(weights, byName.getOrDefault("bias", 0.0));
  }

  private static void read(String line, float[] weights, Map<String, Double> byName) {
    int space = line.indexOf(' ');
    var weight = Double.valueOf(line.substring(space + 1));
    if (line.charAt(0) == '#') {
      weights[Features.HASHES + Integer.parseInt(line.substring(1, space))] = weight.floatValue();
    } else {
      byName.put(line.substring(0, space), weight);
    }
  }
}
