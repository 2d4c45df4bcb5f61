package io.watchgate.everything;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Requests of the server to a client with a session. Their ids say what they are about, and are
/// used once in a session.
final class Questions {
  private static final int PATIENCE_MINUTES = 10;

  private final Map<String, CompletableFuture<JsonNode>> open = new ConcurrentHashMap<>();
  private final Map<String, AtomicInteger> used = new ConcurrentHashMap<>();

  /// A request that waits for its answer.
  record Question(String id, String method, CompletableFuture<JsonNode> answer, Outbox outbox) {}

  Question send(String about, Input input, ObjectNode params, Outbox outbox) {
    var id = newId(about);
    var question = new Question(id, input.method(), new CompletableFuture<>(), outbox);
    open.put(id, question.answer());
    var message = Tree.object().put("jsonrpc", "2.0").put("id", id).put("method", input.method());
    message.set("params", params);
    outbox.send(message);
    return question;
  }

  private String newId(String about) {
    int uses = used.computeIfAbsent(about, _ -> new AtomicInteger()).incrementAndGet();
    return uses == 1 ? about : about + "-" + uses;
  }

  /// Waits for the client's result. If the call is cancelled, so is the question.
  JsonNode await(Question question) throws InterruptedException {
    try {
      return result(question, question.answer().get(PATIENCE_MINUTES, TimeUnit.MINUTES));
    } catch (InterruptedException e) {
      var params = Tree.object().put("requestId", question.id());
      question.outbox().send(Tree.notification("notifications/cancelled", params));
      throw e;
    } catch (ExecutionException | TimeoutException e) {
      throw new Trouble("The client did not answer " + question.method());
    } finally {
      open.remove(question.id());
    }
  }

  private static JsonNode result(Question question, JsonNode response) {
    JsonNode error = response.path("error");
    if (error.isObject()) {
      throw new Trouble(
          "The client refused %s: %s (%s)"
              .formatted(
                  question.method(),
                  error.path("message").asString(""),
                  error.path("code").asInt(0)));
    }
    return response.path("result");
  }

  /// Takes a response of the client; one to nothing is ignored.
  void take(JsonNode response) {
    var waiting = open.get(response.path("id").asString(""));
    if (waiting != null) {
      waiting.complete(response);
    }
  }
}
