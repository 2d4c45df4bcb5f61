package io.watchgate.admin;

import io.watchgate.admin.GatewayStatus.Pool;
import io.watchgate.admin.GatewayStatus.Upstream;
import io.watchgate.flow.ServerStatus.State;
import io.watchgate.telemetry.Family;
import io.watchgate.telemetry.Family.Digest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;

/// The status as metrics. The only labels are the version, the configured names, the kinds of
/// refusals and those that plugins bound, so that nobody from outside can make new time series.
public final class StatusMetrics {
  private static final double NANOS_PER_SECOND = 1e9;

  private final List<Family> families = new ArrayList<>();

  private StatusMetrics() {}

  public static List<Family> of(GatewayStatus status) {
    var metrics = new StatusMetrics();
    metrics.gateway(status);
    metrics.upstreams(
        status.upstreams().stream().filter(u -> u.state() != State.DRAINING).toList());
    metrics.families.addAll(PluginMetrics.of(status.plugins()).families());
    return metrics.families;
  }

  private void gateway(GatewayStatus status) {
    families.add(
        Family.gauge("watchgate_build_info", "The version that runs.")
            .add(1, "version", status.version())
            .build());
    gauge("requests_in_flight", "Requests in flight now.", status.concurrentRequests());
    gauge(
        "requests_in_flight_highest",
        "The most requests that were ever in flight at once.",
        status.maxConcurrentObserved());
    gauge("requests_limit", "Requests that may be in flight now.", status.limit().most());
    gauge("requests_waiting", "Requests that wait for their turn now.", status.limit().waiting());
    gauge("sessions", "Sessions of clients that are open now.", status.sessions());
    var refusals =
        Family.counter(
            "watchgate_refusals_total", "What clients handed in that was none of theirs.");
    status.refusals().forEach((kind, count) -> refusals.add(count, "kind", kind.label()));
    families.add(refusals.build());
    gauge(
        "config_last_reload_successful",
        "Whether the newest configuration is in force: 1, or 0.",
        status.configuration().lastError().isEmpty() ? 1 : 0);
    gauge(
        "config_last_reload_success_timestamp_seconds",
        "When the configuration came into force.",
        (double) status.configuration().loadedAt().getEpochSecond());
  }

  private void gauge(String name, String help, double value) {
    families.add(Family.gauge("watchgate_" + name, help).add(value).build());
  }

  private void upstreams(List<Upstream> all) {
    gauges(
        all,
        "up",
        "Whether the server can be called: 1, or 0.",
        u -> u.state() == State.READY ? 1 : 0);
    gauges(
        all,
        "sessions",
        "Sessions with the server that are open now.",
        u -> u.connections().sessions());
    gauges(
        all,
        "requests_in_flight",
        "Calls that wait for the server's answer now.",
        u -> u.connections().inFlight());
    pools(all);
    gauges(
        all,
        "requests_limit",
        "Calls to the server that may be in flight now.",
        u -> u.limit().most());
    gauges(
        all,
        "requests_waiting",
        "Calls to the server that wait for their turn now.",
        u -> u.limit().waiting());
    counters(
        all,
        "restarts_total",
        "How often the server was reached again.",
        u -> u.connections().restarts());
    counters(all, "calls_total", "Calls that ended.", u -> u.traffic().calls());
    counters(all, "errors_total", "Calls that ended with an error.", u -> u.traffic().errors());
    counters(all, "retries_total", "Calls that were made again.", u -> u.traffic().retries());
    gauges(
        all,
        "circuit_breaker_state",
        "Whether calls are let through: 0 closed, 1 half open, 2 open.",
        u -> u.circuit().ordinal());
    counters(
        all,
        "garbage_total",
        "Messages of the server that were none, or were for nobody.",
        u -> u.traffic().garbage());
    latencies(all);
  }

  private void pools(List<Upstream> all) {
    gauges(
        all,
        "pool_in_use",
        "Sessions that are limited in number, in use now.",
        u -> u.connections().pool().inUse());
    gauges(
        all,
        "pool_waiting",
        "Calls that wait for a session now.",
        u -> u.connections().pool().waiting());
    gauges(
        all, "pool_max", "The most sessions that there may be.", u -> u.connections().pool().max());
    var creation =
        Family.gauge(
            "watchgate_upstream_session_creation_seconds",
            "How long it took to make the last session, and 99 % of the newest.");
    for (var upstream : all) {
      Pool pool = upstream.connections().pool();
      creation.add(seconds(pool.lastCreationNanos()), "upstream", upstream.name(), "which", "last");
      creation.add(seconds(pool.slowCreationNanos()), "upstream", upstream.name(), "which", "p99");
    }
    families.add(creation.build());
  }

  private void latencies(List<Upstream> all) {
    var summary =
        Family.summary("watchgate_upstream_latency_seconds", "How long answers took, since start.");
    for (var upstream : all) {
      var latency = upstream.traffic().latency();
      var labels = new LinkedHashMap<String, String>();
      labels.put("upstream", upstream.name());
      var quantiles = new TreeMap<Double, Double>();
      quantiles.put(0.5, seconds(latency.p50Nanos()));
      quantiles.put(0.99, seconds(latency.p99Nanos()));
      double sum = latency.sum().toNanos() / NANOS_PER_SECOND;
      summary.add(new Digest(quantiles, latency.answers(), sum), labels);
    }
    families.add(summary.build());
  }

  private void gauges(
      List<Upstream> all, String name, String help, ToDoubleFunction<Upstream> value) {
    each(all, Family.gauge("watchgate_upstream_" + name, help), value);
  }

  private void counters(
      List<Upstream> all, String name, String help, ToDoubleFunction<Upstream> value) {
    each(all, Family.counter("watchgate_upstream_" + name, help), value);
  }

  private void each(List<Upstream> all, Family.Builder family, ToDoubleFunction<Upstream> value) {
    all.forEach(upstream -> family.add(value.applyAsDouble(upstream), "upstream", upstream.name()));
    families.add(family.build());
  }

  private static double seconds(OptionalLong nanos) {
    return nanos.isEmpty() ? Double.NaN : nanos.getAsLong() / NANOS_PER_SECOND;
  }
}
