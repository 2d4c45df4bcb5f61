package io.watchgate.telemetry;

import io.watchgate.flow.Time;
import io.watchgate.jsonrpc.Json;
import io.watchgate.otlp.Otlp;
import java.time.InstantSource;
import java.util.random.RandomGenerator;

/// Who measures, and by what.
///
/// @param version of the gateway
/// @param instance tells this process from all others
/// @param random makes ids; safe for any number of threads
public record Source(
    String version, String instance, Time time, InstantSource clock, RandomGenerator random) {

  Json resource() {
    return Otlp.resource(version, instance);
  }
}
