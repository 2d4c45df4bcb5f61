package io.watchgate.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.Properties;

/// Finds out in a few minutes whether a call costs far more than it did: `make bench-quick` runs
/// it. Ratios of one run are compared with those in `bench/bounds.properties`.
public final class Guard {
  private static final String SMALL = "small";
  private static final String STATELESS = "stateless";
  private static final String LARGE = "large";
  private static final String SCANNERS = "scanners";

  private Guard() {}

  public static void main(String[] arguments) throws IOException {
    var root = Path.of("").toAbsolutePath();
    var bounds = new Properties();
    try (var file = Files.newBufferedReader(root.resolve("bench/bounds.properties"))) {
      bounds.load(file);
    }
    var contenders = Contenders.named(List.of("nginx", Board.WATCHGATE, "watchgate-scanners"));
    var scenarios =
        List.of(
            Scenario.call(SMALL, Setup.PLAIN, 32, Site.SMALL).andVariants(),
            Scenario.call(LARGE, Setup.PLAIN, 8, Site.LARGE),
            Scenario.call(STATELESS, Setup.PLAIN.with(Era.STATELESS), 32, Site.SMALL));
    try (var stand = new Stand(root, Plan.QUICK, contenders)) {
      var board = new Board(stand.run(scenarios));
      System.exit(judge(board, bounds) ? 0 : 1);
    }
  }

  private static boolean judge(Board board, Properties bounds) {
    var lines = new ArrayList<Boolean>();
    for (var name : List.of(SMALL, STATELESS, LARGE)) {
      lines.add(judge(name, "nginx", cpu(board, name, Board.WATCHGATE, "nginx"), bounds));
    }
    var scanners = cpu(board, SMALL, "watchgate-scanners", Board.WATCHGATE);
    lines.add(judge(SCANNERS, "plugins off", scanners, bounds));
    long passed = lines.stream().filter(holds -> holds).count();
    System.out.println("\n%d passed, %d failed".formatted(passed, lines.size() - passed));
    return passed == lines.size();
  }

  private static OptionalDouble cpu(Board board, String scenario, String one, String other) {
    return board.ratio(scenario, one, other, Figures::cpuMicros);
  }

  private static boolean judge(
      String name, String against, OptionalDouble ratio, Properties bounds) {
    double bound = Double.parseDouble(bounds.getProperty(name));
    boolean holds = ratio.isPresent() && ratio.getAsDouble() <= bound;
    System.out.printf(
        Locale.ROOT,
        "%s: %.2f times the CPU of %s, at most %.1f: %s%n",
        name,
        ratio.orElse(Double.NaN),
        against,
        bound,
        holds ? "ok" : "missed");
    return holds;
  }
}
