package io.watchgate.demo;

import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// One call of a tool: its arguments, and what it may tell the client while it runs.
///
/// @param params of the request `tools/call`
/// @param replies takes messages that travel before the result
/// @param cancelled opened when the client cancels the call
record ToolCall(
    DemoSession session, JsonNode params, Consumer<ObjectNode> replies, CountDownLatch cancelled) {

  /// @throws ToolFailure when the argument is missing, not text, or blank
  String text(String name) {
    JsonNode value = argument(name);
    if (!value.isString() || value.asString().isBlank()) {
      throw new ToolFailure("The argument `" + name + "` must be a text that is not empty.");
    }
    return value.asString();
  }

  String text(String name, String otherwise) {
    return argument(name).isMissingNode() ? otherwise : text(name);
  }

  /// @throws ToolFailure when the argument is no whole number from `least` to `most`
  int number(String name, int otherwise, int least, int most) {
    JsonNode value = argument(name);
    if (value.isMissingNode()) {
      return otherwise;
    }
    if (!value.isInt() || value.asInt() < least || value.asInt() > most) {
      String range = "a whole number from " + least + " to " + most;
      throw new ToolFailure("The argument `" + name + "` must be " + range + ", not " + value);
    }
    return value.asInt();
  }

  private JsonNode argument(String name) {
    return params.path("arguments").path(name);
  }

  /// Reports progress when the client asked for it with a token.
  void progress(int done, int total, String text) {
    JsonNode token = params.path("_meta").path("progressToken");
    if (!token.isMissingNode()) {
      ObjectNode progress = Json.object();
      progress.set("progressToken", token);
      progress.put("progress", done).put("total", total).put("message", text);
      replies.accept(Json.notification("notifications/progress", progress));
    }
  }

  /// Waits, in place of work that takes its time.
  ///
  /// @throws CancellationException when the client cancelled the call
  void pause(Duration time) throws InterruptedException {
    if (cancelled.await(time.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new CancellationException("the client cancelled the call");
    }
  }
}
