package io.watchgate.everything;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// A call that runs as a task. It has no stream, so it says nothing on its way.
///
/// @param known what the client answered before the task began
record TaskCall(JsonNode params, Capabilities client, Map<String, JsonNode> known, Task task)
    implements Call {

  @Override
  public Map<String, JsonNode> ask(Inputs inputs) throws InterruptedException {
    var answers = new LinkedHashMap<String, JsonNode>();
    var open = new LinkedHashMap<String, Input>();
    inputs
        .byKey()
        .forEach((key, input) -> {
          JsonNode answer = known.get(key);
          if (answer == null) {
            open.put(key, input);
          } else {
            answers.put(key, answer);
          }
        });
    if (!open.isEmpty()) {
      client.require(open);
      answers.putAll(task.ask(open));
    }
    return answers;
  }

  @Override
  public void log(String level, String text) {}

  @Override
  public Optional<JsonNode> progressToken() {
    return Optional.empty();
  }

  @Override
  public void progress(int done, int total) {}

  @Override
  public void reconnect() {}
}
