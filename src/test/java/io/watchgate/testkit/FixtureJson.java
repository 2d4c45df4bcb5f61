package io.watchgate.testkit;

import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// JSON for the fixture servers: numbers keep their spelling as far as a tree can.
final class FixtureJson {

  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxStringLength(Integer.MAX_VALUE).build())
                  .build())
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .build();

  private FixtureJson() {}

  static ObjectNode object() {
    return MAPPER.createObjectNode();
  }

  static JsonNode read(String text) {
    return MAPPER.readTree(text);
  }

  static String write(JsonNode node) {
    return MAPPER.writeValueAsString(node);
  }

  static ObjectNode notification(String method, ObjectNode params) {
    var message = object().put("jsonrpc", "2.0").put("method", method);
    message.set("params", params);
    return message;
  }

  /// A tool's result with one text block.
  static ObjectNode text(String text) {
    var result = object();
    result.putArray("content").addObject().put("type", "text").put("text", text);
    return result;
  }

  /// A tool's result with an object, and the same as text for older clients.
  static ObjectNode structured(ObjectNode content) {
    ObjectNode result = text(write(content));
    result.set("structuredContent", content);
    return result;
  }

  /// A JSON Schema of an object, from pairs of name and type; `integer?` is an optional integer.
  static ObjectNode schema(String... namesAndTypes) {
    var schema = object().put("type", "object");
    var properties = schema.putObject("properties");
    var required = schema.putArray("required");
    for (int i = 0; i < namesAndTypes.length; i += 2) {
      String type = namesAndTypes[i + 1];
      properties.putObject(namesAndTypes[i]).put("type", type.replace("?", ""));
      if (!type.endsWith("?")) {
        required.add(namesAndTypes[i]);
      }
    }
    return schema;
  }
}
