package io.watchgate.security.secrets;

import io.watchgate.scoring.ScoredPart;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// How well secrets of each family are found, and what else is taken for one.
public final class SecretsScore implements ScoredPart {
  private static final SecretDetector DETECTOR =
      new SecretDetector(RuleFile.ours(), SecretDetector.Settings.STANDARD);
  private static final double BOUND = 0.95;

  @Override
  public String name() {
    return "secrets";
  }

  @Override
  public List<Line> run() {
    var lines = new ArrayList<Line>();
    byFamily(SecretCorpus.heldBack()).forEach((_, line) -> lines.add(line));
    lines.add(whole("all that rules were tuned with", SecretCorpus.open(), HardNegatives.open()));
    lines.add(whole("all held back", SecretCorpus.heldBack(), HardNegatives.heldBack()));
    return lines;
  }

  static Line whole(
      String name, List<SecretCorpus.Sample> samples, List<HardNegatives.Negative> negatives) {
    int found = (int) samples.stream().filter(SecretsScore::isFound).count();
    int accused =
        (int) samples.stream().filter(SecretsScore::hasOther).count()
            + (int) negatives.stream().filter(SecretsScore::isAccused).count();
    var line = new Line(name, samples.size(), found, negatives.size(), accused, true);
    boolean holds = line.recall() >= BOUND && line.precision() >= BOUND;
    return new Line(name, samples.size(), found, negatives.size(), accused, holds);
  }

  private static Map<String, Line> byFamily(List<SecretCorpus.Sample> samples) {
    return samples.stream()
        .collect(
            Collectors.groupingBy(
                SecretCorpus.Sample::family,
                LinkedHashMap::new,
                Collectors.collectingAndThen(
                    Collectors.toList(),
                    family -> whole(family.getFirst().family(), family, List.of()))));
  }

  /// Whether every character of the secret is found.
  static boolean isFound(SecretCorpus.Sample sample) {
    return DETECTOR.find(sample.text()).stream()
        .anyMatch(find -> find.start() <= sample.start() && find.end() >= sample.end());
  }

  /// Whether something is found that is not of the secret.
  static boolean hasOther(SecretCorpus.Sample sample) {
    return DETECTOR.find(sample.text()).stream()
        .anyMatch(find -> find.end() <= sample.start() || find.start() >= sample.end());
  }

  static boolean isAccused(HardNegatives.Negative negative) {
    return !DETECTOR.find(negative.text()).isEmpty();
  }
}
