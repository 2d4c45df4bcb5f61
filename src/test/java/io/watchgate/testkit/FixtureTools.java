package io.watchgate.testkit;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Semaphore;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The tools of the fixture that keep to the protocol.
final class FixtureTools {
  private static final Semaphore ALONE = new Semaphore(1, true);

  private FixtureTools() {}

  static List<FixtureTool> all() {
    return List.of(
        echo(),
        FixtureTool.of("raw", "Returns the request as it arrived", FixtureTools::raw),
        FixtureTool.of(
            "sleep",
            "Answers later, of those that are alone one after the other",
            FixtureTools::sleep,
            "ms",
            "integer",
            "text",
            "string?",
            "alone",
            "boolean?"),
        FixtureTool.of(
            "progress",
            "Reports steps on the caller's token",
            FixtureTools::progress,
            "steps",
            "integer",
            "delay_ms",
            "integer?"),
        FixtureTool.of(
            "log", "Sends a log message", FixtureTools::log, "level", "string", "text", "string"),
        FixtureTool.of("fail", "Returns a result that is an error", FixtureTools::fail),
        FixtureTool.of(
            "error",
            "Answers with a JSON-RPC error",
            FixtureTools::error,
            "code",
            "integer",
            "message",
            "string"),
        FixtureTool.of("cancelled", "Lists the request ids cancelled", FixtureTools::cancelled),
        FixtureTool.of("count", "Counts this session's calls", FixtureTools::count),
        FixtureTool.of("env", "Names its environment and directory", FixtureTools::env),
        FixtureTool.of("stderr", "Writes a line to stderr", FixtureTools::stderr, "text", "string"),
        FixtureTool.of(
            "sample",
            "Asks the client's model",
            FixtureTools::sample,
            "prompt",
            "string",
            "force",
            "boolean?"),
        FixtureTool.of(
            "elicit",
            "Asks the client's user",
            FixtureTools::elicit,
            "message",
            "string",
            "force",
            "boolean?"),
        FixtureTool.of(
            "roots", "Asks for the client's roots", FixtureTools::roots, "force", "boolean?"),
        FixtureTool.of("ping_me", "Pings the client", FixtureTools::pingMe),
        FixtureTool.of("add_tool", "Adds a tool", FixtureTools::addTool, "name", "string"),
        FixtureTool.of(
            "update_resource", "Tells subscribers", FixtureTools::updateResource, "uri", "string"));
  }

  /// The one tool with everything a definition can carry.
  private static FixtureTool echo() {
    var tool = FixtureTool.of("echo", "Returns what it got", FixtureTools::echo, "text", "string");
    ObjectNode definition = tool.definition().put("title", "Echo");
    definition.set("outputSchema", FixtureJson.schema("server", "string", "text", "string"));
    definition.putObject("annotations").put("readOnlyHint", true).put("idempotentHint", true);
    definition.putObject("_meta").put("example.com/kept", "as it is");
    return tool;
  }

  private static void echo(FixtureRequest call) {
    String text = call.argument("text", "");
    ObjectNode result = FixtureJson.text(text);
    ObjectNode content = result.putObject("structuredContent");
    content.put("server", call.session().host().options().name()).put("text", text);
    content.set("arguments", present(call.arguments()));
    content.set("meta", present(call.meta()));
    call.answer(result);
  }

  private static JsonNode present(JsonNode node) {
    return node.isMissingNode() ? FixtureJson.object() : node;
  }

  private static void raw(FixtureRequest call) {
    call.answer(FixtureJson.text(call.raw()));
  }

  private static void sleep(FixtureRequest call) throws InterruptedException {
    boolean isAlone = call.argument("alone", "false").equals("true");
    if (isAlone) {
      ALONE.acquire();
    }
    try {
      if (call.pause(call.number("ms", 0))) {
        call.answer(FixtureJson.text(call.argument("text", "")));
      }
    } finally {
      ALONE.release(isAlone ? 1 : 0);
    }
  }

  private static void progress(FixtureRequest call) throws InterruptedException {
    int steps = call.number("steps", 1);
    JsonNode token = call.meta().path("progressToken");
    for (int step = 1; step <= steps; step++) {
      if (!call.pause(call.number("delay_ms", 0))) {
        return;
      }
      if (!token.isMissingNode()) {
        var params = FixtureJson.object();
        params.set("progressToken", token);
        params.put("progress", step).put("total", steps).put("message", "step " + step);
        call.inform("notifications/progress", params);
      }
    }
    call.answer(FixtureJson.text(steps + " steps"));
  }

  private static void log(FixtureRequest call) {
    String level = call.argument("level", "info");
    boolean sent = call.session().logs(level);
    if (sent) {
      var params = FixtureJson.object().put("level", level).put("logger", "fixture");
      call.inform("notifications/message", params.put("data", call.argument("text", "")));
    }
    call.answer(FixtureJson.text(sent ? "logged" : "below the level"));
  }

  private static void fail(FixtureRequest call) {
    call.answer(FixtureJson.text("this tool always fails").put("isError", true));
  }

  private static void error(FixtureRequest call) {
    throw new FixtureError(call.number("code", -32603), call.argument("message", "an error"));
  }

  private static void cancelled(FixtureRequest call) {
    var content = FixtureJson.object();
    content.putArray("ids").addAll(call.session().cancelled());
    content.putArray("reasons").addAll(call.session().reasons());
    call.answer(FixtureJson.structured(content));
  }

  private static void count(FixtureRequest call) {
    FixtureSession session = call.session();
    var content = FixtureJson.object().put("calls", session.calls()).put("session", session.id());
    call.answer(FixtureJson.structured(content.put("pid", ProcessHandle.current().pid())));
  }

  private static void env(FixtureRequest call) {
    var content = FixtureJson.object();
    var names = content.putArray("names");
    System.getenv().keySet().stream().sorted().forEach(names::add);
    content.put("directory", Path.of("").toAbsolutePath().toString());
    call.answer(FixtureJson.structured(content));
  }

  private static void stderr(FixtureRequest call) {
    System.err.println(call.argument("text", ""));
    call.answer(FixtureJson.text("written"));
  }

  private static void sample(FixtureRequest call) throws InterruptedException {
    var params = FixtureJson.object();
    var message = params.putArray("messages").addObject().put("role", "user");
    message.putObject("content").put("type", "text").put("text", call.argument("prompt", ""));
    ask(call, "sampling", "sampling/createMessage", params.put("maxTokens", 100));
  }

  private static void elicit(FixtureRequest call) throws InterruptedException {
    var params = FixtureJson.object().put("message", call.argument("message", ""));
    params.set("requestedSchema", FixtureJson.schema("response", "string"));
    ask(call, "elicitation", "elicitation/create", params);
  }

  private static void roots(FixtureRequest call) throws InterruptedException {
    ask(call, "roots", "roots/list", FixtureJson.object());
  }

  /// Asks the client and answers with what it said. A client that did not declare the capability is
  /// asked only by `force`.
  private static void ask(FixtureRequest call, String capability, String method, ObjectNode params)
      throws InterruptedException {
    boolean forced = call.arguments().path("force").asBoolean(false);
    if (!forced && !call.session().clientHas(capability)) {
      String text = "the client did not declare the capability " + capability;
      call.answer(FixtureJson.text(text).put("isError", true));
      return;
    }
    answerWith(call, call.session().ask(call, method, params));
  }

  private static void answerWith(FixtureRequest call, JsonNode said) {
    var content = FixtureJson.object();
    String key = said.has("error") ? "error" : "result";
    content.set(key, said.path(key));
    call.answer(FixtureJson.structured(content).put("isError", said.has("error")));
  }

  private static void pingMe(FixtureRequest call) throws InterruptedException {
    answerWith(call, call.session().ask(call, "ping", FixtureJson.object()));
  }

  private static void addTool(FixtureRequest call) {
    call.session().host().addTool(call.argument("name", "added"));
    call.answer(FixtureJson.text("added"));
  }

  private static void updateResource(FixtureRequest call) {
    call.session().host().updated(call.argument("uri", ""));
    call.answer(FixtureJson.text("updated"));
  }
}
