package io.watchgate.scoring;

import io.watchgate.scanning.Finding;
import io.watchgate.security.pii.PersonalData;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/// How well personal data is found, by type, in texts that are made from a seed. The last lines are
/// of texts that were held back from tuning: other values, in other sentences.
public final class PersonalDataScore implements ScoredPart {
  static final long SEED = 20261127;
  private static final long HELD_BACK_SEED = 4711;
  private static final int PER_KIND = 200;
  private static final int LOOK_ALIKES = 4000;

  private final PersonalData detector =
      new PersonalData(
          new PersonalData.Settings(
              type -> !type.equals("mac_address"),
              List.of("US", "GB", "DE", "FR", "IT", "ES", "CH", "NL", "SE", "AU", "JP"),
              false,
              _ -> false));

  /// A text with a value, or without one.
  record Sample(String type, boolean checked, String text, String value) {}

  /// What was found in a sample.
  private record Judged(Sample sample, List<Finding> finds) {
    boolean has(String type) {
      return finds.stream().anyMatch(find -> find.type().equals(type));
    }

    /// Whether all of the value is found. Some ids of one country are ids of another one as well.
    boolean isFound() {
      int start = sample.text.indexOf(sample.value);
      int end = start + sample.value.length();
      return finds.stream()
          .filter(find -> find.start() <= start && find.end() >= end)
          .anyMatch(find -> isFamily(find.type(), sample.type));
    }

    private static boolean isFamily(String one, String other) {
      return one.equals(other)
          || (PersonalData.isNationalId(one) && PersonalData.isNationalId(other));
    }
  }

  @Override
  public String name() {
    return "pii";
  }

  @Override
  public List<Line> run() {
    var lines = new ArrayList<>(lines("", SEED, false));
    var held = lines("held back: ", HELD_BACK_SEED, true);
    lines.addAll(held);
    lines.add(all("all", lines.subList(0, lines.size() - held.size())));
    lines.add(all("all held back", held));
    return lines;
  }

  private List<Line> lines(String prefix, long seed, boolean heldBack) {
    var judged =
        samples(seed, heldBack).stream()
            .map(sample -> new Judged(sample, detector.find(sample.text)))
            .toList();
    Map<String, Boolean> types = new LinkedHashMap<>();
    judged.stream()
        .filter(one -> !one.sample.type.isEmpty())
        .forEach(one -> types.put(one.sample.type, one.sample.checked));
    var lines = new ArrayList<Line>();
    types.forEach((type, checked) -> lines.add(line(prefix, type, checked, judged)));
    return lines;
  }

  private static Line line(String prefix, String type, boolean checked, List<Judged> judged) {
    var own = judged.stream().filter(one -> one.sample.type.equals(type)).toList();
    var others = judged.stream().filter(one -> !one.sample.type.equals(type)).toList();
    int found = (int) own.stream().filter(Judged::isFound).count();
    int accused = (int) others.stream().filter(one -> one.has(type)).count();
    var line = new Line(prefix + type, own.size(), found, others.size(), accused, true);
    double recall = checked ? 0.99 : 0.95;
    boolean holds = line.recall() >= recall && line.precision() >= 0.95;
    return new Line(line.family(), own.size(), found, others.size(), accused, holds);
  }

  private static Line all(String name, List<Line> lines) {
    int wanted = lines.stream().mapToInt(Line::wanted).sum();
    int found = lines.stream().mapToInt(Line::found).sum();
    int accused = lines.stream().mapToInt(Line::accused).sum();
    boolean holds = lines.stream().allMatch(Line::holds);
    return new Line(name, wanted, found, LOOK_ALIKES, accused, holds);
  }

  static List<Sample> samples(long seed, boolean heldBack) {
    var random = new Random(seed);
    var carriers = new Carriers(random, heldBack);
    var kinds = new ArrayList<>(Kinds.all(random));
    kinds.addAll(new Contacts(random).kinds());
    var samples = new ArrayList<Sample>();
    for (var kind : kinds) {
      for (int i = 0; i < PER_KIND; i++) {
        var value = kind.value().get();
        samples.add(new Sample(kind.type(), kind.checked(), carriers.around(kind, value), value));
      }
    }
    var lookAlikes = new LookAlikes(random);
    Set<String> seen = new LinkedHashSet<>();
    for (int i = 0; i < LOOK_ALIKES; i++) {
      seen.add(lookAlikes.next());
    }
    seen.forEach(text -> samples.add(new Sample("", false, text, "")));
    return samples;
  }

  /// What goes wrong, for who tunes: the text, what it should say and what was found.
  List<String> mistakes() {
    return samples(SEED, false).stream()
        .map(sample -> new Judged(sample, detector.find(sample.text)))
        .filter(one ->
            one.sample.type.isEmpty()
                ? !one.finds.isEmpty()
                : !one.isFound() || one.finds.size() > 1)
        .map(one -> one.sample.type + " <" + one.sample.text + "> " + one.finds)
        .toList();
  }
}
