package io.watchgate.translation;

import io.watchgate.jsonrpc.Json;
import java.util.List;

/// Structured results that are no objects, which revisions up to 2025-11-25 do not know: they are
/// put into an object under `result`, and so are the schemas that describe them.
final class StructuredContent {
  private static final String POINTER = "#";
  private static final String INSIDE = "#/properties/result";

  private StructuredContent() {}

  /// The result of a call.
  static Json wrapContent(Json result) {
    var content = result.member("structuredContent");
    return content.isEmpty() || content.get().isObject() || content.get().isNull()
        ? result
        : result.with("structuredContent", Json.object("result", content.get()));
  }

  /// The result of `tools/list`.
  static Json wrapSchemas(Json result) {
    var tools = result.member("tools");
    if (tools.isEmpty()) {
      return result;
    }
    var wrapped = tools.get().elements().stream().map(StructuredContent::wrapSchema).toList();
    return wrapped.equals(tools.get().elements())
        ? result
        : result.with("tools", Json.array(wrapped));
  }

  private static Json wrapSchema(Json tool) {
    var schema = tool.member("outputSchema").filter(Json::isObject);
    if (schema.isEmpty() || schema.get().textMember("type").filter("object"::equals).isPresent()) {
      return tool;
    }
    return tool.with(
        "outputSchema",
        Json.object(
            "type", "object",
            "properties", Json.object("result", moved(schema.get())),
            "required", Json.array(List.of(Json.string("result")))));
  }

  /// A schema whose references to its own root follow it to its new place.
  private static Json moved(Json schema) {
    if (schema.isArray()) {
      return Json.array(schema.elements().stream().map(StructuredContent::moved).toList());
    }
    var moved = schema;
    for (var member : schema.members()) {
      var value = member.value();
      if (member.key().equals("$ref") && value.isString()) {
        moved = moved.with(member.key(), Json.string(moved(value.text())));
      } else if (value.isObject() || value.isArray()) {
        moved = moved.with(member.key(), moved(value));
      }
    }
    return moved;
  }

  private static String moved(String reference) {
    boolean toRoot = reference.equals(POINTER) || reference.startsWith(POINTER + "/");
    return toRoot ? INSIDE + reference.substring(1) : reference;
  }
}
