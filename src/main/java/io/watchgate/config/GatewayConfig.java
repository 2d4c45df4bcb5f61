package io.watchgate.config;

import io.watchgate.admin.AdminSettings;
import io.watchgate.agents.AgentsSettings;
import io.watchgate.downstream.HttpSettings;
import io.watchgate.hosting.PluginSettings;
import io.watchgate.jsonrpc.Limits;
import io.watchgate.resilience.ConcurrencySettings;
import io.watchgate.telemetry.TelemetrySettings;
import io.watchgate.upstream.UpstreamSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// A whole configuration, checked: every value is in range and every name is unique.
///
/// @param maxRequestTimeout bound of one call whatever progress it reports
/// @param separator between a server's name and a tool's
/// @param adaptiveLimits whether the limits of servers follow how fast they answer
/// @param upstreams in the order of the file, disabled ones included
/// @param plugins of all servers, in the order in which they are asked where their priorities are
///   the same
/// @param agents models that use the tools, empty where there are none
/// @param inactive keys that were read and checked but do nothing in this version
public record GatewayConfig(
    Transport transport,
    HttpSettings http,
    String separator,
    Duration maxRequestTimeout,
    ConcurrencySettings concurrency,
    boolean adaptiveLimits,
    Limits limits,
    List<UpstreamSettings> upstreams,
    List<PluginSettings> plugins,
    AdminSettings admin,
    Logging logging,
    TelemetrySettings telemetry,
    Optional<AgentsSettings> agents,
    List<String> inactive) {

  /// The same with other plugins.
  public GatewayConfig withPlugins(List<PluginSettings> others) {
    return new GatewayConfig(
        transport,
        http,
        separator,
        maxRequestTimeout,
        concurrency,
        adaptiveLimits,
        limits,
        upstreams,
        List.copyOf(others),
        admin,
        logging,
        telemetry,
        agents,
        inactive);
  }

  /// How clients reach the gateway.
  public enum Transport {
    STDIO,
    HTTP
  }

  /// Where the gateway's own log goes.
  ///
  /// @param level TRACE, DEBUG, INFO, WARN or ERROR
  /// @param toStderr true when the `stderr` handler is on
  /// @param file set when the `file` handler is on
  /// @param json one JSON object a line instead of text
  public record Logging(
      String level,
      boolean toStderr,
      Optional<Path> file,
      int maxFileSizeMegabytes,
      int backupCount,
      boolean json) {}
}
