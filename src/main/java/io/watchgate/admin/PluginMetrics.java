package io.watchgate.admin;

import io.watchgate.admin.GatewayStatus.Counted;
import io.watchgate.admin.GatewayStatus.Plugin;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What plugins said and counted, as metrics. Plugins of the same name and server are summed up.
///
/// @param families by name
record PluginMetrics(Map<String, Family> families) {
  private static final double NANOS_PER_SECOND = 1e9;

  /// Numbers that count the same thing.
  ///
  /// @param samples by their labels
  record Family(String help, Map<Map<String, String>, Double> samples) {
    String type(String name) {
      return name.endsWith("_total") ? "counter" : "gauge";
    }
  }

  static PluginMetrics of(List<Plugin> plugins) {
    var metrics = new PluginMetrics(new TreeMap<>());
    plugins.forEach(metrics::add);
    return metrics;
  }

  private void add(Plugin plugin) {
    var labels = Map.of("plugin", plugin.name(), "upstream", plugin.server().orElse(""));
    plugin
        .verdicts()
        .forEach((verdict, count) -> {
          var more = new TreeMap<>(labels);
          more.put("verdict", verdict);
          add("plugin_verdicts_total", "What plugins said of messages.", more, count);
        });
    add(
        "plugin_seconds_total",
        "How long plugins took over all messages together.",
        labels,
        plugin.took().toNanos() / NANOS_PER_SECOND);
    for (Counted counted : plugin.counted()) {
      add(counted.name(), counted.help(), counted.labels(), counted.value());
    }
  }

  private void add(String name, String help, Map<String, String> labels, double value) {
    families
        .computeIfAbsent(name, _ -> new Family(help, new LinkedHashMap<>()))
        .samples()
        .merge(new TreeMap<>(labels), value, Double::sum);
  }
}
