package io.watchgate.admin;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/// What `promtool check metrics` would say of a text, as far as it matters here: the format, and
/// the names that the makers of Prometheus advise.
public final class MetricsLint {
  private static final Pattern NAME = Pattern.compile("[a-z_:][a-z0-9_:]*");
  private static final Pattern SAMPLE =
      Pattern.compile("([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\\{(.*)})? (NaN|[+-]?Inf|[-+.0-9eE]+)");
  private static final Pattern LABEL =
      Pattern.compile("([a-zA-Z_][a-zA-Z0-9_]*)=\"((?:[^\"\\\\]|\\\\[\\\\\"n])*)\"(,|$)");
  private static final Pattern ODD_UNIT =
      Pattern.compile(
          ".*_(ms|millis|milliseconds|micros|microseconds|nanos|nanoseconds|minutes|hours|days|"
              + "kb|mb|kilobytes|megabytes|kib|mib|percent|count|sum|bucket|counter|gauge|"
              + "histogram|summary)(_total)?");

  private final List<String> problems = new ArrayList<>();
  private final Map<String, String> types = new LinkedHashMap<>();
  private final Set<String> helped = new HashSet<>();
  private final Set<String> series = new HashSet<>();
  private final Map<String, Map<Double, Double>> buckets = new HashMap<>();
  private final Map<String, Double> counts = new HashMap<>();
  private String family = "";

  private MetricsLint() {}

  /// What is wrong with a text, empty when nothing is.
  public static List<String> of(String text) {
    var lint = new MetricsLint();
    if (!text.endsWith("\n")) {
      lint.problems.add("the last line does not end");
    }
    text.lines().forEach(lint::line);
    lint.histograms();
    return lint.problems;
  }

  /// The names of all families in a text, and what they are.
  public static Map<String, String> types(String text) {
    var lint = new MetricsLint();
    text.lines().forEach(lint::line);
    return lint.types;
  }

  private void line(String line) {
    var words = line.split(" ", 4);
    if (line.startsWith("# HELP ")) {
      family = words[2];
      if (!helped.add(family) || types.containsKey(family)) {
        problems.add("HELP more than once, or behind TYPE: " + family);
      }
      if (words.length < 4 || words[3].isBlank()) {
        problems.add("no help: " + family);
      }
    } else if (line.startsWith("# TYPE ")) {
      if (types.put(words[2], words[3]) != null || !family.equals(words[2])) {
        problems.add("TYPE more than once, or not behind its HELP: " + words[2]);
      }
      names(words[2], words[3]);
    } else {
      sample(line);
    }
  }

  private void names(String name, String type) {
    if (!NAME.matcher(name).matches()) {
      problems.add("a name that is none: " + name);
    }
    if (type.equals("counter") != name.endsWith("_total")) {
      problems.add("a counter ends with _total, and nothing else does: " + name);
    }
    if (ODD_UNIT.matcher(name).matches()) {
      problems.add("no base unit, or a word that says nothing: " + name);
    }
    if ((type.equals("histogram") || type.equals("summary")) && !name.endsWith("_seconds")) {
      problems.add("no unit: " + name);
    }
  }

  private void sample(String line) {
    var sample = SAMPLE.matcher(line);
    if (!sample.matches()) {
      problems.add("no sample: " + line);
      return;
    }
    var name = sample.group(1);
    var type = types.getOrDefault(family, "none");
    if (!isOf(name, type)) {
      problems.add(name + " is not of the family " + family + ", a " + type);
    }
    var labels = labels(sample.group(2) == null ? "" : sample.group(2), line);
    if (!series.add(name + labels)) {
      problems.add("twice: " + line);
    }
    var number = sample.group(3);
    var value = number.endsWith("Inf") ? Double.POSITIVE_INFINITY : Double.parseDouble(number);
    if (type.equals("counter") && !(value >= 0)) {
      problems.add("a counter below zero: " + line);
    }
    gather(name, labels, value);
  }

  private void gather(String name, Map<String, String> labels, double value) {
    if (name.endsWith("_bucket")) {
      var end = labels.remove("le");
      var of = family + labels;
      if (end == null) {
        problems.add("a bucket without an end: " + of);
        return;
      }
      double bound = end.equals("+Inf") ? Double.POSITIVE_INFINITY : Double.parseDouble(end);
      var all = buckets.computeIfAbsent(of, _ -> new LinkedHashMap<>());
      if (all.keySet().stream().anyMatch(before -> before >= bound)) {
        problems.add("buckets out of order: " + of);
      }
      all.put(bound, value);
    } else if (name.equals(family + "_count")) {
      counts.put(family + labels, value);
    }
  }

  private boolean isOf(String name, String type) {
    return switch (type) {
      case "histogram" ->
          Set.of(family + "_bucket", family + "_sum", family + "_count").contains(name);
      case "summary" -> Set.of(family, family + "_sum", family + "_count").contains(name);
      default -> name.equals(family);
    };
  }

  private Map<String, String> labels(String text, String line) {
    var labels = new TreeMap<String, String>();
    var label = LABEL.matcher(text);
    int at = 0;
    while (at < text.length() && label.find(at) && label.start() == at) {
      if (labels.put(label.group(1), label.group(2)) != null) {
        problems.add("a label twice: " + line);
      }
      at = label.end();
    }
    if (at < text.length() || text.endsWith(",")) {
      problems.add("labels that are none: " + line);
    }
    return labels;
  }

  private void histograms() {
    buckets.forEach((of, all) -> {
      var values = List.copyOf(all.values());
      for (int i = 1; i < values.size(); i++) {
        if (values.get(i) < values.get(i - 1)) {
          problems.add("buckets that shrink: " + of);
        }
      }
      var whole = all.get(Double.POSITIVE_INFINITY);
      if (whole == null || !whole.equals(counts.get(of))) {
        problems.add("no bucket +Inf that is the count: " + of);
      }
    });
  }
}
