package io.watchgate.everything;

import io.watchgate.everything.Change.ListChanged;
import io.watchgate.everything.Change.ResourceUpdated;
import io.watchgate.everything.Change.TaskChanged;
import io.watchgate.everything.Tool.TaskSupport;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// A session of one of the revisions with a handshake, over any transport.
final class LegacySession implements Consumer<Change> {
  private static final List<String> REVISIONS =
      List.of("2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25");
  private static final String LATEST = REVISIONS.getLast();
  private static final int RESOURCE_NOT_FOUND = -32002;

  private final String name;
  private final Catalog catalog;
  private final Changes changes;
  private final Outbox unrelated;
  private final LegacyTasks tasks;
  private final Questions questions = new Questions();
  private final Set<String> subscriptions = ConcurrentHashMap.newKeySet();
  private final Map<JsonNode, Thread> running = new ConcurrentHashMap<>();
  private volatile String revision = "";
  private volatile Capabilities client = new Capabilities(Tree.object());
  private volatile int logLevel;

  /// @param unrelated where messages go that belong to no request
  LegacySession(
      String name, Catalog catalog, Changes changes, InstantSource clock, Outbox unrelated) {
    this.name = name;
    this.catalog = catalog;
    this.changes = changes;
    this.unrelated = unrelated;
    this.tasks = new LegacyTasks(new Tasks(changes, clock), this);
  }

  static boolean isRevision(String text) {
    return REVISIONS.contains(text);
  }

  Capabilities client() {
    return client;
  }

  Questions questions() {
    return questions;
  }

  boolean wantsLog(String level) {
    return Envelope.LEVELS.indexOf(level) >= logLevel;
  }

  boolean takesBatches() {
    return revision.equals("2025-03-26");
  }

  /// Whether streams start with an event that tells how to come back.
  boolean polls() {
    return revision.equals(LATEST);
  }

  /// Takes a response or a notification of the client.
  void take(JsonNode message) {
    if (!message.has("method")) {
      questions.take(message);
    } else if (message.path("method").asString().equals("notifications/cancelled")) {
      var thread = running.get(message.path("params").path("requestId"));
      if (thread != null) {
        thread.interrupt();
      }
    }
  }

  /// Starts to work on a request. The answer is the last thing that goes to the outbox, then `end`
  /// runs; a request that was cancelled has no answer.
  void start(JsonNode request, Outbox outbox, Runnable end) {
    var id = request.path("id");
    var thread =
        Thread.ofVirtual()
            .unstarted(() -> {
              try {
                outbox.send(answer(request, outbox));
              } catch (InterruptedException e) {
                // Cancelled: nobody waits for an answer.
              } finally {
                running.remove(id);
                end.run();
              }
            });
    if (running.putIfAbsent(id, thread) == null) {
      thread.start();
    } else {
      outbox.send(Failure.of(Failure.INVALID_REQUEST, "The id " + id + " is in use").response(id));
      end.run();
    }
  }

  private ObjectNode answer(JsonNode request, Outbox outbox) throws InterruptedException {
    var id = request.path("id");
    try {
      return Tree.response(
          id, result(request.path("method").asString(), request.path("params"), outbox));
    } catch (Failure failure) {
      return failure.response(id);
    }
  }

  private ObjectNode result(String method, JsonNode params, Outbox outbox)
      throws InterruptedException {
    return switch (method) {
      case "initialize" -> initialize(params);
      case "ping" -> Tree.object();
      case "tools/list" -> tools(params);
      case "tools/call" -> call(params, outbox);
      case "resources/list" -> catalog.resourceList(params);
      case "resources/templates/list" -> catalog.templateList(params);
      case "resources/read" -> catalog.read(params, RESOURCE_NOT_FOUND);
      case "resources/subscribe" -> subscribe(params);
      case "resources/unsubscribe" -> unsubscribe(params);
      case "prompts/list" -> catalog.promptList(params);
      case "prompts/get" -> catalog.prompt(params).run(new LegacyCall(this, params, outbox));
      case "completion/complete" -> catalog.complete(params);
      case "logging/setLevel" -> setLevel(params);
      default -> task(method, params, outbox);
    };
  }

  private ObjectNode initialize(JsonNode params) {
    if (!revision.isEmpty()) {
      throw Failure.of(Failure.INVALID_REQUEST, "The session is initialized already");
    }
    String wanted = Catalog.text(params, "protocolVersion");
    client = new Capabilities(params.path("capabilities"));
    revision = isRevision(wanted) ? wanted : LATEST;
    changes.listen(this);
    var result = Tree.object().put("protocolVersion", revision);
    var capabilities = result.putObject("capabilities");
    capabilities.putObject("tools").put("listChanged", true);
    capabilities.putObject("prompts").put("listChanged", true);
    capabilities.putObject("resources").put("listChanged", true).put("subscribe", true);
    capabilities.putObject("logging");
    capabilities.putObject("completions");
    if (hasTasks()) {
      capabilities.set("tasks", LegacyTasks.capability());
    }
    result.set("serverInfo", EverythingServer.info(name));
    return result.put("instructions", EverythingServer.INSTRUCTIONS);
  }

  private boolean hasTasks() {
    return revision.equals(LATEST);
  }

  private ObjectNode tools(JsonNode params) {
    return Catalog.page(params, "tools", catalog.tools().stream().map(this::definition).toList());
  }

  private ObjectNode definition(Tool tool) {
    var definition = tool.definition();
    if (hasTasks() && tool.taskSupport() != TaskSupport.FORBIDDEN) {
      definition.putObject("execution").put("taskSupport", tool.taskSupport().wireName());
    }
    return definition;
  }

  private ObjectNode call(JsonNode params, Outbox outbox) throws InterruptedException {
    Tool tool = catalog.tool(params);
    boolean asTask = hasTasks() && params.path("task").isObject();
    if (asTask && tool.taskSupport() == TaskSupport.FORBIDDEN) {
      throw Failure.methodNotFound("tools/call of " + tool.name() + " as a task");
    }
    if (hasTasks() && !asTask && tool.taskSupport() == TaskSupport.REQUIRED) {
      throw Failure.methodNotFound("tools/call of " + tool.name() + " without a task");
    }
    return asTask ? tasks.start(tool, params) : tool.run(new LegacyCall(this, params, outbox));
  }

  private ObjectNode subscribe(JsonNode params) {
    catalog.read(params, RESOURCE_NOT_FOUND);
    subscriptions.add(Catalog.text(params, "uri"));
    return Tree.object();
  }

  private ObjectNode unsubscribe(JsonNode params) {
    subscriptions.remove(Catalog.text(params, "uri"));
    return Tree.object();
  }

  private ObjectNode setLevel(JsonNode params) {
    int level = Envelope.LEVELS.indexOf(Catalog.text(params, "level"));
    if (level < 0) {
      throw Failure.invalidParams("Unknown log level: " + params.path("level"));
    }
    logLevel = level;
    return Tree.object();
  }

  private ObjectNode task(String method, JsonNode params, Outbox outbox)
      throws InterruptedException {
    if (!hasTasks()) {
      throw Failure.methodNotFound(method);
    }
    return tasks.answer(method, params, outbox);
  }

  @Override
  public void accept(Change change) {
    switch (change) {
      case ListChanged(String list) ->
          inform("notifications/" + list + "/list_changed", Tree.object());
      case ResourceUpdated(String uri) -> {
        if (subscriptions.contains(uri)) {
          inform("notifications/resources/updated", Tree.object().put("uri", uri));
        }
      }
      case TaskChanged(Task task) -> {
        if (tasks.owns(task)) {
          inform("notifications/tasks/status", LegacyTasks.show(task));
        }
      }
    }
  }

  private void inform(String method, ObjectNode params) {
    unrelated.send(Tree.notification(method, params));
  }

  /// Ends the session and all that runs in it.
  void close() {
    changes.leave(this);
    running.values().forEach(Thread::interrupt);
    tasks.close();
  }
}
