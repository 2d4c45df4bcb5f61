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
    var machine = Page.machine();
    var figures = measure(root, plan, contenders, wanted);
    var verdicts = Verdicts.of(figures);
    var page = new Page(figures, verdicts, machine);
    System.out.println("\n" + page.verdicts());
    page.writeJson(root.resolve("bench/results"));
    if (wanted.isEmpty() && contenders.equals(Contenders.ALL) && plan.equals(Plan.FULL)) {
      page.writeInto(root.resolve("docs/performance.md"));
    }
    System.exit(verdicts.stream().allMatch(Verdict::holds) ? 0 : 1);
  }

  private static List<Figures> measure(
      Path root, Plan plan, List<Contender> contenders, List<String> parts) throws IOException {
    var figures = new ArrayList<Figures>();
    try (var stand = new Stand(root, plan, contenders)) {
      figures.addAll(stand.run(Parts.named(parts)));
      if (parts.isEmpty() || parts.contains("memory")) {
        figures.addAll(Report.print(Memory.measure(stand)));
      }
    }
    var relays = new Relays(root, plan);
    if (parts.isEmpty() || parts.contains("pipes")) {
      figures.addAll(Report.print(relays.load()));
    }
    if (parts.isEmpty() || parts.contains("start")) {
      figures.addAll(Report.print(relays.start()));
    }
    return figures;
  }

  /// The words of a variable of the environment.
  private static List<String> words(String variable) {
    var value = System.getenv().getOrDefault(variable, "");
    return Arrays.stream(value.split("\\s+", -1)).filter(word -> !word.isEmpty()).toList();
  }
}
