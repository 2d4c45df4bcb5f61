package io.watchgate.testkit;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// One client's session with the fixture: it reads messages, answers requests and asks the client.
final class FixtureSession {
  private static final List<String> LEVELS =
      List.of("debug", "info", "notice", "warning", "error", "critical", "alert", "emergency");

  private final FixtureHost host;
  private final String id;
  private final Outbox unrelated;
  private final FixtureCatalog catalog;
  private final Map<JsonNode, CountDownLatch> running = new ConcurrentHashMap<>();
  private final Map<Integer, CompletableFuture<JsonNode>> asked = new ConcurrentHashMap<>();
  private final Set<String> subscriptions = ConcurrentHashMap.newKeySet();
  private final List<JsonNode> cancelled = new CopyOnWriteArrayList<>();
  private final List<JsonNode> reasons = new CopyOnWriteArrayList<>();
  private final AtomicInteger calls = new AtomicInteger();
  private final AtomicInteger nextId = new AtomicInteger();
  private final AtomicBoolean initialized = new AtomicBoolean();
  private volatile JsonNode clientCapabilities = FixtureJson.object();
  private volatile long readyNanos;
  private volatile String level = "debug";

  /// @param unrelated takes the messages that belong to no request of the client
  FixtureSession(FixtureHost host, String id, Outbox unrelated) {
    this.host = host;
    this.id = id;
    this.unrelated = unrelated;
    this.catalog = new FixtureCatalog(host);
    host.add(this);
  }

  /// Takes one message. Everything but the work for a request is done before this returns, so that
  /// a cancellation always finds the request that was read before it.
  void receive(String raw, Outbox outbox, Executor executor) {
    JsonNode message;
    try {
      message = FixtureJson.read(raw);
    } catch (JacksonException e) {
      outbox.answer(nobody(-32700, "Parse error: " + e.getOriginalMessage()));
      return;
    }
    if (!message.isObject()) {
      outbox.answer(nobody(-32600, "Invalid Request: one object a message, please"));
    } else if (!message.has("method")) {
      answered(message);
    } else if (message.has("id")) {
      var request = new FixtureRequest(this, raw, message, outbox, new CountDownLatch(1));
      running.put(request.id(), request.stopped());
      executor.execute(() -> serve(request));
    } else {
      notified(message);
    }
  }

  private static String nobody(int code, String text) {
    var answer = FixtureJson.object().put("jsonrpc", "2.0").putNull("id");
    answer.putObject("error").put("code", code).put("message", text);
    return FixtureJson.write(answer);
  }

  private void answered(JsonNode message) {
    CompletableFuture<JsonNode> waiting = asked.remove(message.path("id").asInt(-1));
    if (waiting != null) {
      waiting.complete(message);
    }
  }

  private void notified(JsonNode message) {
    if (message.path("method").asString("").equals("notifications/cancelled")) {
      JsonNode request = message.path("params").path("requestId");
      cancelled.add(request);
      reasons.add(message.path("params").path("reason"));
      CountDownLatch stopped = running.get(request);
      if (stopped != null) {
        stopped.countDown();
      }
    }
  }

  private void serve(FixtureRequest request) {
    try {
      dispatch(request);
    } catch (FixtureError e) {
      request.fail(e.code(), e.text());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      running.remove(request.id(), request.stopped());
    }
  }

  private void dispatch(FixtureRequest request) throws InterruptedException {
    String method = request.method();
    if (initialized.compareAndSet(false, true)
        && host.options().has("exit-on-probe")
        && !method.equals("initialize")) {
      host.die(1);
    }
    if (isOmitted(method)) {
      throw new FixtureError(-32601, "Method not found: " + method);
    }
    switch (method) {
      case "initialize" -> initialize(request);
      case "ping" -> request.answer(FixtureJson.object());
      case "tools/list" -> request.answer(catalog.tools(request));
      case "tools/call" -> call(request);
      case "resources/subscribe" -> subscribe(request);
      case "resources/unsubscribe" -> unsubscribe(request);
      case "logging/setLevel" -> setLevel(request);
      default -> request.answer(catalog.answer(request));
    }
  }

  private boolean isOmitted(String method) {
    String family = method.substring(0, Math.max(0, method.indexOf('/')));
    return host.options().has("no-" + family);
  }

  private void initialize(FixtureRequest request) throws InterruptedException {
    if (host.options().has("mute")) {
      request.stopped().await();
      return;
    }
    if (!request.pause(host.options().number("startup-delay", 0) + delay("slow") + delay("late"))) {
      return;
    }
    readyNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(delay("late"));
    clientCapabilities = request.params().path("capabilities");
    var result = FixtureJson.object();
    result.put("protocolVersion", host.options().protocol(request.required("protocolVersion")));
    result.set("capabilities", capabilities());
    result
        .putObject("serverInfo")
        .put("name", host.options().name())
        .put("title", "Fixture " + host.options().name())
        .put("version", "1.0.0");
    result.put("instructions", "A fixture for tests.");
    request.answer(result);
  }

  private int delay(String option) {
    return ThreadLocalRandom.current().nextInt(host.options().number(option, 0) + 1);
  }

  /// Whether the session takes anything but the handshake.
  boolean isReady() {
    return readyNanos != 0 && readyNanos - System.nanoTime() <= 0;
  }

  private ObjectNode capabilities() {
    var capabilities = FixtureJson.object();
    if (!host.options().has("no-tools")) {
      capabilities.putObject("tools").put("listChanged", true);
    }
    if (!host.options().has("no-resources")) {
      capabilities.putObject("resources").put("subscribe", true).put("listChanged", true);
    }
    if (!host.options().has("no-prompts")) {
      capabilities.putObject("prompts").put("listChanged", true);
    }
    capabilities.putObject("logging");
    capabilities.putObject("completions");
    return capabilities;
  }

  private void call(FixtureRequest request) throws InterruptedException {
    FixtureTool tool = host.tool(request.required("name"));
    calls.incrementAndGet();
    tool.body().run(request);
  }

  private void subscribe(FixtureRequest request) {
    String uri = request.required("uri");
    catalog.checkResource(uri);
    subscriptions.add(uri);
    request.answer(FixtureJson.object());
  }

  private void unsubscribe(FixtureRequest request) {
    subscriptions.remove(request.required("uri"));
    request.answer(FixtureJson.object());
  }

  private void setLevel(FixtureRequest request) {
    String wanted = request.required("level");
    if (!LEVELS.contains(wanted)) {
      throw FixtureError.invalidParams("Unknown log level: " + wanted);
    }
    level = wanted;
    request.answer(FixtureJson.object());
  }

  /// Asks the client on the stream of `request` and waits at most 30 s for its answer.
  ///
  /// @return the whole answer of the client, a result or an error
  JsonNode ask(FixtureRequest request, String method, ObjectNode params)
      throws InterruptedException {
    return ask(request, method, FixtureJson.write(params));
  }

  /// Asks with `params` as they are spelled.
  JsonNode ask(FixtureRequest request, String method, String params) throws InterruptedException {
    int number = nextId.getAndIncrement();
    var answer = new CompletableFuture<JsonNode>();
    asked.put(number, answer);
    request.outbox().send(question(number, method, params));
    try {
      return answer.get(30, TimeUnit.SECONDS);
    } catch (TimeoutException | ExecutionException e) {
      throw new FixtureError(-32603, "the client did not answer " + method + ": " + e);
    } finally {
      asked.remove(number);
    }
  }

  private static String question(int number, String method, String params) {
    return "{\"jsonrpc\":\"2.0\",\"id\":%d,\"method\":\"%s\",\"params\":%s}"
        .formatted(number, method, params);
  }

  /// Asks the client and cancels that after a while.
  void askAndTakeBack(FixtureRequest request, String method) throws InterruptedException {
    int number = nextId.getAndIncrement();
    request.outbox().send(question(number, method, "{}"));
    if (request.pause(request.number("ms", 0))) {
      request.inform("notifications/cancelled", FixtureJson.object().put("requestId", number));
    }
  }

  /// Sends a notification that belongs to no request.
  void inform(String method, ObjectNode params) {
    unrelated.send(FixtureJson.write(FixtureJson.notification(method, params)));
  }

  boolean logs(String wanted) {
    return LEVELS.indexOf(wanted) >= LEVELS.indexOf(level);
  }

  boolean isSubscribed(String uri) {
    return subscriptions.contains(uri);
  }

  boolean clientHas(String capability) {
    return clientCapabilities.has(capability);
  }

  List<JsonNode> cancelled() {
    return cancelled;
  }

  List<JsonNode> reasons() {
    return reasons;
  }

  int calls() {
    return calls.get();
  }

  String id() {
    return id;
  }

  FixtureHost host() {
    return host;
  }

  /// Stops everything that still runs; nothing of it answers.
  void close() {
    running.values().forEach(CountDownLatch::countDown);
    asked.values().forEach(waiting -> waiting.cancel(false));
  }
}
