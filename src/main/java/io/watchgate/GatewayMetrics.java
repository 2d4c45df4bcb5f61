package io.watchgate;

import io.watchgate.admin.GatewayStatus;
import io.watchgate.admin.StatusMetrics;
import io.watchgate.telemetry.Family;
import io.watchgate.telemetry.Machine;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/// All that a gateway counts, as families of metrics.
record GatewayMetrics(Gateway gateway) {

  /// @param status of the same gateway
  List<Family> families(GatewayStatus status) {
    var all = new ArrayList<Family>();
    all.add(calls());
    all.add(waits());
    all.add(
        upstreams(
            Family.gauge(
                "watchgate_upstream_requests_in_flight_highest",
                "The most calls to the server that were ever in flight at once."),
            branch -> branch.limit().highest()));
    all.add(
        upstreams(
            Family.counter(
                "watchgate_upstream_sent_bytes_total", "Bytes of messages to the server."),
            branch -> branch.upstream().traffic().sentBytes()));
    all.add(
        upstreams(
            Family.counter(
                "watchgate_upstream_received_bytes_total", "Bytes of messages of the server."),
            branch -> branch.upstream().traffic().receivedBytes()));
    all.addAll(gateway.telemetry().families());
    all.addAll(Machine.families());
    all.addAll(StatusMetrics.of(status)); // last: what a plugin names like ours gives way
    var byName = new LinkedHashMap<String, Family>();
    all.forEach(family -> byName.putIfAbsent(family.name(), family));
    return List.copyOf(byName.values());
  }

  private Family calls() {
    var names = gateway.branches().stream().map(Branch::name).collect(Collectors.toSet());
    return gateway.telemetry().calls().family(names);
  }

  private Family waits() {
    var waits =
        Family.histogram(
            "watchgate_queue_wait_seconds",
            "How long calls waited that had to: for the gateway's limit, a server's, a session.");
    waits.add(gateway.limit().waits(), "queue", "gateway", "upstream", "");
    for (var branch : gateway.branches()) {
      waits.add(branch.limit().waits(), "queue", "server", "upstream", branch.name());
      var pool = branch.upstream().traffic().poolWaits();
      waits.add(pool, "queue", "session", "upstream", branch.name());
    }
    return waits.build();
  }

  private Family upstreams(Family.Builder family, ToDoubleFunction<Branch> value) {
    for (var branch : gateway.branches()) {
      family.add(value.applyAsDouble(branch), "upstream", branch.name());
    }
    return family.build();
  }
}
