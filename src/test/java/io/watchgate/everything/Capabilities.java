package io.watchgate.everything;

import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What a client declares that it can do.
record Capabilities(JsonNode declared) {
  static final String TASKS = "io.modelcontextprotocol/tasks";

  boolean has(String capability) {
    JsonNode value = declared.path(capability);
    boolean formless = value.has("url") && !value.has("form");
    return value.isObject() && !(capability.equals("elicitation") && formless);
  }

  boolean hasTasks() {
    return declared.path("extensions").path(TASKS).isObject();
  }

  /// Refuses a request when the client cannot give all inputs.
  void require(Map<String, Input> inputs) {
    var missing = Tree.object();
    for (var input : inputs.values()) {
      if (!has(input.capability())) {
        missing.putObject(input.capability());
      }
    }
    if (!missing.isEmpty()) {
      throw Failure.missingCapability(missing);
    }
  }

  void requireTasks() {
    if (!hasTasks()) {
      ObjectNode required = Tree.object();
      required.putObject("extensions").putObject(TASKS);
      throw Failure.missingCapability(required);
    }
  }
}
