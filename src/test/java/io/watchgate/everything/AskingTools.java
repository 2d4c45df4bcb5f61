package io.watchgate.everything;

import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Tools that ask the client one thing.
final class AskingTools {
  private static final String DEFAULTS =
      """
      {
        "type": "object",
        "properties": {
          "name": {"type": "string", "description": "User name", "default": "John Doe"},
          "age": {"type": "integer", "description": "User age", "default": 30},
          "score": {"type": "number", "description": "User score", "default": 95.5},
          "status": {
            "type": "string",
            "enum": ["active", "inactive", "pending"],
            "default": "active"
          },
          "verified": {"type": "boolean", "default": true}
        },
        "required": []
      }
      """;
  private static final String ENUMS =
      """
      {
        "type": "object",
        "properties": {
          "untitledSingle": {"type": "string", "enum": ["option1", "option2", "option3"]},
          "titledSingle": {
            "type": "string",
            "oneOf": [
              {"const": "value1", "title": "First Option"},
              {"const": "value2", "title": "Second Option"},
              {"const": "value3", "title": "Third Option"}
            ]
          },
          "legacyEnum": {
            "type": "string",
            "enum": ["opt1", "opt2", "opt3"],
            "enumNames": ["Option One", "Option Two", "Option Three"]
          },
          "untitledMulti": {
            "type": "array",
            "items": {"type": "string", "enum": ["option1", "option2", "option3"]}
          },
          "titledMulti": {
            "type": "array",
            "items": {
              "anyOf": [
                {"const": "value1", "title": "First Choice"},
                {"const": "value2", "title": "Second Choice"},
                {"const": "value3", "title": "Third Choice"}
              ]
            }
          }
        },
        "required": []
      }
      """;
  private static final String CONTACT =
      """
      {
        "type": "object",
        "properties": {
          "username": {"type": "string", "description": "User's response"},
          "email": {"type": "string", "description": "User's email address"}
        },
        "required": ["username", "email"]
      }
      """;

  private AskingTools() {}

  static List<Tool> all() {
    return List.of(
        Tool.of("test_sampling", "Asks the client's model", AskingTools::sample, "prompt"),
        Tool.of("test_elicitation", "Asks the user", AskingTools::elicit, "message"),
        Tool.of(
            "test_elicitation_sep1034_defaults",
            "Shows a form with defaults",
            call -> form(call, "Please review the defaults", DEFAULTS)),
        Tool.of(
            "test_elicitation_sep1330_enums",
            "Shows a form with choices",
            call -> form(call, "Please choose", ENUMS)),
        Tool.of(
            "test_missing_capability", "Cannot do without the client's model", AskingTools::insist),
        Tool.of(
            "test_streaming_elicitation",
            "Tells progress, then asks the user",
            AskingTools::stream));
  }

  private static ObjectNode sample(Call call) throws InterruptedException {
    JsonNode answer = call.ask("sampling", Input.sample(call.argument("prompt"), 100));
    return Tree.textResult("LLM response: " + spoken(answer));
  }

  /// The text that a model answered.
  static String spoken(JsonNode answer) {
    JsonNode content = answer.path("content");
    return (content.isArray() ? content.path(0) : content).path("text").asString("");
  }

  private static ObjectNode elicit(Call call) throws InterruptedException {
    var input = Input.form(call.argument("message"), Tree.literal(CONTACT));
    return Tree.textResult("User response: " + outcome(call.ask("elicitation", input)));
  }

  private static ObjectNode form(Call call, String message, String schema)
      throws InterruptedException {
    JsonNode answer = call.ask("elicitation", Input.form(message, Tree.literal(schema)));
    return Tree.textResult("Elicitation completed: " + outcome(answer));
  }

  private static String outcome(JsonNode answer) {
    JsonNode content = answer.path("content");
    return "action=%s, content=%s"
        .formatted(
            answer.path("action").asString(""),
            Tree.write(content.isMissingNode() ? Tree.object() : content));
  }

  private static ObjectNode insist(Call call) throws InterruptedException {
    var inputs = Inputs.of("sampling", Input.sample("Say something", 100)).insisting();
    return Tree.textResult("LLM response: " + spoken(Call.answer(call.ask(inputs), "sampling")));
  }

  private static ObjectNode stream(Call call) throws InterruptedException {
    call.progress(0, 2);
    call.progress(1, 2);
    JsonNode answer = call.ask("elicitation", Input.form("Go on?", Tree.textFields("reply")));
    return Tree.textResult("Elicitation completed: " + outcome(answer));
  }
}
