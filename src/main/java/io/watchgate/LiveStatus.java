package io.watchgate;

import io.watchgate.admin.GatewayStatus;
import io.watchgate.admin.GatewayStatus.Connections;
import io.watchgate.admin.GatewayStatus.LastError;
import io.watchgate.admin.GatewayStatus.Latency;
import io.watchgate.admin.GatewayStatus.Pool;
import io.watchgate.admin.GatewayStatus.Traffic;
import io.watchgate.admin.StatusSource;
import io.watchgate.telemetry.CallStatistics;
import io.watchgate.upstream.Upstream;
import io.watchgate.upstream.UpstreamSettings.Command;
import io.watchgate.upstream.UpstreamSettings.Remote;
import io.watchgate.upstream.UpstreamSettings.Wire;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
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

  LiveStatus(Gateway gateway, InstantSource clock) {
    this.gateway = gateway;
    this.clock = clock;
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
  public GatewayStatus status() {
    var open = sessions;
    return new GatewayStatus(
        Version.number(),
        gateway.limit().inFlight(),
        gateway.limit().highest(),
        open == null ? 0 : open.getAsInt(),
        gateway.terms().refusals().counts(),
        gateway.upstreams().stream().map(this::status).toList());
  }

  private GatewayStatus.Upstream status(Upstream upstream) {
    var status = upstream.status();
    var statistics = gateway.statistics(upstream);
    var connections =
        new Connections(
            upstream.sessions(), upstream.inFlight(), pool(upstream.pool()), upstream.restarts());
    return new GatewayStatus.Upstream(
        upstream.name(),
        transport(upstream),
        status.state(),
        status.offer().map(offer -> offer.protocolVersion()),
        connections,
        gateway.circuit(upstream),
        traffic(upstream, statistics),
        lastError(upstream, statistics));
  }

  private static Pool pool(Upstream.Sessions sessions) {
    return new Pool(
        sessions.inUse(),
        sessions.waiting(),
        sessions.max(),
        sessions.lastCreation(),
        sessions.slowCreation());
  }

  private static String transport(Upstream upstream) {
    return switch (upstream.settings().target()) {
      case Command _ -> "stdio";
      case Remote remote -> remote.wire() == Wire.SSE ? "sse" : "http";
    };
  }

  private Traffic traffic(Upstream upstream, CallStatistics statistics) {
    var latency =
        new Latency(
            statistics.percentile(0.5),
            statistics.percentile(0.99),
            statistics.answers(),
            statistics.answerTime());
    return new Traffic(
        statistics.calls(),
        statistics.errors(),
        gateway.retries(upstream),
        upstream.garbage(),
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
