package io.watchgate.everything;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// One round of a stateless call. An input that the client has not brought along ends the round.
final class ModernCall implements Call {
  private final String method;
  private final JsonNode params;
  private final Envelope envelope;
  private final Outbox outbox;
  private final RequestState states;
  private final JsonNode responses;
  private final Set<String> asked;
  private final ObjectNode settled;
  private final Optional<Integer> logLevel;

  ModernCall(JsonNode request, Envelope envelope, Outbox outbox, RequestState states) {
    this.method = request.path("method").asString();
    this.params = request.path("params");
    this.envelope = envelope;
    this.outbox = outbox;
    this.states = states;
    this.logLevel = envelope.logLevel();
    this.responses = params.has("inputResponses") ? params.path("inputResponses") : Tree.object();
    if (!responses.isObject()) {
      throw Failure.invalidParams("inputResponses is no object");
    }
    var state =
        params.has("requestState")
            ? states.read(params.path("requestState"), method, params)
            : new RequestState.Content(Set.of(), Tree.object());
    this.asked = state.asked();
    this.settled = state.answers();
  }

  @Override
  public JsonNode params() {
    return params;
  }

  @Override
  public Capabilities client() {
    return envelope.client();
  }

  @Override
  public Map<String, JsonNode> ask(Inputs inputs) {
    client().require(inputs.byKey());
    var answers = new LinkedHashMap<String, JsonNode>();
    var open = new LinkedHashMap<String, Input>();
    inputs
        .byKey()
        .forEach((key, input) -> {
          var answer = answer(key, inputs.guarded());
          if (answer.isPresent()) {
            input.check(key, answer.get());
            answers.put(key, answer.get());
          } else {
            open.put(key, input);
          }
        });
    if (open.isEmpty()) {
      answers.forEach(settled::set);
      return answers;
    }
    if (inputs.guarded()) {
      answers.forEach(settled::set);
      throw new InputNeeded(question(open, true));
    }
    throw new InputNeeded(question(inputs.byKey(), !settled.isEmpty()));
  }

  /// An answer of an earlier round, or of this one; to guarded inputs only if they were asked.
  private Optional<JsonNode> answer(String key, boolean guarded) {
    if (settled.has(key)) {
      return settled.optional(key);
    }
    return guarded && !asked.contains(key) ? Optional.empty() : responses.optional(key);
  }

  private ObjectNode question(Map<String, Input> inputs, boolean withState) {
    var result = Tree.object().put("resultType", "input_required");
    var requests = result.putObject("inputRequests");
    inputs.forEach((key, input) -> requests.set(key, input.request()));
    if (withState) {
      var content = new RequestState.Content(inputs.keySet(), settled);
      result.put("requestState", states.write(content, method, params));
    }
    return result;
  }

  @Override
  public void log(String level, String text) {
    if (logLevel.isPresent() && Envelope.LEVELS.indexOf(level) >= logLevel.get()) {
      var message = Tree.object().put("level", level).put("data", text);
      outbox.send(Tree.notification("notifications/message", message));
    }
  }

  @Override
  public Optional<JsonNode> progressToken() {
    return envelope.progressToken();
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

  /// A stateless client cannot come back to a stream.
  @Override
  public void reconnect() {}
}
