package io.watchgate.everything;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;

/// A call of a tool or a prompt, as the tool or prompt sees it, whatever the revision.
interface Call {
  JsonNode params();

  Capabilities client();

  /// Asks the client. Where there is no way to wait for it the call ends here with [InputNeeded],
  /// and the next one brings the answers.
  Map<String, JsonNode> ask(Inputs inputs) throws InterruptedException;

  void log(String level, String text);

  Optional<JsonNode> progressToken();

  /// Tells progress, if the client wants to know.
  void progress(int done, int total);

  /// Closes the connection that waits for this call, where the client can come back for the answer,
  /// and waits for it to do so.
  void reconnect() throws InterruptedException;

  /// The text argument of this name.
  default String argument(String name) {
    JsonNode value = params().path("arguments").path(name);
    if (!value.isString()) {
      throw new Trouble("The argument " + name + " is missing or no text");
    }
    return value.asString();
  }

  /// Asks for one thing.
  default JsonNode ask(String key, Input input) throws InterruptedException {
    return answer(ask(Inputs.of(key, input)), key);
  }

  static JsonNode answer(Map<String, JsonNode> answers, String key) {
    JsonNode answer = answers.get(key);
    if (answer == null) {
      throw new IllegalStateException("nothing was asked as " + key + " but " + answers.keySet());
    }
    return answer;
  }

  /// Waits, unless the call is cancelled.
  static void pause(long millis) throws InterruptedException {
    var never = new CountDownLatch(1);
    if (never.await(millis, TimeUnit.MILLISECONDS)) {
      throw new IllegalStateException("nobody counts this down");
    }
  }
}
