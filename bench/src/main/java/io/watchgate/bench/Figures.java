package io.watchgate.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.HdrHistogram.Histogram;

/// What was measured of one contender in one scenario.
final class Figures {
  private final String scenario;
  private final String contender;
  private final List<Double> cpuMicros = new ArrayList<>();
  private final List<Double> callsPerSecond = new ArrayList<>();
  private final Histogram busy = Sample.histogram();
  private final Histogram paced = Sample.histogram();
  private double megabytes;
  private String failure = "";

  Figures(String scenario, String contender) {
    this.scenario = scenario;
    this.contender = contender;
  }

  void addBusy(Sample sample, double micros) {
    cpuMicros.add(micros / sample.calls());
    callsPerSecond.add(sample.callsPerSecond());
    busy.add(sample.latencies());
  }

  void addPaced(Sample sample) {
    paced.add(sample.latencies());
  }

  void setMegabytes(double value) {
    megabytes = value;
  }

  void fail(String why) {
    failure = why;
  }

  String scenario() {
    return scenario;
  }

  String contender() {
    return contender;
  }

  String failure() {
    return failure;
  }

  double cpuMicros() {
    return median(cpuMicros);
  }

  double callsPerSecond() {
    return median(callsPerSecond);
  }

  double megabytes() {
    return megabytes;
  }

  /// Microseconds in the closed loop.
  double busyMicros(double percentile) {
    return busy.getValueAtPercentile(percentile) / 1e3;
  }

  /// Microseconds in the open loop.
  double pacedMicros(double percentile) {
    return paced.getValueAtPercentile(percentile) / 1e3;
  }

  static double median(List<Double> values) {
    if (values.isEmpty()) {
      return 0;
    }
    var sorted = values.stream().sorted().toList();
    int half = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(half)
        : (sorted.get(half - 1) + sorted.get(half)) / 2;
  }

  static final String HEAD =
      "| contender | CPU µs/call | calls/s | p50 ms | p99 ms | p99.9 ms "
          + "| p50 ms at half | p99 ms at half | p99.9 ms at half | RSS MB |\n"
          + "|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|";

  String row() {
    if (!failure.isEmpty()) {
      return "| " + contender + " | " + failure + " | | | | | | | | |";
    }
    return String.format(
        Locale.ROOT,
        "| %s | %.1f | %.0f | %.3f | %.3f | %.3f | %s | %s | %s | %.0f |",
        contender,
        cpuMicros(),
        callsPerSecond(),
        busyMicros(50) / 1e3,
        busyMicros(99) / 1e3,
        busyMicros(99.9) / 1e3,
        pacedMillis(50),
        pacedMillis(99),
        pacedMillis(99.9),
        megabytes);
  }

  private String pacedMillis(double percentile) {
    return paced.getTotalCount() == 0
        ? ""
        : String.format(Locale.ROOT, "%.3f", pacedMicros(percentile) / 1e3);
  }
}
