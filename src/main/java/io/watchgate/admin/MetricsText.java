package io.watchgate.admin;

import io.watchgate.admin.GatewayStatus.Latency;
import io.watchgate.admin.GatewayStatus.Upstream;
import io.watchgate.flow.ServerStatus.State;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;

/// The status in the text format of Prometheus, version 0.0.4. The only labels are the version, the
/// configured names, the kinds of refusals and those that plugins bound, so that nobody from
/// outside can make new time series.
final class MetricsText {
  static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";
  private static final double NANOS_PER_SECOND = 1e9;

  private final StringBuilder text = new StringBuilder(4096);

  private MetricsText() {}

  static String of(GatewayStatus status) {
    var metrics = new MetricsText();
    metrics.gateway(status);
    metrics.upstreams(
        status.upstreams().stream().filter(u -> u.state() != State.DRAINING).toList());
    PluginMetrics.of(status.plugins()).families().forEach(metrics::plugins);
    return metrics.text.toString();
  }

  private void plugins(String name, PluginMetrics.Family family) {
    head("watchgate_" + name, family.type(name), family.help());
    family
        .samples()
        .forEach((labels, value) ->
            sample(
                "watchgate_" + name,
                labels.entrySet().stream()
                    .map(label -> label(label.getKey(), label.getValue()))
                    .collect(Collectors.joining(",")),
                number(value)));
  }

  private static String number(double value) {
    return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
  }

  private void gateway(GatewayStatus status) {
    head("watchgate_build_info", "gauge", "The version that runs.");
    sample("watchgate_build_info", label("version", status.version()), "1");
    gauge("requests_in_flight", "Requests in flight now.", status.concurrentRequests());
    gauge(
        "requests_in_flight_highest",
        "The most requests that were ever in flight at once.",
        status.maxConcurrentObserved());
    gauge("requests_limit", "Requests that may be in flight now.", status.limit().most());
    gauge("requests_waiting", "Requests that wait for their turn now.", status.limit().waiting());
    gauge("sessions", "Sessions of clients that are open now.", status.sessions());
    head("watchgate_refusals_total", "counter", "What clients handed in that was none of theirs.");
    status
        .refusals()
        .forEach((kind, count) ->
            sample("watchgate_refusals_total", label("kind", kind.label()), count.toString()));
    gauge(
        "config_last_reload_successful",
        "Whether the newest configuration is in force: 1, or 0.",
        status.configuration().lastError().isEmpty() ? 1 : 0);
    head(
        "watchgate_config_last_reload_success_timestamp_seconds",
        "gauge",
        "When the configuration came into force.");
    sample(
        "watchgate_config_last_reload_success_timestamp_seconds",
        "",
        Long.toString(status.configuration().loadedAt().getEpochSecond()));
  }

  private void gauge(String name, String help, int value) {
    head("watchgate_" + name, "gauge", help);
    sample("watchgate_" + name, "", Integer.toString(value));
  }

  private void upstreams(List<Upstream> all) {
    each(
        all,
        "up",
        "gauge",
        "Whether the server can be called: 1, or 0.",
        u -> u.state() == State.READY ? 1 : 0);
    each(
        all,
        "sessions",
        "gauge",
        "Sessions with the server that are open now.",
        u -> u.connections().sessions());
    each(
        all,
        "requests_in_flight",
        "gauge",
        "Calls that wait for the server's answer now.",
        u -> u.connections().inFlight());
    pools(all);
    limits(all);
    each(
        all,
        "restarts_total",
        "counter",
        "How often the server was reached again.",
        u -> u.connections().restarts());
    each(all, "calls_total", "counter", "Calls that ended.", u -> u.traffic().calls());
    each(
        all,
        "errors_total",
        "counter",
        "Calls that ended with an error.",
        u -> u.traffic().errors());
    each(
        all, "retries_total", "counter", "Calls that were made again.", u -> u.traffic().retries());
    each(
        all,
        "circuit_breaker_state",
        "gauge",
        "Whether calls are let through: 0 closed, 1 half open, 2 open.",
        u -> u.circuit().ordinal());
    each(
        all,
        "garbage_total",
        "counter",
        "Messages of the server that were none, or were for nobody.",
        u -> u.traffic().garbage());
    head("watchgate_upstream_latency_seconds", "summary", "How long answers took, since start.");
    all.forEach(this::latency);
  }

  private void limits(List<Upstream> all) {
    each(
        all,
        "requests_limit",
        "gauge",
        "Calls to the server that may be in flight now.",
        u -> u.limit().most());
    each(
        all,
        "requests_waiting",
        "gauge",
        "Calls to the server that wait for their turn now.",
        u -> u.limit().waiting());
  }

  private void pools(List<Upstream> all) {
    each(
        all,
        "pool_in_use",
        "gauge",
        "Sessions that are limited in number, in use now.",
        u -> u.connections().pool().inUse());
    each(
        all,
        "pool_waiting",
        "gauge",
        "Calls that wait for a session now.",
        u -> u.connections().pool().waiting());
    each(
        all,
        "pool_max",
        "gauge",
        "The most sessions that there may be.",
        u -> u.connections().pool().max());
    head(
        "watchgate_upstream_session_creation_seconds",
        "gauge",
        "How long it took to make the last session, and 99 % of the newest.");
    all.forEach(this::creation);
  }

  private void each(
      List<Upstream> all, String name, String type, String help, ToLongFunction<Upstream> value) {
    head("watchgate_upstream_" + name, type, help);
    for (var upstream : all) {
      sample(
          "watchgate_upstream_" + name,
          label("upstream", upstream.name()),
          Long.toString(value.applyAsLong(upstream)));
    }
  }

  private void creation(Upstream upstream) {
    var pool = upstream.connections().pool();
    var name = "watchgate_upstream_session_creation_seconds";
    var label = label("upstream", upstream.name());
    sample(name, label + "," + label("which", "last"), seconds(pool.lastCreationNanos()));
    sample(name, label + "," + label("which", "p99"), seconds(pool.slowCreationNanos()));
  }

  private void latency(Upstream upstream) {
    var latency = upstream.traffic().latency();
    var name = "watchgate_upstream_latency_seconds";
    var label = label("upstream", upstream.name());
    sample(name, label + "," + label("quantile", "0.5"), seconds(latency.p50Nanos()));
    sample(name, label + "," + label("quantile", "0.99"), seconds(latency.p99Nanos()));
    sample(name + "_sum", label, Double.toString(sumSeconds(latency)));
    sample(name + "_count", label, Long.toString(latency.answers()));
  }

  private static double sumSeconds(Latency latency) {
    return latency.sum().toNanos() / NANOS_PER_SECOND;
  }

  private static String seconds(OptionalLong nanos) {
    return nanos.isEmpty() ? "NaN" : Double.toString(nanos.getAsLong() / NANOS_PER_SECOND);
  }

  private void head(String name, String type, String help) {
    text.append("# HELP ").append(name).append(' ').append(help).append('\n');
    text.append("# TYPE ").append(name).append(' ').append(type).append('\n');
  }

  private void sample(String name, String labels, String value) {
    text.append(name);
    if (!labels.isEmpty()) {
      text.append('{').append(labels).append('}');
    }
    text.append(' ').append(value).append('\n');
  }

  private static String label(String name, String value) {
    var escaped = value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
    return name + "=\"" + escaped + "\"";
  }
}
