package io.watchgate.demo;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// One client's conversation with a [DemoServer], whatever transport carries it: messages come in
/// by [#receive], and go out through the consumers it was given. Any thread may use it.
///
/// It speaks the revisions of MCP that begin with `initialize`. Batches, which only 2025-03-26 has,
/// are refused.
final class DemoSession {
  private static final List<String> REVISIONS =
      List.of("2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05");

  /// Beyond this a client is not using the demo but leaking.
  private static final int MAX_SUBSCRIPTIONS = 1000;

  private final DemoServer server;
  private final Consumer<ObjectNode> news;
  private final Map<JsonNode, CountDownLatch> running = new ConcurrentHashMap<>();
  private final Set<String> subscriptions = ConcurrentHashMap.newKeySet();

  /// @param news takes notifications that belong to no request
  DemoSession(DemoServer server, Consumer<ObjectNode> news) {
    this.server = server;
    this.news = news;
  }

  /// Takes one message. A request is noted before this returns and served by `executor`, so that a
  /// cancellation read after it always finds it.
  ///
  /// @param replies takes the answer, and the notifications that come before it
  void receive(JsonNode message, Consumer<ObjectNode> replies, Executor executor) {
    if (!message.isObject()) {
      String text = "Invalid request: a message is one JSON object";
      replies.accept(Json.error(message.path("id"), ProtocolError.INVALID_REQUEST, text));
    } else if (isRequest(message)) {
      var cancelled = new CountDownLatch(1);
      running.put(message.path("id"), cancelled);
      executor.execute(() -> serve(message, replies, cancelled));
    } else if (message.path("method").asString("").equals("notifications/cancelled")) {
      cancel(message.path("params").path("requestId"));
    }
    // Other notifications need no action, and answers cannot come: this server asks nothing.
  }

  static boolean isRequest(JsonNode message) {
    return message.has("method") && message.has("id");
  }

  private void cancel(JsonNode id) {
    CountDownLatch cancelled = running.get(id);
    if (cancelled != null) {
      cancelled.countDown();
    }
  }

  private void serve(JsonNode request, Consumer<ObjectNode> replies, CountDownLatch cancelled) {
    JsonNode id = request.path("id");
    try {
      replies.accept(Json.result(id, answer(request, replies, cancelled)));
    } catch (ProtocolError e) {
      replies.accept(Json.error(id, e.code(), e.text()));
    } catch (CancellationException e) {
      // MCP wants no answer to a request that was cancelled.
      return;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      running.remove(id, cancelled);
    }
  }

  private ObjectNode answer(
      JsonNode request, Consumer<ObjectNode> replies, CountDownLatch cancelled)
      throws InterruptedException {
    JsonNode params = request.path("params");
    String method = request.path("method").asString("");
    return switch (method) {
      case "initialize" -> initialize(text(params, "protocolVersion"));
      case "ping" -> Json.object();
      case "tools/list" -> server.toolList();
      case "tools/call" -> call(new ToolCall(this, params, replies, cancelled));
      case "resources/list" -> server.resourceList();
      case "resources/templates/list" -> server.templateList();
      case "resources/read" -> server.read(text(params, "uri"));
      case "resources/subscribe" -> subscribe(text(params, "uri"));
      case "resources/unsubscribe" -> unsubscribe(text(params, "uri"));
      case "prompts/list" -> server.promptList();
      case "prompts/get" -> server.prompt(text(params, "name"), params.path("arguments"));
      default ->
          throw new ProtocolError(ProtocolError.METHOD_NOT_FOUND, "Method not found: " + method);
    };
  }

  private static String text(JsonNode params, String name) {
    JsonNode value = params.path(name);
    if (!value.isString()) {
      throw new ProtocolError(
          ProtocolError.INVALID_PARAMS, "params." + name + " must be a string, not " + value);
    }
    return value.asString();
  }

  private ObjectNode initialize(String wanted) {
    String revision = REVISIONS.contains(wanted) ? wanted : REVISIONS.getFirst();
    ObjectNode result = Json.object().put("protocolVersion", revision);
    ObjectNode capabilities = result.putObject("capabilities");
    capabilities.putObject("tools");
    boolean changing = server.resources().changing();
    capabilities.putObject("resources").put("subscribe", changing).put("listChanged", changing);
    capabilities.putObject("prompts");
    result.putObject("serverInfo").put("name", server.name()).put("version", "1.0.0");
    return result.put("instructions", server.instructions());
  }

  /// The result holds the structured content once more as text, for clients that know only text.
  private ObjectNode call(ToolCall call) throws InterruptedException {
    Tool tool = server.tool(text(call.params(), "name"));
    try {
      ObjectNode structured = tool.body().run(call);
      ObjectNode result = textResult(Json.write(structured));
      result.set("structuredContent", structured);
      return result;
    } catch (ToolFailure e) {
      return textResult(e.text()).put("isError", true);
    }
  }

  private static ObjectNode textResult(String text) {
    ObjectNode result = Json.object();
    result.putArray("content").addObject().put("type", "text").put("text", text);
    return result;
  }

  private ObjectNode subscribe(String uri) {
    checkChanging();
    server.resources().find(uri);
    if (subscriptions.size() >= MAX_SUBSCRIPTIONS) {
      String text = "this session has " + MAX_SUBSCRIPTIONS + " subscriptions, the most it may";
      throw new ProtocolError(ProtocolError.INVALID_PARAMS, text);
    }
    subscriptions.add(uri);
    return Json.object();
  }

  private ObjectNode unsubscribe(String uri) {
    checkChanging();
    subscriptions.remove(uri);
    return Json.object();
  }

  private void checkChanging() {
    if (!server.resources().changing()) {
      String text = "No subscriptions here: the resources of " + server.name() + " never change";
      throw new ProtocolError(ProtocolError.METHOD_NOT_FOUND, text);
    }
  }

  /// Tells the client that a resource changed, when it subscribed to that.
  void resourceChanged(String uri) {
    if (subscriptions.contains(uri)) {
      ObjectNode params = Json.object().put("uri", uri);
      news.accept(Json.notification("notifications/resources/updated", params));
    }
  }

  /// Tells the client that resources came or went.
  void resourceListChanged() {
    news.accept(Json.notification("notifications/resources/list_changed", Json.object()));
  }

  /// Cancels whatever still runs.
  void close() {
    running.values().forEach(CountDownLatch::countDown);
  }
}
