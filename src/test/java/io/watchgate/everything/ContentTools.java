package io.watchgate.everything;

import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/// Tools that return content of every kind, at once.
final class ContentTools {
  private static final String RED_PIXEL =
      "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJg"
          + "gg==";
  private static final String SILENCE =
      "UklGRiYAAABXQVZFZm10IBAAAAABAAEAQB8AAAB9AAACABAAZGF0YQIAAAA=";
  private static final String DIALECT_SCHEMA =
      """
      {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "object",
        "$defs": {
          "address": {
            "$anchor": "addressDef",
            "type": "object",
            "properties": {"street": {"type": "string"}, "city": {"type": "string"}}
          }
        },
        "properties": {
          "name": {"type": "string"},
          "address": {"$ref": "#/$defs/address"},
          "contactMethod": {"type": "string", "enum": ["phone", "email"]},
          "phone": {"type": "string"},
          "email": {"type": "string"}
        },
        "allOf": [{"anyOf": [{"required": ["phone"]}, {"required": ["email"]}]}],
        "if": {
          "properties": {"contactMethod": {"const": "phone"}},
          "required": ["contactMethod"]
        },
        "then": {"required": ["phone"]},
        "else": {"required": ["email"]},
        "additionalProperties": false
      }
      """;
  private static final String HEADER_SCHEMA =
      """
      {
        "type": "object",
        "properties": {
          "region": {"type": "string", "x-mcp-header": "Region"},
          "priority": {"type": "integer", "x-mcp-header": "Priority"},
          "dryRun": {"type": "boolean", "x-mcp-header": "Dry-Run"},
          "query": {"type": "string"}
        },
        "required": ["region"]
      }
      """;

  private ContentTools() {}

  static List<Tool> all() {
    return List.of(
        Tool.of(
            "test_simple_text",
            "Returns a text",
            call -> Tree.textResult("This is a simple text response for testing.")),
        Tool.of("test_image_content", "Returns an image", call -> Tree.content(image())),
        Tool.of("test_audio_content", "Returns a sound", call -> Tree.content(audio())),
        Tool.of("test_embedded_resource", "Returns a resource", call -> Tree.content(resource())),
        Tool.of(
            "test_multiple_content_types",
            "Returns a text, an image and a resource",
            call -> mixed()),
        Tool.of("test_error_handling", "Always fails", call -> fail()),
        Tool.of(
            "json_schema_2020_12_tool",
            "Tool with JSON Schema 2020-12 features",
            Tree.literal(DIALECT_SCHEMA),
            ContentTools::echo),
        Tool.of(
            "test_x_mcp_header",
            "Has arguments that HTTP clients repeat as headers",
            Tree.literal(HEADER_SCHEMA),
            ContentTools::echo),
        Tool.of("greet", "Greets someone, never as a task", ContentTools::greet, "name"));
  }

  static ObjectNode image() {
    return Tree.object().put("type", "image").put("data", RED_PIXEL).put("mimeType", "image/png");
  }

  private static ObjectNode audio() {
    return Tree.object().put("type", "audio").put("data", SILENCE).put("mimeType", "audio/wav");
  }

  private static ObjectNode resource() {
    return embedded(
        "test://embedded-resource", "text/plain", "This is an embedded resource content.");
  }

  static ObjectNode embedded(String uri, String type, String text) {
    var block = Tree.object().put("type", "resource");
    block.putObject("resource").put("uri", uri).put("mimeType", type).put("text", text);
    return block;
  }

  private static ObjectNode mixed() {
    return Tree.content(
        Tree.text("Multiple content types test:"),
        image(),
        embedded(
            "test://mixed-content-resource",
            "application/json",
            "{\"test\":\"data\",\"value\":123}"));
  }

  private static ObjectNode fail() {
    throw new Trouble("This tool intentionally returns an error for testing");
  }

  private static ObjectNode echo(Call call) {
    return Tree.textResult("Called with " + Tree.write(call.params().path("arguments")));
  }

  private static ObjectNode greet(Call call) {
    return Tree.textResult("Hello, " + call.argument("name") + "!");
  }
}
