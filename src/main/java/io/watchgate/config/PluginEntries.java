package io.watchgate.config;

import io.watchgate.hosting.PluginCatalog;
import io.watchgate.hosting.PluginSettings;
import io.watchgate.hosting.PluginSettings.Scope;
import io.watchgate.hosting.PluginSettings.Terms;
import io.watchgate.jsonrpc.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Makes settings out of the plugins of a file, and has each plugin read its own options.
final class PluginEntries {
  private static final Logger log = LoggerFactory.getLogger(PluginEntries.class);

  private final PluginCatalog catalog;

  PluginEntries(PluginCatalog catalog) {
    this.catalog = catalog;
  }

  /// The settings of all plugins, in the order in which they are asked where their priorities are
  /// the same.
  List<PluginSettings> of(Values plugins) {
    List<PluginSettings> all = new ArrayList<>();
    for (var category : List.of("middleware", "security", "auditing")) {
      var key = PluginKeys.CATEGORIES.stream().filter(k -> k.name().equals(category)).findFirst();
      key.flatMap(plugins::find)
          .ifPresent(scopes ->
              scopes.forEach((scope, written) ->
                  written.plugins().forEach(one -> entry(scope, one).ifPresent(all::add))));
    }
    return List.copyOf(all);
  }

  private Optional<PluginSettings> entry(String scope, Values plugin) {
    var handler = plugin.find(PluginKeys.HANDLER);
    if (handler.isEmpty()) {
      return Optional.empty();
    }
    var found = catalog.find(handler.get());
    if (found.isEmpty()) {
      unknown(plugin, handler.get());
    }
    return found.map(entry -> settings(scope, plugin, handler.get(), entry));
  }

  /// One that is not critical is left out, as when it could not start.
  private void unknown(Values plugin, String handler) {
    var config = plugin.section(PluginKeys.CONFIG);
    var loaded = catalog.failures();
    var message =
        "there is no plugin of this name; `watchgate plugins` lists those that there are"
            + (loaded.isEmpty() ? "" : "; not loaded: " + String.join(", ", loaded));
    if (config.get(PluginKeys.ENABLED) && config.get(PluginKeys.CRITICAL)) {
      plugin.at(PluginKeys.HANDLER).problem(message, handler, catalog.names());
    } else {
      log.warn("plugin \"{}\" is left out: {}", handler, message);
    }
  }

  private static PluginSettings settings(
      String scope, Values plugin, String name, PluginCatalog.Entry entry) {
    var config = plugin.section(PluginKeys.CONFIG);
    var place = plugin.at(PluginKeys.CONFIG);
    var isWritten = place.value() instanceof Yaml.Mapping && plugin.wrote(PluginKeys.CONFIG);
    var options = new PluginOptions(isWritten ? place : place.empty());
    var factory = entry.factory();
    var maker =
        factory.read(
            options.besides(
                List.of(
                    PluginKeys.ENABLED,
                    PluginKeys.PRIORITY,
                    PluginKeys.CRITICAL,
                    PluginKeys.TIMEOUT)));
    options.reportUnknown();
    var server = Optional.of(scope).filter(each -> !each.equals(PluginKeys.GLOBAL));
    var terms =
        new Terms(
            config.get(PluginKeys.ENABLED),
            config.find(PluginKeys.PRIORITY).orElse(factory.priority()),
            config.get(PluginKeys.CRITICAL),
            entry.isOurs() ? Optional.empty() : Optional.of(config.get(PluginKeys.TIMEOUT)));
    var written = isWritten ? YamlJson.of(place.value()) : Json.EMPTY_OBJECT;
    return new PluginSettings(name, new Scope(server, factory.handler()), terms, written, maker);
  }
}
