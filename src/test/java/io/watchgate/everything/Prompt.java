package io.watchgate.everything;

import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/// A prompt: how it is listed, and what it says.
record Prompt(String name, String description, List<String> arguments, Tool.Body body) {

  static Prompt of(String name, String description, Tool.Body body, String... arguments) {
    return new Prompt(name, description, List.of(arguments), body);
  }

  ObjectNode definition() {
    var definition = Tree.object().put("name", name).put("description", description);
    if (!arguments.isEmpty()) {
      var list = definition.putArray("arguments");
      arguments.forEach(argument -> list.addObject().put("name", argument).put("required", true));
    }
    return definition;
  }

  ObjectNode run(Call call) throws InterruptedException {
    try {
      return body.run(call);
    } catch (Trouble trouble) {
      throw Failure.invalidParams(String.valueOf(trouble.getMessage()));
    }
  }

  static List<Prompt> all() {
    return List.of(
        of("test_simple_prompt", "Says one thing", call -> simple()),
        of("test_prompt_with_arguments", "Repeats two texts", Prompt::repeat, "arg1", "arg2"),
        of("test_prompt_with_embedded_resource", "Has a resource", Prompt::embed, "resourceUri"),
        of("test_prompt_with_image", "Has an image", call -> picture()),
        of("test_input_required_result_prompt", "Asks the user first", Prompt::ask));
  }

  private static ObjectNode simple() {
    return messages(Tree.text("This is a simple prompt for testing."));
  }

  private static ObjectNode repeat(Call call) {
    return messages(
        Tree.text(
            "Prompt with arguments: arg1='%s', arg2='%s'"
                .formatted(call.argument("arg1"), call.argument("arg2"))));
  }

  private static ObjectNode embed(Call call) {
    return messages(
        ContentTools.embedded(
            call.argument("resourceUri"), "text/plain", "Embedded resource content for testing."),
        Tree.text("Please process the embedded resource above."));
  }

  private static ObjectNode picture() {
    return messages(ContentTools.image(), Tree.text("Please analyze the image above."));
  }

  private static ObjectNode ask(Call call) throws InterruptedException {
    var form = Input.form("What context should the prompt use?", Tree.textFields("context"));
    var answer = call.ask("user_context", form);
    return messages(Tree.text("Use the context: " + InputTools.value(answer, "context")));
  }

  private static ObjectNode messages(ObjectNode... blocks) {
    var result = Tree.object();
    var messages = result.putArray("messages");
    for (var block : blocks) {
      messages.addObject().put("role", "user").set("content", block);
    }
    return result;
  }
}
