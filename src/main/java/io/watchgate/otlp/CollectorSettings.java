package io.watchgate.otlp;

import java.net.URI;
import java.time.Duration;
import java.util.Map;

/// Where a collector is.
///
/// @param endpoint `http://host:4318`; the paths of the signals are appended to its path
/// @param headers that go with every request; may hold secrets
/// @param timeout of one request
public record CollectorSettings(URI endpoint, Map<String, String> headers, Duration timeout) {
  /// As OpenTelemetry has it.
  public static final Duration USUAL_TIMEOUT = Duration.ofSeconds(10);

  URI of(Signal signal) {
    var base = endpoint.toString();
    return URI.create(
        (base.endsWith("/") ? base.substring(0, base.length() - 1) : base) + signal.path);
  }

  /// The endpoint for people: without a user, a password or a query, which may be secret.
  String shown() {
    var port = endpoint.getPort() < 0 ? "" : ":" + endpoint.getPort();
    return endpoint.getScheme() + "://" + endpoint.getHost() + port + endpoint.getPath();
  }

  /// Headers may be secrets.
  @Override
  public String toString() {
    return shown();
  }
}
