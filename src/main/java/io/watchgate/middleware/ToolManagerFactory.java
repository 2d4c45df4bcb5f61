package io.watchgate.middleware;

import io.watchgate.jsonrpc.Json;
import io.watchgate.mcp.NamePattern;
import io.watchgate.middleware.ToolRule.Checks;
import io.watchgate.middleware.ToolRule.Keeping;
import io.watchgate.plugin.Options;
import io.watchgate.plugin.PluginFactory;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Makes plugins that choose, rename and fill in the tools of servers.
public final class ToolManagerFactory implements PluginFactory {
  private static final Duration KEPT = Duration.ofSeconds(30);

  @Override
  public String handler() {
    return "tool_manager";
  }

  @Override
  public String description() {
    return "Chooses, renames, describes and checks tools, fills in arguments, and keeps results.";
  }

  @Override
  public Maker read(Options options) {
    var standard =
        new Checks(
            options.flag("validate_arguments", false), options.flag("validate_results", false));
    var entries = options.list("tools");
    var denied = patterns(options, "deny");
    var named = new LinkedHashMap<String, ToolRule>();
    for (var entry : entries) {
      readTool(entry, named, standard);
    }
    var owns = owns(entries, named);
    for (var name : named.keySet()) {
      if (denied.stream().anyMatch(pattern -> pattern.matches(name))) {
        options.problem("deny", "hides the tool \"" + name + "\", which is listed in tools");
      }
    }
    boolean chooses = options.has("tools") || options.has("allow");
    var allowed = patterns(options, "allow");
    var rules =
        new ToolRules(
            chooses ? Optional.of(allowed) : Optional.empty(), denied, named, owns, standard);
    int maxResults = options.integer("cache_entries", 1, 100_000, 1_000);
    int maxBytes = options.bytes("cache_bytes", 1024, 1 << 30, 16 << 20);
    return home -> new ToolManager(rules, new ResultCache(home.clock(), maxResults, maxBytes));
  }

  private static List<NamePattern> patterns(Options options, String key) {
    return options.texts(key).stream().map(NamePattern::new).toList();
  }

  private static void readTool(Options entry, Map<String, ToolRule> named, Checks standard) {
    var tool = entry.text("tool");
    var shown = entry.text("display_name");
    var rule =
        new ToolRule(
            shown.or(() -> tool).orElse(""),
            entry.text("display_title"),
            entry.text("display_description"),
            arguments(entry, "defaults"),
            arguments(entry, "fixed"),
            new Checks(
                entry.flag("validate_arguments", standard.arguments()),
                entry.flag("validate_results", standard.results())),
            entry.section("cache").map(ToolManagerFactory::keeping));
    if (tool.isEmpty() || tool.get().isEmpty()) {
      entry.problem("tool", "has to name a tool of the server");
    } else if (named.putIfAbsent(tool.get(), rule) != null) {
      entry.problem("tool", "is listed twice: " + tool.get());
    } else if (shown.equals(tool)) {
      entry.problem("display_name", "is the tool's own name: leave it out");
    }
  }

  private static Json arguments(Options entry, String key) {
    var arguments = entry.json(key).orElse(Json.EMPTY_OBJECT);
    if (!arguments.isObject()) {
      entry.problem(key, "has to map names of arguments to their values");
      return Json.EMPTY_OBJECT;
    }
    return arguments;
  }

  private static Keeping keeping(Options cache) {
    return new Keeping(cache.duration("ttl", KEPT), cache.flag("shared", false));
  }

  /// Finds who goes by which name, and reports those that would go by the same.
  private static Map<String, String> owns(List<Options> entries, Map<String, ToolRule> named) {
    var owns = new HashMap<String, String>();
    for (var entry : entries) {
      var tool = entry.text("tool").orElse("");
      var shown = entry.text("display_name").orElse(tool);
      if (shown.isEmpty()) {
        entry.problem("display_name", "has to be a name");
      } else if (!shown.equals(tool)) {
        var other = owns.putIfAbsent(shown, tool);
        if (named.containsKey(shown)) {
          entry.problem("display_name", "is the name of another tool that is listed: " + shown);
        } else if (other != null && !other.equals(tool)) {
          entry.problem("display_name", "is given to the tool \"" + other + "\" too: " + shown);
        }
      }
    }
    return owns;
  }
}
