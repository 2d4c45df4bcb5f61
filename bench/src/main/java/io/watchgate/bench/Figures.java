package io.watchgate.bench;

import java.time.Duration;
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
  private int count;
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

  /// A time that something took which is done once.
  void addTime(Duration time) {
    busy.recordValue(time.toNanos());
  }

  /// How many of something there were.
  void setCount(int value) {
    count = value;
  }

  int count() {
    return count;
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
      return "| " + contender + " | " + failure.replace("|", "/") + " | | | | | | | | |";
    }
    return "| %s | %s | %s | %s | %s | %s | %s | %s | %s | %s |"
        .formatted(
            count == 0 ? contender : contender + ": " + count,
            number(cpuMicros(), 1),
            number(callsPerSecond(), 0),
            number(busyMicros(50) / 1e3, 3),
            number(busyMicros(99) / 1e3, 3),
            number(busyMicros(99.9) / 1e3, 3),
            number(pacedMicros(50) / 1e3, 3),
            number(pacedMicros(99) / 1e3, 3),
            number(pacedMicros(99.9) / 1e3, 3),
            number(megabytes, megabytes < 1 ? 4 : 0));
  }

  /// Nothing for what was not measured.
  private static String number(double value, int decimals) {
    return value == 0 ? "" : String.format(Locale.ROOT, "%." + decimals + "f", value);
  }

  String json() {
    return String.format(
        Locale.ROOT,
        "{\"scenario\":\"%s\",\"contender\":\"%s\",\"failure\":\"%s\",\"cpuMicros\":%.2f,"
            + "\"callsPerSecond\":%.1f,\"p50Micros\":%.1f,\"p99Micros\":%.1f,"
            + "\"p999Micros\":%.1f,\"pacedP50Micros\":%.1f,\"pacedP99Micros\":%.1f,"
            + "\"pacedP999Micros\":%.1f,\"megabytes\":%.4f,\"count\":%d}",
        scenario,
        contender,
        failure.replaceAll("[^ !#-\\[\\]-~]", "'"),
        cpuMicros(),
        callsPerSecond(),
        busyMicros(50),
        busyMicros(99),
        busyMicros(99.9),
        pacedMicros(50),
        pacedMicros(99),
        pacedMicros(99.9),
        megabytes,
        count);
  }
}
