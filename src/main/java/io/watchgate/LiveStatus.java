package io.watchgate;

import io.watchgate.admin.GatewayStatus;
import io.watchgate.admin.GatewayStatus.Configuration;
import io.watchgate.admin.GatewayStatus.Connections;
import io.watchgate.admin.GatewayStatus.Counted;
import io.watchgate.admin.GatewayStatus.LastError;
import io.watchgate.admin.GatewayStatus.Latency;
import io.watchgate.admin.GatewayStatus.Limit;
import io.watchgate.admin.GatewayStatus.Pool;
import io.watchgate.admin.GatewayStatus.Traffic;
import io.watchgate.admin.StatusSource;
import io.watchgate.flow.Occurrence.Configured;
import io.watchgate.flow.ServerStatus.State;
import io.watchgate.hosting.PluginReport;
import io.watchgate.resilience.ConcurrencyLimit;
import io.watchgate.telemetry.CallStatistics;
import io.watchgate.telemetry.Family;
import io.watchgate.upstream.Sessions;
import io.watchgate.upstream.Upstream;
import io.watchgate.upstream.UpstreamSettings.Command;
import io.watchgate.upstream.UpstreamSettings.Remote;
import io.watchgate.upstream.UpstreamSettings.Wire;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.IntSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// How a running gateway is right now: not serving, then serving, then draining for good.
final class LiveStatus implements StatusSource {
  private final Gateway gateway;
  private final InstantSource clock;
  private volatile boolean serving;
  private volatile @Nullable IntSupplier sessions;
  private volatile Configuration config;

  LiveStatus(Gateway gateway, InstantSource clock) {
    this.gateway = gateway;
    this.clock = clock;
    this.config = new Configuration(clock.instant(), Optional.empty(), List.of());
  }

  /// Another configuration is in force, or the same was found again.
  ///
  /// @param needsRestart the keys that it changes in vain
  void configured(List<String> needsRestart) {
    config = new Configuration(clock.instant(), Optional.empty(), needsRestart);
  }

  /// A configuration was not taken, and the one before is still in force.
  void misconfigured(String why) {
    var last = config;
    var error = new LastError(clock.instant(), why);
    config = new Configuration(last.loadedAt(), Optional.of(error), last.needsRestart());
  }

  /// A file of configuration was read.
  ///
  /// @param before SHA-256 of the one in force, empty when there was none
  /// @param after the same of the one that was read
  /// @param refusal why it was not taken, empty when it was
  void read(String before, String after, Optional<String> refusal) {
    gateway.witness().saw(new Configured(before, after, refusal));
  }

  /// Clients are served from now on.
  ///
  /// @param openSessions counts the sessions of clients
  void serving(IntSupplier openSessions) {
    sessions = openSessions;
    serving = true;
  }

  /// No more clients are served.
  void draining() {
    serving = false;
  }

  @Override
  public boolean isServing() {
    return serving;
  }

  @Override
  public Optional<String> trouble() {
    return gateway.trouble();
  }

  @Override
  public GatewayStatus status() {
    var open = sessions;
    return new GatewayStatus(
        Version.number(),
        gateway.inFlight(),
        gateway.highest(),
        limit(gateway.limit()),
        open == null ? 0 : open.getAsInt(),
        gateway.terms().refusals().counts(),
        config,
        Stream.concat(
                gateway.branches().stream().map(branch -> status(branch, Optional.empty())),
                gateway.leaving().stream()
                    .map(branch -> status(branch, Optional.of(State.DRAINING))))
            .toList(),
        gateway.plugins().reports().stream().map(LiveStatus::plugin).toList());
  }

  @Override
  public List<Family> metrics() {
    return new GatewayMetrics(gateway).families(status());
  }

  private static GatewayStatus.Plugin plugin(PluginReport report) {
    return new GatewayStatus.Plugin(
        report.name(),
        report.server(),
        report.verdicts(),
        report.took(),
        report.status(),
        report.metrics().stream()
            .map(one -> new Counted(one.name(), one.help(), one.labels(), one.value()))
            .toList());
  }

  /// @param leaving the state of a server that is not in the configuration any more
  private GatewayStatus.Upstream status(Branch branch, Optional<State> leaving) {
    var upstream = branch.upstream();
    var status = upstream.status();
    var connections =
        new Connections(
            upstream.sessions(), upstream.inFlight(), pool(upstream.pool()), upstream.restarts());
    return new GatewayStatus.Upstream(
        upstream.name(),
        transport(upstream),
        leaving.orElse(status.state()),
        status.offer().map(offer -> offer.protocolVersion()),
        limit(branch.limit()),
        connections,
        branch.breaker().state(),
        traffic(branch),
        lastError(upstream, branch.statistics()));
  }

  private static Pool pool(Sessions sessions) {
    return new Pool(
        sessions.inUse(),
        sessions.waiting(),
        sessions.max(),
        sessions.lastCreation(),
        sessions.slowCreation());
  }

  private static Limit limit(ConcurrencyLimit limit) {
    return new Limit(limit.limit(), limit.waiting());
  }

  private static String transport(Upstream upstream) {
    return switch (upstream.settings().target()) {
      case Command _ -> "stdio";
      case Remote remote -> remote.wire() == Wire.SSE ? "sse" : "http";
    };
  }

  private static Traffic traffic(Branch branch) {
    var statistics = branch.statistics();
    var latency =
        new Latency(
            statistics.percentile(0.5),
            statistics.percentile(0.99),
            statistics.answers(),
            statistics.answerTime());
    return new Traffic(
        statistics.calls(),
        statistics.errors(),
        branch.retries().taken(),
        branch.upstream().garbage(),
        latency);
  }

  /// The newer of a call that failed and a connection that was lost.
  private Optional<LastError> lastError(Upstream upstream, CallStatistics statistics) {
    var ofCall = statistics.lastFailure().map(f -> new LastError(time(f.nanos()), f.cause()));
    var ofServer = upstream.lastFailure().map(f -> new LastError(time(f.nanos()), f.cause()));
    return Stream.concat(ofCall.stream(), ofServer.stream())
        .max(Comparator.comparing(LastError::time));
  }

  /// When the monotonic clock showed this.
  private Instant time(long nanos) {
    return clock.instant().minusNanos(gateway.time().nanos() - nanos);
  }
}
