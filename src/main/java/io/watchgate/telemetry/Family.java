package io.watchgate.telemetry;

import io.watchgate.flow.Histogram;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/// Numbers that count the same thing, each with labels of its own, at a moment.
///
/// @param name as Prometheus has it: `snake_case` with its unit, `_total` behind what only grows
/// @param help what it is, in a sentence
public record Family(String name, Kind kind, String help, List<Sample> samples) {
  public Family {
    samples = List.copyOf(samples);
  }

  /// What can be done with the numbers.
  public enum Kind {
    COUNTER,
    GAUGE,
    HISTOGRAM,
    SUMMARY
  }

  /// One number, or numbers that belong together.
  public record Sample(SequencedMap<String, String> labels, Value value) {}

  public sealed interface Value {}

  /// Of a counter or a gauge.
  public record Amount(double value) implements Value {}

  /// Of a histogram.
  public record Spread(Histogram.Snapshot counted) implements Value {}

  /// Of a summary.
  ///
  /// @param quantiles by the part that does not exceed them, empty for none
  public record Digest(Map<Double, Double> quantiles, long count, double sum) implements Value {}

  public static Builder counter(String name, String help) {
    return new Builder(name, Kind.COUNTER, help);
  }

  public static Builder gauge(String name, String help) {
    return new Builder(name, Kind.GAUGE, help);
  }

  public static Builder histogram(String name, String help) {
    return new Builder(name, Kind.HISTOGRAM, help);
  }

  public static Builder summary(String name, String help) {
    return new Builder(name, Kind.SUMMARY, help);
  }

  /// A family whose numbers are still gathered.
  public static final class Builder {
    private final String name;
    private final Kind kind;
    private final String help;
    private final List<Sample> samples = new ArrayList<>();

    private Builder(String name, Kind kind, String help) {
      this.name = name;
      this.kind = kind;
      this.help = help;
    }

    /// Adds the number of a counter or a gauge.
    ///
    /// @param labels in turn name, value, name, value
    public Builder add(double value, String... labels) {
      return add(new Amount(value), labels(labels));
    }

    /// Adds the number of a counter or a gauge.
    ///
    /// @param labels in turn name, value, name, value
    public Builder add(long value, String... labels) {
      return add((double) value, labels);
    }

    /// Adds what was counted up to now.
    ///
    /// @param labels in turn name, value, name, value
    public Builder add(Histogram counted, String... labels) {
      return add(new Spread(counted.snapshot()), labels(labels));
    }

    public Builder add(Value value, SequencedMap<String, String> labels) {
      samples.add(new Sample(Collections.unmodifiableSequencedMap(labels), value));
      return this;
    }

    public Family build() {
      return new Family(name, kind, help, samples);
    }

    private static SequencedMap<String, String> labels(String... namesAndValues) {
      var labels = new LinkedHashMap<String, String>();
      for (int i = 0; i < namesAndValues.length; i += 2) {
        labels.put(namesAndValues[i], namesAndValues[i + 1]);
      }
      return labels;
    }
  }
}
