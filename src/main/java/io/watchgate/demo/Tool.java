package io.watchgate.demo;

import tools.jackson.databind.node.ObjectNode;

/// A tool: how a client sees it, and what it does.
///
/// @param input JSON Schema of the arguments
/// @param output JSON Schema of the structured result
record Tool(String name, String description, ObjectNode input, ObjectNode output, Body body) {

  /// What a call does. It returns the structured result, or throws [ToolFailure].
  interface Body {
    ObjectNode run(ToolCall call) throws InterruptedException;
  }

  ObjectNode definition() {
    ObjectNode definition = Json.object().put("name", name).put("description", description);
    definition.set("inputSchema", input);
    definition.set("outputSchema", output);
    return definition;
  }
}
