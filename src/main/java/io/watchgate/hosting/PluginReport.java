package io.watchgate.hosting;

import io.watchgate.jsonrpc.Json;
import io.watchgate.plugin.Metric;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// How one plugin is at a moment.
///
/// @param server the only one that it is for, empty for all
/// @param verdicts how often it said what
/// @param took the time of all its verdicts together
/// @param status what it tells of itself, an object
public record PluginReport(
    String name,
    Optional<String> server,
    Map<String, Long> verdicts,
    Duration took,
    Json status,
    List<Metric> metrics) {

  static PluginReport of(Installed one) {
    return new PluginReport(
        one.name(),
        one.settings().scope().server(),
        one.verdicts().verdicts(),
        Duration.ofNanos(one.verdicts().nanos()),
        one.plugin().status(),
        one.plugin().metrics());
  }
}
