package io.watchgate.scoring;

import io.watchgate.jsonrpc.Json;
import io.watchgate.security.toolguard.PoisonTesting;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/// How well `tool_guard` finds poisoned definitions.
public final class PoisonScore implements ScoredPart {
  /// Innocent definitions of a thousand that may be accused.
  private static final double MOST_ACCUSED = 0.005;

  private final PoisonTesting poison = new PoisonTesting();

  @Override
  public String name() {
    return "poison";
  }

  @Override
  public List<Line> run() {
    var lines = new ArrayList<Line>();
    PoisonCorpus.POSITIONS.forEach((position, json) ->
        lines.add(line(position, orders().map(order -> PoisonCorpus.poisoned(json, order)))));
    var place = Objects.requireNonNull(PoisonCorpus.POSITIONS.get("parameter description"));
    PoisonCorpus.DISGUISES.forEach((disguise, hide) ->
        lines.add(
            line(
                "disguise: " + disguise,
                orders().map(order -> PoisonCorpus.poisoned(place, hide.apply(order))))));
    lines.add(line("names", PoisonCorpus.named().stream()));
    lines.add(
        line(
            "held back",
            PoisonCorpus.orders(true).stream().map(o -> PoisonCorpus.poisoned(place, o))));
    var innocent = PoisonCorpus.innocent();
    int accused = (int) innocent.stream().filter(poison::isPoisoned).count();
    int wanted = lines.stream().mapToInt(Line::wanted).sum();
    int found = lines.stream().mapToInt(Line::found).sum();
    boolean holds = found == wanted && accused <= MOST_ACCUSED * innocent.size();
    lines.add(new Line("all", wanted, found, innocent.size(), accused, holds));
    return lines;
  }

  private static Stream<String> orders() {
    return Stream.concat(PoisonCorpus.orders(false).stream(), PoisonCorpus.orders(true).stream());
  }

  private Line line(String family, Stream<Json> poisoned) {
    var all = poisoned.toList();
    int found = (int) all.stream().filter(poison::isPoisoned).count();
    return new Line(family, all.size(), found, 0, 0, found == all.size());
  }
}
