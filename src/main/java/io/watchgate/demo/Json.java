package io.watchgate.demo;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// JSON trees and texts, and the few shapes of JSON-RPC that a server writes.
final class Json {
  private static final JsonMapper MAPPER = JsonMapper.shared();

  private Json() {}

  static ObjectNode object() {
    return MAPPER.createObjectNode();
  }

  /// @throws tools.jackson.core.JacksonException when the text is not one JSON value
  static JsonNode read(String text) {
    return MAPPER.readTree(text);
  }

  /// A text block of ours, a JSON Schema for example.
  static ObjectNode literal(String text) {
    return (ObjectNode) read(text);
  }

  static String write(JsonNode node) {
    return MAPPER.writeValueAsString(node);
  }

  static ObjectNode result(JsonNode id, ObjectNode result) {
    ObjectNode message = object().put("jsonrpc", "2.0");
    message.set("id", id);
    message.set("result", result);
    return message;
  }

  static ObjectNode error(JsonNode id, int code, String text) {
    ObjectNode message = object().put("jsonrpc", "2.0");
    // A message whose id could not be read is answered with the id null.
    message.set("id", id.isMissingNode() ? MAPPER.nullNode() : id);
    message.putObject("error").put("code", code).put("message", text);
    return message;
  }

  static ObjectNode notification(String method, ObjectNode params) {
    ObjectNode message = object().put("jsonrpc", "2.0").put("method", method);
    message.set("params", params);
    return message;
  }
}
