package io.watchgate.agents.models;

import io.watchgate.jsonrpc.Json;
import java.util.ArrayList;
import java.util.List;

/// Arguments for a tool by somebody who knows nothing but its schema.
final class Guess {
  private Guess() {}

  /// Something for each argument that has to be there.
  ///
  /// @param text for those that are texts
  static Json arguments(ToolSpec tool, String text) {
    var properties = tool.schema().member("properties").orElse(Json.EMPTY_OBJECT);
    var members = new ArrayList<Object>();
    for (var name : tool.schema().member("required").map(Json::elements).orElse(List.of())) {
      if (name.isString()) {
        members.add(name.text());
        members.add(value(properties.member(name.text()).orElse(Json.EMPTY_OBJECT), text));
      }
    }
    return Json.object(members.toArray());
  }

  private static Json value(Json schema, String text) {
    var choices = schema.member("enum").map(Json::elements).orElse(List.of());
    if (!choices.isEmpty()) {
      return choices.getFirst();
    }
    return switch (schema.textMember("type").orElse("string")) {
      case "integer", "number" -> schema.member("minimum").orElse(Json.trusted("1"));
      case "boolean" -> Json.trusted("true");
      case "array" -> Json.trusted("[]");
      case "object" -> Json.EMPTY_OBJECT;
      case "null" -> Json.trusted("null");
      default -> Json.string(text);
    };
  }
}
