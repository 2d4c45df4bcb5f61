package io.watchgate.demo;

import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What an MCP server offers, as data. [DemoSession] makes it speak.
///
/// @param instructions what a model should know before it uses the server
record DemoServer(
    String name, String instructions, List<Tool> tools, Resources resources, List<Prompt> prompts) {

  ObjectNode toolList() {
    return list("tools", tools.stream().map(Tool::definition).toList());
  }

  ObjectNode resourceList() {
    return list("resources", resources.list().stream().map(Resource::definition).toList());
  }

  ObjectNode templateList() {
    return list("resourceTemplates", resources.templates());
  }

  ObjectNode promptList() {
    return list("prompts", prompts.stream().map(Prompt::definition).toList());
  }

  private static ObjectNode list(String key, List<ObjectNode> entries) {
    ObjectNode result = Json.object();
    result.putArray(key).addAll(entries);
    return result;
  }

  Tool tool(String wanted) {
    return tools.stream()
        .filter(tool -> tool.name().equals(wanted))
        .findFirst()
        .orElseThrow(
            () -> new ProtocolError(ProtocolError.INVALID_PARAMS, "Unknown tool: " + wanted));
  }

  ObjectNode read(String uri) {
    return list("contents", List.of(resources.find(uri).contents()));
  }

  ObjectNode prompt(String wanted, JsonNode arguments) {
    return prompts.stream()
        .filter(prompt -> prompt.name().equals(wanted))
        .findFirst()
        .orElseThrow(
            () -> new ProtocolError(ProtocolError.INVALID_PARAMS, "Unknown prompt: " + wanted))
        .message(arguments);
  }
}
