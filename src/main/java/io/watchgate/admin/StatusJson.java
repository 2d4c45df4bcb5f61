package io.watchgate.admin;

import io.watchgate.admin.GatewayStatus.Configuration;
import io.watchgate.admin.GatewayStatus.LastError;
import io.watchgate.admin.GatewayStatus.Latency;
import io.watchgate.admin.GatewayStatus.Limit;
import io.watchgate.admin.GatewayStatus.Plugin;
import io.watchgate.admin.GatewayStatus.Pool;
import io.watchgate.admin.GatewayStatus.Upstream;
import io.watchgate.jsonrpc.Json;
import java.time.Instant;
import java.time.format.DateTimeFormatterBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;

/// The status as JSON. A value that there is not yet is null, so that the fields are always the
/// same.
final class StatusJson {
  private static final Json NULL = Json.trusted("null");
  private static final double NANOS_PER_MILLISECOND = 1e6;

  private StatusJson() {}

  static Json of(GatewayStatus status) {
    return Json.object(
        "version",
        status.version(),
        "concurrent_requests",
        status.concurrentRequests(),
        "max_concurrent_observed",
        status.maxConcurrentObserved(),
        "limit",
        of(status.limit()),
        "sessions",
        status.sessions(),
        "config",
        of(status.configuration()),
        "upstreams",
        Json.array(status.upstreams().stream().map(StatusJson::of).toList()),
        "plugins",
        Json.array(status.plugins().stream().map(StatusJson::of).toList()));
  }

  private static Json of(Plugin plugin) {
    var verdicts = new ArrayList<Object>();
    plugin.verdicts().forEach((verdict, count) -> verdicts.addAll(List.of(verdict, count)));
    return Json.object(
        "name",
        plugin.name(),
        "server",
        plugin.server().map(Json::string).orElse(NULL),
        "verdicts",
        Json.object(verdicts.toArray()),
        "total_ms",
        milliseconds(OptionalLong.of(plugin.took().toNanos())),
        "details",
        plugin.details());
  }

  private static Json of(Configuration configuration) {
    return Json.object(
        "loaded_at",
        time(configuration.loadedAt()),
        "last_error",
        configuration.lastError().map(StatusJson::of).orElse(NULL),
        "needs_restart",
        Json.array(configuration.needsRestart().stream().map(Json::string).toList()));
  }

  private static Json of(Upstream upstream) {
    var connections = upstream.connections();
    var traffic = upstream.traffic();
    return Json.object(
        "name",
        upstream.name(),
        "transport",
        upstream.transport(),
        "state",
        upstream.state().name().toLowerCase(Locale.ROOT),
        "era",
        upstream.era().map(Json::string).orElse(NULL),
        "sessions",
        connections.sessions(),
        "in_flight",
        connections.inFlight(),
        "limit",
        of(upstream.limit()),
        "pool",
        of(connections.pool()),
        "session_creation_ms",
        creation(connections.pool()),
        "circuit_breaker",
        upstream.circuit().name().toLowerCase(Locale.ROOT),
        "restarts",
        connections.restarts(),
        "last_error",
        upstream.lastError().map(StatusJson::of).orElse(NULL),
        "latency_ms",
        of(traffic.latency()),
        "calls",
        traffic.calls(),
        "errors",
        traffic.errors());
  }

  private static Json of(Limit limit) {
    return Json.object("max", limit.most(), "waiting", limit.waiting());
  }

  private static Json of(Pool pool) {
    return Json.object("in_use", pool.inUse(), "waiting", pool.waiting(), "max", pool.max());
  }

  private static Json creation(Pool pool) {
    return Json.object(
        "last",
        milliseconds(pool.lastCreationNanos()),
        "p99",
        milliseconds(pool.slowCreationNanos()));
  }

  private static Json of(LastError error) {
    return Json.object("time", time(error.time()), "message", error.message());
  }

  private static String time(Instant instant) {
    return new DateTimeFormatterBuilder().appendInstant(3).toFormatter(Locale.ROOT).format(instant);
  }

  private static Json of(Latency latency) {
    return Json.object(
        "p50", milliseconds(latency.p50Nanos()), "p99", milliseconds(latency.p99Nanos()));
  }

  private static Json milliseconds(OptionalLong nanos) {
    return nanos.isEmpty()
        ? NULL
        : Json.trusted(
            String.format(Locale.ROOT, "%.3f", nanos.getAsLong() / NANOS_PER_MILLISECOND));
  }
}
