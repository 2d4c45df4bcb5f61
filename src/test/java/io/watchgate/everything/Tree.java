package io.watchgate.everything;

import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// JSON trees, and the few shapes that MCP makes of them.
final class Tree {
  private static final JsonMapper MAPPER =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

  private Tree() {}

  static ObjectNode object() {
    return MAPPER.createObjectNode();
  }

  static JsonNode read(String text) {
    return MAPPER.readTree(text);
  }

  /// Reads a JSON object that is written in the code.
  static ObjectNode literal(String text) {
    return (ObjectNode) MAPPER.readTree(text);
  }

  static String write(JsonNode node) {
    return MAPPER.writeValueAsString(node);
  }

  static ObjectNode notification(String method, ObjectNode params) {
    var message = object().put("jsonrpc", "2.0").put("method", method);
    message.set("params", params);
    return message;
  }

  static ObjectNode response(JsonNode id, ObjectNode result) {
    var message = object().put("jsonrpc", "2.0");
    message.set("id", id);
    message.set("result", result);
    return message;
  }

  static ObjectNode text(String text) {
    return object().put("type", "text").put("text", text);
  }

  /// A tool's result with one text.
  static ObjectNode textResult(String text) {
    return content(text(text));
  }

  /// A tool's result with content of any kind.
  static ObjectNode content(ObjectNode... blocks) {
    var result = object();
    var content = result.putArray("content");
    for (var block : blocks) {
      content.add(block);
    }
    return result;
  }

  /// A form or an input with text fields, all of which are needed.
  static ObjectNode textFields(String... names) {
    var schema = object().put("type", "object");
    var properties = schema.putObject("properties");
    var required = schema.putArray("required");
    for (var name : names) {
      properties.putObject(name).put("type", "string");
      required.add(name);
    }
    return schema;
  }
}
