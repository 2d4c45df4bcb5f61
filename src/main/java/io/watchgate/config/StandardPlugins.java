package io.watchgate.config;

import io.watchgate.hosting.PluginCatalog;
import io.watchgate.hosting.PluginSettings;
import io.watchgate.hosting.PluginSettings.Scope;
import io.watchgate.hosting.PluginSettings.Terms;
import io.watchgate.jsonrpc.Json;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The plugins that are at work where a configuration says nothing of them.
public final class StandardPlugins {
  /// Which they are, and whether the gateway goes without clients rather than without them.
  private static final Map<String, Boolean> HANDLERS =
      Map.of(
          "tool_guard", true, // warns of tools that change, which costs nothing until they do
          "audit_jsonl", false); // nobody asked for it: a full disk must not stop the tools

  private StandardPlugins() {}

  /// The configuration with the standard plugins that it does not speak of for all servers.
  ///
  /// @param file that it was read from
  public static GatewayConfig addTo(GatewayConfig config, Path file) {
    var catalog = PluginCatalog.beside(file);
    List<PluginSettings> plugins = new ArrayList<>(config.plugins());
    HANDLERS.keySet().stream()
        .sorted()
        .filter(handler -> config.plugins().stream().noneMatch(one -> isGlobal(one, handler)))
        .forEach(handler ->
            catalog
                .find(handler)
                .map(entry -> settings(entry, HANDLERS.getOrDefault(handler, true), file))
                .ifPresent(plugins::add));
    return config.withPlugins(plugins);
  }

  private static boolean isGlobal(PluginSettings one, String handler) {
    return one.scope().equals(new Scope(Optional.empty(), handler));
  }

  private static PluginSettings settings(PluginCatalog.Entry entry, boolean isCritical, Path file) {
    var factory = entry.factory();
    var nothing = new Yaml.Mapping(List.of(), Position.START);
    var place = new Place(nothing, "plugins", new Places(file, Map.of()), new Problems(file));
    return new PluginSettings(
        factory.handler(),
        new Scope(Optional.empty(), factory.handler()),
        new Terms(true, factory.priority(), isCritical, Optional.empty()),
        Json.EMPTY_OBJECT,
        factory.read(new PluginOptions(place)));
  }
}
