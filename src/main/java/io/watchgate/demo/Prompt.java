package io.watchgate.demo;

import java.util.function.Function;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// A prompt with at most one argument, which need not be given.
///
/// @param argument its name; empty when there is none
/// @param text what the user says to the model, given the argument or an empty string
record Prompt(String name, String description, String argument, Function<String, String> text) {

  ObjectNode definition() {
    ObjectNode definition = Json.object().put("name", name).put("description", description);
    if (!argument.isEmpty()) {
      definition.putArray("arguments").addObject().put("name", argument).put("required", false);
    }
    return definition;
  }

  ObjectNode message(JsonNode arguments) {
    ObjectNode result = Json.object().put("description", description);
    ObjectNode message = result.putArray("messages").addObject().put("role", "user");
    String said = text.apply(arguments.path(argument).asString(""));
    message.putObject("content").put("type", "text").put("text", said);
    return result;
  }
}
