package io.watchgate.config;

import io.watchgate.otlp.CollectorSettings;
import io.watchgate.telemetry.TelemetrySettings;
import java.net.URI;
import java.time.Duration;
import java.util.Map;

/// The keys under `telemetry`.
final class TelemetryKeys {
  /// Headers that HTTP itself needs; letters in either case, because a schema has no flags.
  private static final String NOT_OURS =
      "(?!(%s|%s|%s|%s|%s)$)"
          .formatted(
              "[Cc][Oo][Nn][Nn][Ee][Cc][Tt][Ii][Oo][Nn]",
              "[Cc][Oo][Nn][Tt][Ee][Nn][Tt]-[Ll][Ee][Nn][Gg][Tt][Hh]",
              "[Ee][Xx][Pp][Ee][Cc][Tt]",
              "[Hh][Oo][Ss][Tt]",
              "[Uu][Pp][Gg][Rr][Aa][Dd][Ee]");

  static final Key<URI> ENDPOINT =
      Key.of("endpoint", Locations.url(), "Address of a collector that speaks OTLP over HTTP.")
          .required();
  static final Key<Map<String, String>> HEADERS =
      Key.of(
          "headers",
          Groups.mapOf(
              NOT_OURS + UpstreamKeys.HEADER_NAME_PATTERN,
              "the name of an HTTP header that a client may choose",
              Scalars.matching("[\\t\\x20-\\x7e]*", "a text of visible ASCII characters")),
          "Headers sent with every request to it.");
  static final Key<Duration> INTERVAL =
      Key.of(
              "interval",
              Quantities.duration(Duration.ofMillis(100), Duration.ofHours(1)),
              "How often metrics are sent, and how long spans wait for others at most.")
          .or("10s");
  static final Key<Duration> TIMEOUT =
      Key.of(
              "timeout",
              Quantities.duration(Duration.ofMillis(100), Duration.ofMinutes(1)),
              "How long one request to it may take.")
          .or("10s");
  static final Key<Boolean> TRACES =
      Key.of("traces", Scalars.flag(), "Whether traces are sent.").or("true");
  static final Key<Boolean> METRICS =
      Key.of("metrics", Scalars.flag(), "Whether metrics are sent.").or("true");
  static final Key<Double> SAMPLING =
      Key.of("sampling", Quantities.share(), "Share of calls traced where clients do not say so.")
          .or("1.0");
  static final Key<Values> OTLP =
      Key.of(
          "otlp",
          Section.of(
              "A collector of OpenTelemetry.",
              ENDPOINT,
              HEADERS,
              INTERVAL,
              TIMEOUT,
              TRACES,
              METRICS,
              SAMPLING),
          "A collector of OpenTelemetry.");

  static final Section SECTION = Section.of("Who is told what the gateway measures.", OTLP);

  private TelemetryKeys() {}

  static TelemetrySettings settings(Values telemetry) {
    if (!telemetry.wrote(OTLP)) {
      return TelemetrySettings.NONE;
    }
    var otlp = telemetry.section(OTLP);
    return new TelemetrySettings(
        otlp.find(ENDPOINT)
            .map(url ->
                new CollectorSettings(url, otlp.find(HEADERS).orElse(Map.of()), otlp.get(TIMEOUT))),
        otlp.get(INTERVAL),
        otlp.get(TRACES),
        otlp.get(METRICS),
        otlp.get(SAMPLING));
  }
}
