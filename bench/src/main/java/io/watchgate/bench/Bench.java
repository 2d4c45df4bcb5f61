package io.watchgate.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Measures gateways side by side: `make bench` runs it, from the project's directory.
public final class Bench {
  private Bench() {}

  public static void main(String[] arguments) throws IOException {
    var contenders = Contenders.named(words("CONTENDERS"));
    var plan = words("QUICK").isEmpty() ? Plan.FULL : Plan.QUICK;
    var wanted = words("PARTS");
    var root = Path.of("").toAbsolutePath();
    var figures = new ArrayList<Figures>();
    try (var stand = new Stand(root, plan, contenders)) {
      for (var part : Parts.all().entrySet()) {
        if (wanted.isEmpty() || wanted.contains(part.getKey())) {
          figures.addAll(stand.run(part.getValue()));
        }
      }
    }
  }

  /// The words of a variable of the environment.
  private static List<String> words(String variable) {
    var value = System.getenv().getOrDefault(variable, "");
    return Arrays.stream(value.split("\\s+", -1)).filter(word -> !word.isEmpty()).toList();
  }
}
