package io.watchgate.telemetry;

import io.watchgate.otlp.CollectorSettings;
import java.time.Duration;
import java.util.Optional;

/// What is told to others of what is measured.
///
/// @param otlp where to, empty for nowhere
/// @param interval how often numbers are told, and how long spans wait for others at most
/// @param sampling the part of calls that is traced where their clients do not say so, from 0 to 1
public record TelemetrySettings(
    Optional<CollectorSettings> otlp,
    Duration interval,
    boolean traces,
    boolean metrics,
    double sampling) {
  /// Nothing is told.
  public static final TelemetrySettings NONE =
      new TelemetrySettings(Optional.empty(), Duration.ofSeconds(10), true, true, 1);
}
