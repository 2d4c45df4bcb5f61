package io.watchgate.everything;

import io.watchgate.everything.Questions.Question;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// A call of a client with a session: what the tool wants to know is asked while it runs.
record LegacyCall(LegacySession session, JsonNode params, Outbox outbox) implements Call {

  @Override
  public Capabilities client() {
    return session.client();
  }

  /// Asks everything at once, then waits for the answers.
  @Override
  public Map<String, JsonNode> ask(Inputs inputs) throws InterruptedException {
    for (var input : inputs.byKey().values()) {
      if (!inputs.insistent() && !client().has(input.capability())) {
        throw new Trouble("The client does not support " + input.capability());
      }
    }
    var asked = new LinkedHashMap<String, Question>();
    inputs
        .byKey()
        .forEach((key, input) ->
            asked.put(key, session.questions().send(key, input, input.params(), outbox)));
    var answers = new LinkedHashMap<String, JsonNode>();
    for (var entry : asked.entrySet()) {
      answers.put(entry.getKey(), session.questions().await(entry.getValue()));
    }
    return answers;
  }

  @Override
  public void log(String level, String text) {
    if (session.wantsLog(level)) {
      var message = Tree.object().put("level", level).put("data", text);
      outbox.send(Tree.notification("notifications/message", message));
    }
  }

  @Override
  public Optional<JsonNode> progressToken() {
    return params.path("_meta").optional("progressToken");
  }

  @Override
  public void progress(int done, int total) {
    progressToken()
        .ifPresent(token -> {
          var progress = Tree.object().put("progress", done).put("total", total);
          progress.set("progressToken", token);
          outbox.send(Tree.notification("notifications/progress", progress));
        });
  }

  @Override
  public void reconnect() throws InterruptedException {
    if (outbox instanceof EventStream stream && session.polls()) {
      stream.cut();
    }
  }
}
