package io.watchgate.everything;

import io.watchgate.everything.Questions.Question;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Tasks as revision 2025-11-25 knows them: the client asks for them, and gets the result later.
final class LegacyTasks {
  private static final String RELATED = "io.modelcontextprotocol/related-task";

  private final Tasks tasks;
  private final LegacySession session;

  LegacyTasks(Tasks tasks, LegacySession session) {
    this.tasks = tasks;
    this.session = session;
  }

  static ObjectNode capability() {
    var capability = Tree.object();
    capability.putObject("list");
    capability.putObject("cancel");
    capability.putObject("requests").putObject("tools").putObject("call");
    return capability;
  }

  ObjectNode start(Tool tool, JsonNode params) {
    long ttl = params.path("task").path("ttl").asLong(Tasks.LONGEST_LIFE.toMillis());
    var life = Duration.ofMillis(Math.clamp(ttl, 1000, Tasks.LONGEST_LIFE.toMillis()));
    Task task = tasks.start(tool, params, session.client(), Map.of(), life);
    var result = Tree.object();
    result.set("task", show(task));
    return result;
  }

  ObjectNode answer(String method, JsonNode params, Outbox outbox) throws InterruptedException {
    return switch (method) {
      case "tasks/get" -> show(tasks.find(params));
      case "tasks/list" ->
          Catalog.page(params, "tasks", tasks.all().stream().map(LegacyTasks::show).toList());
      case "tasks/cancel" -> cancel(tasks.find(params));
      case "tasks/result" -> result(tasks.find(params), outbox);
      default -> throw Failure.methodNotFound(method);
    };
  }

  private static ObjectNode cancel(Task task) {
    if (task.view().status().isTerminal()) {
      throw Failure.invalidParams("The task has ended already: " + task.id());
    }
    task.cancel();
    return show(task);
  }

  /// Waits for the end of the task, and asks what it wants to know on the stream of this request.
  private ObjectNode result(Task task, Outbox outbox) throws InterruptedException {
    Set<String> asked = new HashSet<>();
    var view = task.awaitNews(asked);
    while (!view.status().isTerminal()) {
      ask(task, view, asked, outbox);
      view = task.awaitNews(asked);
    }
    if (view.error() != null) {
      throw Failure.of(view.error().path("code").asInt(), view.error().path("message").asString());
    }
    if (view.result() == null) {
      throw Failure.invalidParams("The task was cancelled: " + task.id());
    }
    var result = view.result().deepCopy();
    result.withObjectProperty("_meta").set(RELATED, related(task));
    return result;
  }

  private void ask(Task task, Task.View view, Set<String> asked, Outbox outbox)
      throws InterruptedException {
    var questions = new LinkedHashMap<String, Question>();
    view.pending()
        .forEach((key, input) -> {
          if (asked.add(key)) {
            var params = input.params().deepCopy();
            params.withObjectProperty("_meta").set(RELATED, related(task));
            questions.put(key, session.questions().send(key, input, params, outbox));
          }
        });
    for (var entry : questions.entrySet()) {
      try {
        JsonNode answer = session.questions().await(entry.getValue());
        var responses = Tree.object();
        responses.set(entry.getKey(), answer);
        task.answer(responses);
      } catch (Trouble refused) {
        task.refuse(entry.getKey(), String.valueOf(refused.getMessage()));
      }
    }
  }

  private static ObjectNode related(Task task) {
    return Tree.object().put("taskId", task.id());
  }

  static ObjectNode show(Task task) {
    var view = task.view();
    return Tree.object()
        .put("taskId", task.id())
        .put("status", status(view))
        .put("createdAt", view.created().toString())
        .put("lastUpdatedAt", view.updated().toString())
        .put("ttl", task.ttl().toMillis())
        .put("pollInterval", Task.POLL_MILLIS);
  }

  /// Here a tool that says `isError` has failed.
  private static String status(Task.View view) {
    boolean isError = view.result() != null && view.result().path("isError").asBoolean(false);
    return (isError ? Task.Status.FAILED : view.status()).wireName();
  }

  boolean owns(Task task) {
    return tasks.has(task);
  }

  void close() {
    tasks.cancelAll();
  }
}
