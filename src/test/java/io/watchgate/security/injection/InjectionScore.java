package io.watchgate.security.injection;

import io.watchgate.jsonrpc.Json;
import io.watchgate.plugin.Content;
import io.watchgate.scanning.Scan;
import io.watchgate.scoring.ScoredPart;
import io.watchgate.security.injection.InjectionDetector.Sensitivity;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;

/// How well injections are found, by what they do and by how they are disguised.
public final class InjectionScore implements ScoredPart {
  private static final double LEAST_RECALL = 0.8;
  private static final double MOST_ACCUSED = 0.01;
  private static final int BENIGN = 2500;

  private final InjectionDetector detector;

  /// By what is found where nothing is configured.
  public InjectionScore() {
    this(Sensitivity.STANDARD);
  }

  InjectionScore(Sensitivity sensitivity) {
    this.detector = new InjectionDetector(sensitivity, Set.of());
  }

  @Override
  public String name() {
    return "injection";
  }

  @Override
  public List<Line> run() {
    var lines = new ArrayList<Line>();
    var benign = Corpus.benign(false, BENIGN, 21);
    var heldBenign = Corpus.benign(true, BENIGN / 5, 22);
    var attacks = Corpus.attacks(false, 3, 23);
    var families = attacks.stream().map(Corpus.Sample::family).distinct().toList();
    for (var family : families) {
      var these = attacks.stream().filter(one -> one.family().equals(family)).toList();
      lines.add(line(family, these, benign, Disguises.NONE));
    }
    var one = Corpus.attacks(false, 1, 24);
    for (var disguise : Disguises.values()) {
      lines.add(line("as " + disguise, one, benign, disguise));
    }
    lines.add(all());
    lines.add(line("all held back", Corpus.attacks(true, 20, 25), heldBenign, Disguises.NONE));
    lines.add(alone("as in public collections", Corpus.fieldAttacks(), Corpus.fieldBenign()));
    lines.add(alone("fresh", Corpus.freshAttacks(), Corpus.freshBenign()));
    return lines;
  }

  /// Each text alone.
  private Line alone(String name, List<Corpus.Sample> attacks, List<Corpus.Sample> benign) {
    int found = (int) attacks.stream().filter(one -> finds(one.text())).count();
    return line(name, attacks.size(), found, benign);
  }

  Line all() {
    var benign = Corpus.benign(false, BENIGN, 21);
    return line("all", Corpus.attacks(false, 3, 23), benign, Disguises.NONE);
  }

  private Line line(
      String family, List<Corpus.Sample> attacks, List<Corpus.Sample> benign, Disguises disguise) {
    var random = new Random(family.hashCode());
    int found = 0;
    for (var attack : attacks) {
      found += finds(Corpus.carried(disguise.of(attack.text()), random)) ? 1 : 0;
    }
    return line(family, attacks.size(), found, benign);
  }

  private Line line(String family, int attacks, int found, List<Corpus.Sample> benign) {
    int accused = (int) benign.stream().filter(text -> finds(text.text())).count();
    boolean holds = found >= LEAST_RECALL * attacks && accused <= MOST_ACCUSED * benign.size();
    return new Line(family, attacks, found, benign.size(), accused, holds);
  }

  boolean finds(String text) {
    var content = Content.result(Json.object("text", text));
    return !Scan.of(content, List.of(detector)).isEmpty();
  }
}
