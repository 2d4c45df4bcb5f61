package io.watchgate.admin;

import io.watchgate.flow.CircuitState;
import io.watchgate.flow.Refusals.Kind;
import io.watchgate.flow.ServerStatus.State;
import io.watchgate.jsonrpc.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/// How the gateway is at a moment, as the admin listener shows it. Holds no secret: neither headers
/// nor environments nor tokens.
///
/// @param concurrentRequests in flight now
/// @param maxConcurrentObserved the most that were ever in flight at once
/// @param limit of requests in the whole gateway
/// @param sessions of clients, open now
/// @param refusals what clients handed in that was none of theirs since the gateway started, by
///   kind
/// @param configuration the one in force
/// @param upstreams in the order of the configuration, then those that it has no more and that
///   finish their calls
/// @param plugins that are at work
public record GatewayStatus(
    String version,
    int concurrentRequests,
    int maxConcurrentObserved,
    Limit limit,
    int sessions,
    Map<Kind, Long> refusals,
    Configuration configuration,
    List<Upstream> upstreams,
    List<Plugin> plugins) {

  /// The configuration in force.
  ///
  /// @param loadedAt when it came into force
  /// @param lastError why one after it was not taken, empty when none was refused
  /// @param needsRestart keys that the file changed, but that only a new start changes
  public record Configuration(
      Instant loadedAt, Optional<LastError> lastError, List<String> needsRestart) {}

  /// How many requests are let in.
  ///
  /// @param most that may be in flight now
  /// @param waiting for their turn now
  public record Limit(int most, int waiting) {}

  /// How one server is.
  ///
  /// @param transport `stdio`, `http` or `sse`
  /// @param era the revision of the newest handshake, empty when there was none yet
  /// @param limit of calls to it
  /// @param circuit whether calls to it are let through
  /// @param traffic what became of the calls to it
  /// @param lastError the newest, empty when there was none yet
  public record Upstream(
      String name,
      String transport,
      State state,
      Optional<String> era,
      Limit limit,
      Connections connections,
      CircuitState circuit,
      Traffic traffic,
      Optional<LastError> lastError) {}

  /// The connections to one server.
  ///
  /// @param sessions open now
  /// @param inFlight calls that wait for the server's answer now
  /// @param pool those that are limited in number
  /// @param restarts how often a session was made again after it was lost
  public record Connections(int sessions, int inFlight, Pool pool, int restarts) {}

  /// The sessions with one server that are limited in number.
  ///
  /// @param inUse that there are, or will be as soon as they are connected
  /// @param waiting calls that wait for one
  /// @param max at most
  /// @param lastCreationNanos how long it took to make the last one, empty when there was none
  /// @param slowCreationNanos 99 % of the newest took no longer, empty when there was none
  public record Pool(
      int inUse,
      int waiting,
      int max,
      OptionalLong lastCreationNanos,
      OptionalLong slowCreationNanos) {}

  /// What became of the calls to one server since the gateway started.
  ///
  /// @param errors calls that ended with an error
  /// @param retries calls that were made again
  /// @param garbage messages of the server that were none, or were for nobody
  public record Traffic(long calls, long errors, long retries, long garbage, Latency latency) {}

  /// How long a server's answers took since the gateway started.
  ///
  /// @param p50Nanos half of them took no longer, empty when there was none
  /// @param p99Nanos 99 % of them took no longer, empty when there was none
  /// @param sum of all of them
  public record Latency(OptionalLong p50Nanos, OptionalLong p99Nanos, long answers, Duration sum) {}

  /// How one plugin is.
  ///
  /// @param server the only one that it is for, empty for all
  /// @param verdicts how often it said what since it started
  /// @param took its time over all of them together
  /// @param details what it tells of itself, an object
  /// @param counted what it counts for the metrics
  public record Plugin(
      String name,
      Optional<String> server,
      Map<String, Long> verdicts,
      Duration took,
      Json details,
      List<Counted> counted) {}

  /// One number that a plugin counts.
  ///
  /// @param name without the prefix, ends with `_total` when it only grows
  public record Counted(String name, String help, Map<String, String> labels, double value) {}

  /// What went wrong last.
  public record LastError(Instant time, String message) {}
}
