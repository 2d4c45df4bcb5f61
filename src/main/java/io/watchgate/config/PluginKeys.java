package io.watchgate.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The keys under `plugins`: categories, then `_global` or a server's name, then a list.
final class PluginKeys {
  static final String GLOBAL = "_global";

  static final Key<Boolean> ENABLED =
      Key.of("enabled", Scalars.flag(), "false leaves the plugin out, also a global one.")
          .or("true");
  static final Key<Integer> PRIORITY =
      Key.of(
          "priority",
          Scalars.integer(0, 100),
          "Lower runs first; 50 where the plugin says nothing else.");
  static final Key<Boolean> CRITICAL =
      Key.of("critical", Scalars.flag(), "Whether a fault of the plugin refuses the message.")
          .or("true");
  static final Key<Duration> TIMEOUT =
      Key.of(
              "timeout",
              Quantities.WAIT,
              "How long a plugin that did not come with the gateway may take over one message.")
          .or("5s");
  static final Key<Values> CONFIG =
      Key.of(
          "config",
          Section.of("What the plugin itself is told.", ENABLED, PRIORITY, CRITICAL, TIMEOUT)
              .open(),
          "enabled, priority, critical and timeout, and whatever the plugin knows.");
  static final Key<String> HANDLER =
      Key.of("handler", Scalars.text(), "Name of the plugin.").required();
  static final Section PLUGIN =
      Section.of("One plugin.", HANDLER, CONFIG)
          .hint("policy", "plugins are named by handler")
          .hint("path", "plugins are named by handler")
          .hint("enabled", "it belongs into config")
          .hint("priority", "it belongs into config")
          .hint("critical", "it belongs into config")
          .hint("timeout", "it belongs into config");

  static final List<Key<Map<String, Scope>>> CATEGORIES =
      List.of(
          Key.of("security", scopes(), "Plugins that may block or redact."),
          Key.of("middleware", scopes(), "Plugins that change or answer messages."),
          Key.of("auditing", scopes(), "Plugins that record what happened."));

  static final Section SECTION =
      new Section("What looks at messages on their way.", List.copyOf(CATEGORIES), Map.of(), "")
          .withAnchors();

  /// The plugins of one scope.
  ///
  /// @param name of the scope, where it is written
  record Scope(Place name, List<Values> plugins) {}

  private PluginKeys() {}

  /// Where the plugins of each scope are written. Names that begin with `_` and are not `_global`
  /// hold YAML anchors and are nobody's business.
  private static Type<Map<String, Scope>> scopes() {
    var plugins = Groups.listOf(Groups.named("plugin", PLUGIN));
    var list =
        Schemas.object(
            "description",
            "Plugins of every server (_global), or of the server of this name.",
            "anyOf",
            List.of(plugins.schema(), Map.of("type", "null")));
    var schema =
        Schemas.object(
            "type",
            "object",
            "properties",
            Map.of(GLOBAL, list),
            "patternProperties",
            Map.of("^_(?!global$)", Map.of()),
            "additionalProperties",
            list);
    return Groups.group(schema, place -> readScopes(place, plugins));
  }

  private static Optional<Map<String, Scope>> readScopes(Place place, Type<List<Values>> plugins) {
    if (!(place.value() instanceof Yaml.Mapping mapping)) {
      place.expected("a mapping of _global or a server's name to a list of plugins");
      return Optional.empty();
    }
    Map<String, Scope> scopes = new LinkedHashMap<>();
    for (var entry : mapping.entries()) {
      if (entry.key().equals(GLOBAL) || !entry.key().startsWith("_")) {
        var there = place.entry(entry);
        var read = entry.value().isNull() ? List.<Values>of() : list(there, plugins);
        var key = new Yaml.Scalar(Yaml.Kind.TEXT, entry.key(), entry.key(), entry.keyAt());
        var name = new Place(key, there.path(), place.places(), place.problems());
        scopes.put(entry.key(), new Scope(name, read));
      }
    }
    return Optional.of(scopes);
  }

  private static List<Values> list(Place there, Type<List<Values>> plugins) {
    return there.read(plugins).orElse(List.of());
  }

  /// Reports every scope that is neither `_global` nor a known server.
  static void checkScopes(Values plugins, List<String> names) {
    List<String> known = new ArrayList<>(names);
    known.add(GLOBAL);
    for (var category : CATEGORIES) {
      for (var scope : plugins.find(category).orElse(Map.of()).entrySet()) {
        if (!known.contains(scope.getKey())) {
          var servers = names.isEmpty() ? "none" : String.join(", ", names);
          scope
              .getValue()
              .name()
              .problem(
                  "there is no upstream of this name (upstreams: " + servers + ")",
                  scope.getKey(),
                  known);
        }
      }
    }
  }
}
