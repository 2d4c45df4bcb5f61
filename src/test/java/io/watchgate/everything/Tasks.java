package io.watchgate.everything;

import io.watchgate.everything.Change.TaskChanged;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import tools.jackson.databind.JsonNode;

/// The tasks of one session, or all tasks of clients without sessions.
final class Tasks {
  static final Duration LONGEST_LIFE = Duration.ofMinutes(10);

  private final Map<String, Task> byId = new ConcurrentHashMap<>();
  private final Changes changes;
  private final InstantSource clock;

  Tasks(Changes changes, InstantSource clock) {
    this.changes = changes;
    this.clock = clock;
  }

  /// Starts a call as a task that can be found from now on.
  Task start(
      Tool tool, JsonNode params, Capabilities client, Map<String, JsonNode> known, Duration life) {
    byId.values().removeIf(Task::isExpired);
    var id = UUID.randomUUID().toString();
    var task = new Task(id, life, clock, changed -> changes.tell(new TaskChanged(changed)));
    byId.put(id, task);
    task.start(tool, new TaskCall(params, client, known, task));
    return task;
  }

  Task find(JsonNode params) {
    String id = Catalog.text(params, "taskId");
    Task task = byId.get(id);
    if (task == null || task.isExpired()) {
      throw Failure.invalidParams("Unknown task: " + id);
    }
    return task;
  }

  boolean has(Task task) {
    return byId.containsKey(task.id());
  }

  List<Task> all() {
    return byId.values().stream().filter(task -> !task.isExpired()).toList();
  }

  void cancelAll() {
    byId.values().forEach(Task::cancel);
  }
}
