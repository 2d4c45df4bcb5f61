package io.watchgate.everything;

import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Tasks as the extension of the stateless revision shows them.
final class ModernTasks {
  private final Tasks tasks;

  ModernTasks(Tasks tasks) {
    this.tasks = tasks;
  }

  /// Starts a task, for the answer of `tools/call`.
  ObjectNode start(Tool tool, JsonNode params, Capabilities client, Map<String, JsonNode> known) {
    Task task = tasks.start(tool, params, client, known, Tasks.LONGEST_LIFE);
    return summary(task, task.view()).put("resultType", "task");
  }

  ObjectNode get(JsonNode params) {
    return detailed(tasks.find(params));
  }

  ObjectNode update(JsonNode params) {
    JsonNode responses = params.path("inputResponses");
    if (!responses.isObject()) {
      throw Failure.invalidParams("inputResponses is no object");
    }
    tasks.find(params).answer(responses);
    return Tree.object();
  }

  ObjectNode cancel(JsonNode params) {
    tasks.find(params).cancel();
    return Tree.object();
  }

  static ObjectNode detailed(Task task) {
    var view = task.view();
    var detailed = summary(task, view);
    if (view.status() == Task.Status.INPUT_REQUIRED) {
      var requests = detailed.putObject("inputRequests");
      view.pending().forEach((key, input) -> requests.set(key, input.request()));
    }
    if (view.result() != null) {
      detailed.set("result", view.result());
    }
    if (view.error() != null) {
      detailed.set("error", view.error());
    }
    return detailed;
  }

  private static ObjectNode summary(Task task, Task.View view) {
    return Tree.object()
        .put("taskId", task.id())
        .put("status", view.status().wireName())
        .put("createdAt", view.created().toString())
        .put("lastUpdatedAt", view.updated().toString())
        .put("ttlMs", task.ttl().toMillis())
        .put("pollIntervalMs", Task.POLL_MILLIS);
  }
}
