package io.watchgate.hosting;

import io.watchgate.plugin.PluginFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.TreeMap;

/// The plugins that there are: those that come with the gateway, and those in the directory
/// `plugins` beside the configuration. Nothing of that directory is loaded before a configuration
/// names a handler that did not come with the gateway.
public final class PluginCatalog {
  private static final List<PluginFactory> OURS =
      loader().stream().map(ServiceLoader.Provider::get).toList();

  private final Path directory;
  private final Map<String, Entry> entries = new TreeMap<>();
  private final List<String> failures = new ArrayList<>();
  private boolean complete;

  /// One kind of plugin.
  ///
  /// @param isOurs whether it came with the gateway
  public record Entry(PluginFactory factory, boolean isOurs) {}

  private PluginCatalog(Path directory) {
    this.directory = directory;
    OURS.forEach(factory -> add(factory, true, "the gateway"));
  }

  /// Those of the modules: to look for others on the class path opens every library there.
  private static ServiceLoader<PluginFactory> loader() {
    var layer = PluginCatalog.class.getModule().getLayer();
    return layer == null
        ? ServiceLoader.load(PluginFactory.class, PluginCatalog.class.getClassLoader())
        : ServiceLoader.load(layer, PluginFactory.class);
  }

  /// The plugins for a configuration.
  ///
  /// @param file of the configuration
  public static PluginCatalog beside(Path file) {
    return new PluginCatalog(file.toAbsolutePath().resolveSibling("plugins"));
  }

  /// The plugin of a handler or an alias.
  public Optional<Entry> find(String handler) {
    if (!entries.containsKey(handler)) {
      complete();
    }
    return Optional.ofNullable(entries.get(handler));
  }

  /// All handlers and aliases that can be configured.
  public Collection<String> names() {
    complete();
    return entries.keySet();
  }

  /// What was found in the directory and could not be loaded, and why.
  public List<String> failures() {
    return List.copyOf(failures);
  }

  private void complete() {
    if (!complete) {
      complete = true;
      var found = PluginDirectory.load(directory);
      failures.addAll(found.failures());
      found
          .factories()
          .forEach((file, factories) -> factories.forEach(factory -> add(factory, false, file)));
    }
  }

  private void add(PluginFactory factory, boolean isOurs, String from) {
    var names = new ArrayList<String>(factory.aliases());
    names.addFirst(factory.handler());
    for (var name : names) {
      var taken = entries.putIfAbsent(name, new Entry(factory, isOurs));
      if (taken != null) {
        failures.add(from + ": there is another plugin \"" + name + "\"");
      }
    }
  }
}
