package io.watchgate.faults;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// The JSON of the dossier's own clients and servers.
final class Wire {
  private static final JsonMapper MAPPER = new JsonMapper();

  private Wire() {}

  static JsonNode read(String text) {
    return MAPPER.readTree(text);
  }

  static ObjectNode object() {
    return MAPPER.createObjectNode();
  }

  static String request(String id, String method, String params) {
    return "{\"jsonrpc\":\"2.0\",\"id\":%s,\"method\":\"%s\",\"params\":%s}"
        .formatted(id, method, params);
  }

  static String notification(String method) {
    return "{\"jsonrpc\":\"2.0\",\"method\":\"" + method + "\"}";
  }

  static String result(String id, String result) {
    return "{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"result\":" + result + "}";
  }

  static String initialize(String version) {
    return request(
        "0",
        "initialize",
        """
        {"protocolVersion":"%s","capabilities":{},"clientInfo":{"name":"faults","version":"1"}}\
        """
            .formatted(version));
  }

  /// The result of a tool that says something.
  static String text(String words) {
    return "{\"content\":[{\"type\":\"text\",\"text\":\"" + words + "\"}]}";
  }
}
