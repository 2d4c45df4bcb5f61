package io.watchgate.admin;

import io.watchgate.flow.Histogram;
import io.watchgate.telemetry.Family;
import io.watchgate.telemetry.Family.Amount;
import io.watchgate.telemetry.Family.Digest;
import io.watchgate.telemetry.Family.Sample;
import io.watchgate.telemetry.Family.Spread;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Metrics in the text format of Prometheus, version 0.0.4.
final class MetricsText {
  static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

  /// Whole numbers below it are spelled without an exponent.
  private static final double EXACT = 1e16;

  private final StringBuilder text = new StringBuilder(16 * 1024);

  private MetricsText() {}

  static String of(List<Family> families) {
    var metrics = new MetricsText();
    families.forEach(metrics::family);
    return metrics.text.toString();
  }

  private void family(Family family) {
    var help = family.help().replace("\\", "\\\\").replace("\n", "\\n");
    text.append("# HELP ").append(family.name()).append(' ').append(help).append('\n');
    text.append("# TYPE ").append(family.name()).append(' ');
    text.append(family.kind().name().toLowerCase(Locale.ROOT)).append('\n');
    for (var sample : family.samples()) {
      sample(family.name(), sample);
    }
  }

  private void sample(String name, Sample sample) {
    var labels = sample.labels();
    switch (sample.value()) {
      case Amount(var value) -> line(name, labels, "", "", number(value));
      case Spread(var counted) -> spread(name, labels, counted);
      case Digest(var quantiles, var count, var sum) -> {
        quantiles.forEach(
            (part, value) -> line(name, labels, "quantile", number(part), number(value)));
        line(name + "_sum", labels, "", "", number(sum));
        line(name + "_count", labels, "", "", Long.toString(count));
      }
    }
  }

  private void spread(String name, Map<String, String> labels, Histogram.Snapshot counted) {
    long upTo = 0;
    for (int i = 0; i < Histogram.BOUNDS.size(); i++) {
      upTo += counted.counts().get(i);
      line(name + "_bucket", labels, "le", number(Histogram.BOUNDS.get(i)), Long.toString(upTo));
    }
    line(name + "_bucket", labels, "le", "+Inf", Long.toString(counted.count()));
    line(name + "_sum", labels, "", "", number(counted.sumSeconds()));
    line(name + "_count", labels, "", "", Long.toString(counted.count()));
  }

  /// @param last a label behind the others, empty for none
  private void line(
      String name, Map<String, String> labels, String last, String lastValue, String value) {
    text.append(name);
    if (!labels.isEmpty() || !last.isEmpty()) {
      char before = '{';
      for (var label : labels.entrySet()) {
        label(before, label.getKey(), label.getValue());
        before = ',';
      }
      if (!last.isEmpty()) {
        label(before, last, lastValue);
      }
      text.append('}');
    }
    text.append(' ').append(value).append('\n');
  }

  private void label(char before, String name, String value) {
    text.append(before).append(name).append("=\"");
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      switch (c) {
        case '\\' -> text.append("\\\\");
        case '"' -> text.append("\\\"");
        case '\n' -> text.append("\\n");
        default -> text.append(c);
      }
    }
    text.append('"');
  }

  private static String number(double value) {
    if (Double.isInfinite(value)) {
      return value > 0 ? "+Inf" : "-Inf";
    }
    return value == Math.rint(value) && Math.abs(value) < EXACT
        ? Long.toString((long) value)
        : Double.toString(value);
  }
}
