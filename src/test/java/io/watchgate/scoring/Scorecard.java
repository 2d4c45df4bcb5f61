package io.watchgate.scoring;

import java.util.List;
import java.util.Locale;
import java.util.ServiceLoader;

/// Prints how well everything that finds things finds them: `make security`.
public final class Scorecard {
  private Scorecard() {}

  /// Prints the parts that are named, all where none is.
  public static void main(String[] args) {
    var wanted = List.of(args);
    boolean holds = true;
    for (var part : ServiceLoader.load(ScoredPart.class)) {
      if (wanted.isEmpty() || wanted.contains(part.name())) {
        holds &= print(part);
      }
    }
    System.exit(holds ? 0 : 1);
  }

  private static boolean print(ScoredPart part) {
    var lines = part.run();
    System.out.printf(
        "%n%-34s %7s %7s %8s %9s %9s %8s%n",
        part.name(), "wanted", "found", "recall", "innocent", "accused", "precise");
    for (var line : lines) {
      System.out.printf(
          Locale.ROOT,
          "%-34s %7d %7d %7.1f%% %9d %9d %7.1f%% %s%n",
          line.family(),
          line.wanted(),
          line.found(),
          100 * line.recall(),
          line.innocent(),
          line.accused(),
          100 * line.precision(),
          line.holds() ? "" : "NOT ENOUGH");
    }
    return lines.stream().allMatch(ScoredPart.Line::holds);
  }
}
