package io.watchgate.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/// Measures gateways side by side: `make bench` runs it, from the project's directory.
public final class Bench {
  private Bench() {}

  public static void main(String[] arguments) throws IOException {
    var contenders = Contenders.named(words("CONTENDERS"));
    var plan = words("QUICK").isEmpty() ? Plan.FULL : Plan.QUICK;
    var root = Path.of("").toAbsolutePath();
    try (var stand = new Stand(root, plan, contenders)) {
      stand.run(Scenario.small(Setup.PLAIN, 32));
    }
  }

  /// The words of a variable of the environment.
  private static List<String> words(String variable) {
    var value = System.getenv().getOrDefault(variable, "");
    return Arrays.stream(value.split("\\s+", -1)).filter(word -> !word.isEmpty()).toList();
  }
}
