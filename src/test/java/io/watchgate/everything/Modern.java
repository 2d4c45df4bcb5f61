package io.watchgate.everything;

import java.time.InstantSource;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The stateless server of revision 2026-07-28, over any transport.
final class Modern {
  private static final Set<String> METHODS =
      Set.of(
          "server/discover",
          "tools/list",
          "tools/call",
          "resources/list",
          "resources/templates/list",
          "resources/read",
          "prompts/list",
          "prompts/get",
          "completion/complete",
          "subscriptions/listen",
          "tasks/get",
          "tasks/update",
          "tasks/cancel");
  private static final Set<String> CACHEABLE =
      Set.of(
          "server/discover",
          "tools/list",
          "resources/list",
          "resources/templates/list",
          "resources/read",
          "prompts/list");

  private final String name;
  private final Catalog catalog;
  private final Changes changes;
  private final ModernTasks tasks;
  private final RequestState states;
  private final CountDownLatch closed = new CountDownLatch(1);

  Modern(String name, Catalog catalog, Changes changes, InstantSource clock) {
    this.name = name;
    this.catalog = catalog;
    this.changes = changes;
    this.tasks = new ModernTasks(new Tasks(changes, clock));
    this.states = new RequestState(clock);
  }

  Catalog catalog() {
    return catalog;
  }

  static void checkMethod(String method) {
    if (!METHODS.contains(method)) {
      throw Failure.methodNotFound(method);
    }
  }

  /// Ends all subscriptions with a result.
  void close() {
    closed.countDown();
  }

  /// Answers a request. Notifications on the way go to the outbox, the answer is returned.
  ///
  /// @throws Failure as the other answer
  ObjectNode answer(JsonNode request, Envelope envelope, Outbox outbox)
      throws InterruptedException {
    String method = request.path("method").asString();
    checkMethod(method);
    ObjectNode result;
    try {
      result = result(request, method, envelope, outbox);
    } catch (InputNeeded needed) {
      result = needed.result();
    }
    if (!result.has("resultType")) {
      result.put("resultType", "complete");
    }
    if (CACHEABLE.contains(method) && result.path("resultType").asString().equals("complete")) {
      result.put("ttlMs", 0).put("cacheScope", "private");
    }
    result
        .withObjectProperty("_meta")
        .set("io.modelcontextprotocol/serverInfo", EverythingServer.info(name));
    return Tree.response(request.path("id"), result);
  }

  private ObjectNode result(JsonNode request, String method, Envelope envelope, Outbox outbox)
      throws InterruptedException {
    JsonNode params = request.path("params");
    return switch (method) {
      case "server/discover" -> discover();
      case "tools/list" ->
          Catalog.page(params, "tools", catalog.tools().stream().map(Tool::definition).toList());
      case "tools/call" -> call(request, envelope, outbox);
      case "resources/list" -> catalog.resourceList(params);
      case "resources/templates/list" -> catalog.templateList(params);
      case "resources/read" -> catalog.read(params, Failure.INVALID_PARAMS);
      case "prompts/list" -> catalog.promptList(params);
      case "prompts/get" ->
          catalog.prompt(params).run(new ModernCall(request, envelope, outbox, states));
      case "completion/complete" -> catalog.complete(params);
      case "subscriptions/listen" -> listen(request, envelope, outbox);
      default -> task(method, params, envelope);
    };
  }

  private static ObjectNode discover() {
    var result = Tree.object();
    result.putArray("supportedVersions").add(Envelope.REVISION);
    var capabilities = result.putObject("capabilities");
    capabilities.putObject("tools").put("listChanged", true);
    capabilities.putObject("prompts").put("listChanged", true);
    capabilities.putObject("resources").put("listChanged", true).put("subscribe", true);
    capabilities.putObject("completions");
    capabilities.putObject("logging");
    capabilities.putObject("extensions").putObject(Capabilities.TASKS);
    return result.put("instructions", EverythingServer.INSTRUCTIONS);
  }

  private ObjectNode call(JsonNode request, Envelope envelope, Outbox outbox)
      throws InterruptedException {
    JsonNode params = request.path("params");
    Tool tool = catalog.tool(params);
    var call = new ModernCall(request, envelope, outbox, states);
    if (tool.taskSupport() == Tool.TaskSupport.REQUIRED) {
      envelope.client().requireTasks();
    }
    if (tool.taskSupport() == Tool.TaskSupport.FORBIDDEN || !envelope.client().hasTasks()) {
      return tool.run(call);
    }
    Map<String, JsonNode> known = call.ask(tool.upfront());
    return tasks.start(tool, params, envelope.client(), known);
  }

  private ObjectNode listen(JsonNode request, Envelope envelope, Outbox outbox)
      throws InterruptedException {
    JsonNode wanted = request.path("params").path("notifications");
    if (!wanted.isObject()) {
      throw Failure.invalidParams("notifications is no object");
    }
    var subscription =
        new Subscription(request.path("id"), wanted, envelope.client().hasTasks(), outbox);
    subscription.open(changes);
    try {
      closed.await();
    } finally {
      changes.leave(subscription);
    }
    return subscription.end();
  }

  private ObjectNode task(String method, JsonNode params, Envelope envelope) {
    envelope.client().requireTasks();
    return switch (method) {
      case "tasks/get" -> tasks.get(params);
      case "tasks/update" -> tasks.update(params);
      case "tasks/cancel" -> tasks.cancel(params);
      default -> throw Failure.methodNotFound(method);
    };
  }
}
