package io.watchgate.everything;

import io.watchgate.everything.Tool.TaskSupport;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Tools that may or must run as tasks.
final class TaskTools {
  private static final String SECONDS =
      """
      {
        "type": "object",
        "properties": {
          "seconds": {"type": "number", "minimum": 0},
          "label": {"type": "string"}
        },
        "required": ["seconds"]
      }
      """;
  private static final String CONFIRM =
      """
      {
        "type": "object",
        "properties": {"confirm": {"type": "boolean"}},
        "required": ["confirm"]
      }
      """;

  private TaskTools() {}

  static List<Tool> all() {
    return List.of(
        Tool.of(
                "slow_compute",
                "Computes for some seconds",
                Tree.literal(SECONDS),
                TaskTools::compute)
            .asTask(TaskSupport.OPTIONAL),
        Tool.of("failing_job", "Fails after a second", call -> failLate())
            .asTask(TaskSupport.REQUIRED),
        Tool.of("protocol_error_job", "Breaks after a moment", call -> breakLate())
            .asTask(TaskSupport.OPTIONAL),
        Tool.of("confirm_delete", "Asks before it deletes", TaskTools::delete, "filename")
            .asTask(TaskSupport.OPTIONAL),
        Tool.of("multi_input", "Asks two things at once", TaskTools::askTwo)
            .asTask(TaskSupport.OPTIONAL),
        Tool.of("test_tool_with_task", "Asks first, then works as a task", TaskTools::greet)
            .asTask(TaskSupport.REQUIRED)
            .asking(Inputs.of("user_name", InputTools.askName())));
  }

  private static ObjectNode compute(Call call) throws InterruptedException {
    JsonNode seconds = call.params().path("arguments").path("seconds");
    if (!seconds.isNumber()) {
      throw new Trouble("The argument seconds is missing or no number");
    }
    Call.pause((long) (seconds.asDouble() * 1000));
    return Tree.textResult("Computed for " + seconds + " s");
  }

  private static ObjectNode failLate() throws InterruptedException {
    Call.pause(1000);
    throw new Trouble("The job failed");
  }

  private static ObjectNode breakLate() throws InterruptedException {
    Call.pause(200);
    throw Failure.of(Failure.INTERNAL_ERROR, "The job broke the protocol");
  }

  private static ObjectNode delete(Call call) throws InterruptedException {
    String file = call.argument("filename");
    JsonNode answer =
        call.ask("confirm", Input.form("Delete " + file + "?", Tree.literal(CONFIRM)));
    boolean confirmed = answer.path("content").path("confirm").asBoolean(false);
    return Tree.textResult((confirmed ? "Deleted " : "Kept ") + file);
  }

  private static ObjectNode askTwo(Call call) throws InterruptedException {
    var answers =
        call.ask(
            Inputs.of("first", Input.form("First value?", Tree.textFields("value")))
                .and("second", Input.form("Second value?", Tree.textFields("value"))));
    return Tree.textResult(
        "%s and %s"
            .formatted(
                InputTools.value(Call.answer(answers, "first"), "value"),
                InputTools.value(Call.answer(answers, "second"), "value")));
  }

  private static ObjectNode greet(Call call) throws InterruptedException {
    JsonNode answer = call.ask("user_name", InputTools.askName());
    Call.pause(200);
    return Tree.textResult("Hello from a task, " + InputTools.value(answer, "name") + "!");
  }
}
