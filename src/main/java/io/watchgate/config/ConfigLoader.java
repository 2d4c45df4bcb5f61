package io.watchgate.config;

import io.watchgate.hosting.PluginCatalog;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Reads and checks a configuration file, Watchgate's own or Gatekit's.
public final class ConfigLoader {
  private ConfigLoader() {}

  /// Reads the file; relative paths in it are relative to its directory.
  ///
  /// @param environment where `${env:NAME}` and `~` look
  /// @throws InvalidConfigException with every problem of the file
  public static GatewayConfig load(Path file, Map<String, String> environment) {
    var problems = new Problems(file);
    var root = root(file, environment, problems).flatMap(place -> place.read(RootKeys.SECTION));
    root.ifPresent(ConfigLoader::check);
    var plugins = root.flatMap(read -> read.find(RootKeys.PLUGINS));
    var entries = new PluginEntries(PluginCatalog.beside(file));
    var settings = plugins.map(entries::of).orElse(List.of());
    problems.throwIfAny();
    return Assembly.of(root.orElseThrow(), upstreams(root.orElseThrow()), settings);
  }

  private static Optional<Place> root(Path file, Map<String, String> env, Problems problems) {
    var text = SourceFile.read(file, problems);
    if (text.isEmpty()) {
      return Optional.empty();
    }
    var tree = YamlReader.read(text.get(), problems);
    if (tree.isEmpty() || tree.get().isNull()) {
      if (problems.size() == 0) {
        problems.add(Position.START, "", "the file is empty, it needs at least proxy.upstreams");
      }
      return Optional.empty();
    }
    var places = new Places(file, env);
    var replaced = new Interpolator(Interpolator.OWN, places, problems).replace(tree.get(), "");
    return Optional.of(new Place(replaced, "", places, problems));
  }

  private static void check(Values root) {
    var proxy = root.section(RootKeys.PROXY);
    ProxyChecks.check(root, proxy);
    var tokens = proxy.section(ProxyKeys.HTTP).get(ProxyKeys.BEARER_TOKENS);
    root.find(RootKeys.AGENTS).ifPresent(agents -> AgentAssembly.check(agents, tokens));
    var upstreams = upstreams(root);
    UpstreamChecks.check(upstreams, proxy);
    var areNamesKnown = upstreams.stream().allMatch(UpstreamChecks::isNameKnown);
    if (areNamesKnown && !upstreams.isEmpty()) {
      var names = upstreams.stream().map(Assembly::name).toList();
      root.find(RootKeys.PLUGINS).ifPresent(plugins -> PluginKeys.checkScopes(plugins, names));
    }
  }

  private static List<Values> upstreams(Values root) {
    var proxy = root.section(RootKeys.PROXY);
    var single = proxy.find(ProxyKeys.UPSTREAM).map(List::of);
    return proxy.find(ProxyKeys.UPSTREAMS).or(() -> single).orElse(List.of());
  }
}
