package io.watchgate.config;

import io.watchgate.config.GatewayConfig.Transport;
import io.watchgate.downstream.HttpSettings;
import java.nio.file.Path;
import java.util.Optional;

/// What the command line says about how clients reach the gateway; it wins over the file.
///
/// @param port 0 to 65535
public record Overrides(
    Optional<Transport> transport, Optional<String> host, Optional<Integer> port) {

  /// Nothing said.
  public static final Overrides NONE =
      new Overrides(Optional.empty(), Optional.empty(), Optional.empty());

  /// The configuration with what was said.
  ///
  /// @param file named when the result may not run
  /// @throws InvalidConfigException when the result listens beyond this machine without a token, or
  ///   the port is out of range
  public GatewayConfig applyTo(GatewayConfig config, Path file) {
    var problems = new Problems(file);
    var http = http(config.http());
    var isHttp = transport.orElse(config.transport()) == Transport.HTTP;
    if (isHttp && !Locations.isLoopback(http.host()) && http.bearerTokens().isEmpty()) {
      problems.add(Position.START, "proxy.http.bearer_tokens", withoutToken(http.host()));
    }
    if (http.port() < 0 || http.port() > 65535) {
      problems.add(
          Position.START, "proxy.http.port", "expected a port from 0 to 65535, not " + http.port());
    }
    problems.throwIfAny();
    return new GatewayConfig(
        transport.orElse(config.transport()),
        http,
        config.separator(),
        config.maxRequestTimeout(),
        config.concurrency(),
        config.adaptiveLimits(),
        config.limits(),
        config.upstreams(),
        config.plugins(),
        config.admin(),
        config.logging(),
        config.telemetry(),
        config.agents(),
        config.inactive());
  }

  private HttpSettings http(HttpSettings http) {
    return new HttpSettings(
        host.orElse(http.host()),
        port.orElse(http.port()),
        http.path(),
        http.allowedOrigins(),
        http.allowedHosts(),
        http.bearerTokens());
  }

  static String withoutToken(String host) {
    return "the host "
        + host
        + " is not loopback, so proxy.http.bearer_tokens must hold at least one token";
  }
}
