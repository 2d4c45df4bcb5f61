package io.watchgate.everything;

import java.util.List;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Tools of the multi round-trip requests: they need input, once or twice, of one kind or several.
final class InputTools {
  private static final String CONFIRMATION =
      """
      {
        "type": "object",
        "properties": {"ok": {"type": "boolean"}},
        "required": ["ok"]
      }
      """;

  private InputTools() {}

  static List<Tool> all() {
    return List.of(
        Tool.of(name("elicitation"), "Asks for a name", InputTools::greet),
        Tool.of(name("sampling"), "Asks the model for a capital", InputTools::capital),
        Tool.of(name("list_roots"), "Asks for the roots", InputTools::roots),
        Tool.of(name("request_state"), "Asks, and keeps a state", InputTools::confirm),
        Tool.of(name("multiple_inputs"), "Asks three things at once", InputTools::several),
        Tool.of(name("multi_round"), "Asks twice", InputTools::rounds),
        Tool.of(name("tampered_state"), "Asks, and guards its state", InputTools::confirm),
        Tool.of(name("capabilities"), "Asks what the client can give", InputTools::whatItCan));
  }

  private static String name(String part) {
    return "test_input_required_result_" + part;
  }

  private static ObjectNode greet(Call call) throws InterruptedException {
    return Tree.textResult("Hello, " + value(call.ask("user_name", askName()), "name") + "!");
  }

  static Input askName() {
    return Input.form("What is your name?", Tree.textFields("name"));
  }

  /// What the user wrote into a field, or that the user did not.
  static String value(JsonNode answer, String field) {
    JsonNode value = answer.path("content").path(field);
    return value.isString()
        ? value.asString()
        : "nobody (" + answer.path("action").asString("") + ")";
  }

  private static ObjectNode capital(Call call) throws InterruptedException {
    var input = Input.sample("What is the capital of France?", 100);
    return Tree.textResult(AskingTools.spoken(call.ask("capital_question", input)));
  }

  private static ObjectNode roots(Call call) throws InterruptedException {
    return Tree.textResult("Client roots: " + uris(call.ask("client_roots", Input.roots())));
  }

  private static String uris(JsonNode answer) {
    return answer
        .path("roots")
        .valueStream()
        .map(root -> root.path("uri").asString(""))
        .collect(Collectors.joining(", "));
  }

  private static ObjectNode confirm(Call call) throws InterruptedException {
    var form = Input.form("Please confirm", Tree.literal(CONFIRMATION));
    var answer = Call.answer(call.ask(Inputs.of("confirm", form).withState()), "confirm");
    return Tree.textResult("state-ok: " + answer.path("action").asString(""));
  }

  private static ObjectNode several(Call call) throws InterruptedException {
    var answers =
        call.ask(
            Inputs.of("user_name", askName())
                .and("greeting", Input.sample("Generate a greeting", 50))
                .and("client_roots", Input.roots())
                .withState());
    return Tree.textResult(
        "%s says: %s (roots: %s)"
            .formatted(
                value(Call.answer(answers, "user_name"), "name"),
                AskingTools.spoken(Call.answer(answers, "greeting")),
                uris(Call.answer(answers, "client_roots"))));
  }

  private static ObjectNode rounds(Call call) throws InterruptedException {
    var name = Input.form("Step 1: What is your name?", Tree.textFields("name"));
    var first = call.ask(Inputs.of("step1", name).withState());
    var color = Input.form("Step 2: What is your favorite color?", Tree.textFields("color"));
    var second = call.ask(Inputs.of("step2", color).withState());
    return Tree.textResult(
        "%s likes %s"
            .formatted(
                value(Call.answer(first, "step1"), "name"),
                value(Call.answer(second, "step2"), "color")));
  }

  private static ObjectNode whatItCan(Call call) throws InterruptedException {
    var inputs = Inputs.none();
    if (call.client().has("elicitation")) {
      inputs = inputs.and("user_name", askName());
    }
    if (call.client().has("sampling")) {
      inputs = inputs.and("greeting", Input.sample("Generate a greeting", 50));
    }
    if (call.client().has("roots")) {
      inputs = inputs.and("client_roots", Input.roots());
    }
    return Tree.textResult("Answers: " + String.join(", ", call.ask(inputs).keySet()));
  }
}
