package io.watchgate.everything;

import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// One thing that the server wants from the client: a form, an answer of its model, or its roots.
record Input(String method, ObjectNode params) {
  private static final String ELICITATION = "elicitation/create";
  private static final String SAMPLING = "sampling/createMessage";
  private static final String ROOTS = "roots/list";

  static Input form(String message, ObjectNode schema) {
    var params = Tree.object().put("message", message);
    params.set("requestedSchema", schema);
    return new Input(ELICITATION, params);
  }

  static Input sample(String prompt, int maxTokens) {
    var params = Tree.object();
    params.putArray("messages").addObject().put("role", "user").set("content", Tree.text(prompt));
    return new Input(SAMPLING, params.put("maxTokens", maxTokens));
  }

  static Input roots() {
    return new Input(ROOTS, Tree.object());
  }

  /// The client capability that it needs.
  String capability() {
    return switch (method) {
      case ELICITATION -> "elicitation";
      case SAMPLING -> "sampling";
      default -> "roots";
    };
  }

  ObjectNode request() {
    var request = Tree.object().put("method", method);
    request.set("params", params);
    return request;
  }

  /// Checks that an answer has the shape of its kind.
  void check(String key, JsonNode answer) {
    boolean fits =
        switch (method) {
          case ELICITATION ->
              Set.of("accept", "decline", "cancel").contains(answer.path("action").asString(""));
          case SAMPLING -> answer.path("content").isContainer() && answer.path("role").isString();
          default -> answer.path("roots").isArray();
        };
    if (!fits) {
      throw Failure.invalidParams("Input response " + key + " is no result of " + method);
    }
  }
}
