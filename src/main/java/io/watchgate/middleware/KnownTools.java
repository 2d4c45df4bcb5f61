package io.watchgate.middleware;

import io.watchgate.jsonrpc.Json;
import io.watchgate.schema.SchemaCheck;
import java.util.LinkedHashMap;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The definitions of tools as they were last listed, with what is made of their schemas. Where
/// room is needed, what was not called or listed for longest goes first.
final class KnownTools {
  private static final int MAX_TOOLS = 10_000;
  private static final long MAX_BYTES = 64L << 20;

  private final LinkedHashMap<Tool, Known> tools = new LinkedHashMap<>(16, 0.75f, true);
  private long bytes;

  /// Whose tool it is, by the server's own name.
  record Tool(String server, String name) {}

  /// A definition, and its checks once somebody asked for them.
  static final class Known {
    private final Json definition;
    private final ToolRule rule;
    private @Nullable SchemaCheck arguments;
    private @Nullable SchemaCheck results;

    private Known(Json definition, ToolRule rule) {
      this.definition = definition;
      this.rule = rule;
    }

    /// Checks what a client gives against the schema that it was shown.
    synchronized SchemaCheck arguments() {
      if (arguments == null) {
        var schema = definition.member("inputSchema").orElse(Json.EMPTY_OBJECT);
        arguments = SchemaCheck.of(rule.shapeSchema(schema));
      }
      return arguments;
    }

    /// Checks results, empty for a tool that promises nothing of them.
    synchronized Optional<SchemaCheck> results() {
      var schema = definition.member("outputSchema");
      if (results == null && schema.isPresent()) {
        results = SchemaCheck.of(schema.get());
      }
      return Optional.ofNullable(results);
    }

    /// Tells a definition from those before it.
    int version() {
      return definition.hashCode();
    }
  }

  synchronized void put(Tool tool, Json definition, ToolRule rule) {
    var old = tools.get(tool);
    if (old != null && old.definition.equals(definition)) {
      return;
    }
    if (old != null) {
      bytes -= old.definition.length();
    }
    var copy = Json.trusted(definition.toString()); // lets go of the list around it
    tools.put(tool, new Known(copy, rule));
    bytes += copy.length();
    while (tools.size() > MAX_TOOLS || bytes > MAX_BYTES) {
      bytes -= tools.pollFirstEntry().getValue().definition.length();
    }
  }

  synchronized Optional<Known> get(Tool tool) {
    return Optional.ofNullable(tools.get(tool));
  }
}
