package io.watchgate.admin;

import io.watchgate.admin.GatewayStatus.Counted;
import io.watchgate.admin.GatewayStatus.Plugin;
import io.watchgate.telemetry.Family;
import io.watchgate.telemetry.Family.Amount;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What plugins said and counted, as metrics. Plugins of the same name and server are summed up.
/// What a plugin names so that Prometheus would refuse all metrics with it is left out.
final class PluginMetrics {
  private static final double NANOS_PER_SECOND = 1e9;

  private final Map<String, Sums> all = new TreeMap<>();

  /// @param values by their labels
  private record Sums(String help, Map<TreeMap<String, String>, Double> values) {
    Family family(String name) {
      var family = name.endsWith("_total") ? Family.counter(name, help) : Family.gauge(name, help);
      values.forEach((labels, value) -> family.add(new Amount(value), labels));
      return family.build();
    }
  }

  private PluginMetrics() {}

  static PluginMetrics of(List<Plugin> plugins) {
    var metrics = new PluginMetrics();
    plugins.forEach(metrics::add);
    return metrics;
  }

  List<Family> families() {
    return all.entrySet().stream().map(each -> each.getValue().family(each.getKey())).toList();
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
      if (isName(counted.name())
          && counted.labels().keySet().stream().allMatch(PluginMetrics::isLabel)) {
        add(counted.name(), counted.help(), counted.labels(), counted.value());
      }
    }
  }

  private static boolean isName(String name) {
    return !name.isEmpty()
        && name.chars().allMatch(c -> c == '_' || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'));
  }

  private static boolean isLabel(String name) {
    return isName(name) && !name.startsWith("__") && !Character.isDigit(name.charAt(0));
  }

  private void add(String name, String help, Map<String, String> labels, double value) {
    all.computeIfAbsent("watchgate_" + name, _ -> new Sums(help, new LinkedHashMap<>()))
        .values()
        .merge(new TreeMap<>(labels), value, Double::sum);
  }
}
