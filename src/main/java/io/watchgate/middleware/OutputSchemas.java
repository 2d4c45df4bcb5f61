package io.watchgate.middleware;

import io.watchgate.jsonrpc.Json;
import io.watchgate.schema.SchemaCheck;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What servers promised of the structured content of their tools, as their lists say.
final class OutputSchemas {
  private static final int MOST_TOOLS = 1000;
  private static final int MOST_BYTES = 64 << 10;

  private final Map<Tool, Promise> promises = new LinkedHashMap<>(16, 0.75f, true);

  private record Tool(String server, String name) {}

  /// What structured content has to be.
  sealed interface Promise {
    /// Nothing was promised: it may be anything, or not there.
    record Nothing() implements Promise {}

    /// It is valid against a schema.
    record Valid(SchemaCheck check) implements Promise {}

    /// Nobody knows: the tool was in no list, or its schema cannot be used.
    record Unknown() implements Promise {}

    default boolean isKeptBy(Json structured) {
      return switch (this) {
        case Nothing() -> true;
        case Valid(var check) -> check.mismatch(structured).isEmpty();
        case Unknown() -> false;
      };
    }
  }

  void learn(String server, Json list) {
    for (var definition : list.member("tools").map(Json::elements).orElse(List.of())) {
      var schema = definition.member("outputSchema");
      var name = definition.textMember("name").orElse("");
      put(new Tool(server, name), schema.map(OutputSchemas::promise).orElse(new Promise.Nothing()));
    }
  }

  private static Promise promise(Json schema) {
    if (schema.length() > MOST_BYTES) {
      return new Promise.Unknown();
    }
    var check = SchemaCheck.of(schema);
    return check.unusable().isPresent() ? new Promise.Unknown() : new Promise.Valid(check);
  }

  private synchronized void put(Tool tool, Promise promise) {
    promises.put(tool, promise);
    if (promises.size() > MOST_TOOLS) {
      promises.remove(promises.keySet().iterator().next());
    }
  }

  synchronized Promise of(String server, String tool) {
    return Optional.ofNullable(promises.get(new Tool(server, tool))).orElse(new Promise.Unknown());
  }
}
