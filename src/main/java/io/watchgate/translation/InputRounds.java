package io.watchgate.translation;

import io.watchgate.flow.Client;
import io.watchgate.flow.Deadline;
import io.watchgate.flow.Session;
import io.watchgate.flow.Time;
import io.watchgate.jsonrpc.Field;
import io.watchgate.jsonrpc.Json;
import io.watchgate.jsonrpc.Request;
import io.watchgate.jsonrpc.RequestId;
import io.watchgate.jsonrpc.Response;
import io.watchgate.mcp.Method;
import io.watchgate.mcp.ProtocolVersion;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/// Gets from a client with a session what an `input_required` result wants of it.
final class InputRounds {
  private static final int MAX_INPUTS = 32;

  /// A server that wants nothing but to be asked again wants it later.
  private static final Duration PACE = Duration.ofMillis(250);

  private final Supplier<String> ids;
  private final Time time;

  /// @param ids makes ids for what the client is asked
  InputRounds(Supplier<String> ids, Time time) {
    this.ids = ids;
    this.time = time;
  }

  /// Input that the client does not give.
  static final class Unanswered extends Exception {
    Unanswered(String why) {
      super(why, null, false, false);
    }
  }

  /// The request with the client's answers and the server's state.
  ///
  /// @param deadline when the client must have answered
  Request retry(Request request, Json result, Client client, Deadline deadline)
      throws Unanswered, InterruptedException {
    var wanted = result.member("inputRequests").orElse(Json.EMPTY_OBJECT);
    var params =
        request
            .field(Field.PARAMS)
            .orElse(Json.EMPTY_OBJECT)
            .without(Set.of("inputResponses", "requestState"));
    var state = result.member("requestState");
    if (state.isPresent()) {
      params = params.plus("requestState", state.get());
    }
    if (wanted.members().isEmpty()) {
      time.pass(PACE);
    } else {
      params = params.plus("inputResponses", answers(wanted, client, deadline));
    }
    return Request.of(request.id(), request.method(), params);
  }

  /// What the client is asked, on a thread of its own.
  private record Question(CompletableFuture<Response> answer, Thread thread) {
    static Question of(Request request, Client client) {
      var answer = new CompletableFuture<Response>();
      var thread =
          Thread.ofVirtual()
              .unstarted(() -> {
                try {
                  answer.complete(client.ask(request, _ -> {}));
                } catch (InterruptedException | RuntimeException failure) {
                  // supervised edge: whoever waits must hear of it
                  answer.completeExceptionally(failure);
                }
              });
      return new Question(answer, thread);
    }
  }

  /// All at once, because the server waits for all.
  private Json answers(Json wanted, Client client, Deadline deadline)
      throws Unanswered, InterruptedException {
    if (wanted.members().size() > MAX_INPUTS) {
      throw new Unanswered("the server asks for more than " + MAX_INPUTS + " inputs at once");
    }
    Map<String, Question> asked = new LinkedHashMap<>();
    for (var input : wanted.members()) {
      var question = question(input.value(), client.session());
      asked.put(input.key(), Question.of(question, client));
    }
    asked.values().forEach(question -> question.thread.start());
    try {
      var answers = Json.EMPTY_OBJECT;
      for (var answer : asked.entrySet()) {
        answers = answers.plus(answer.getKey(), result(answer.getValue(), deadline));
      }
      return answers;
    } finally {
      asked.values().forEach(question -> question.thread.interrupt());
    }
  }

  private Json result(Question asked, Deadline deadline) throws Unanswered, InterruptedException {
    try {
      var response = time.get(asked.answer, deadline.remainingNanos());
      return response
          .result()
          .orElseThrow(() -> new Unanswered("the client refused: " + response.errorMessage()));
    } catch (TimeoutException _) {
      throw new Unanswered("the client did not answer in time");
    } catch (ExecutionException e) {
      throw new Unanswered("the client could not be asked: " + e.getCause());
    }
  }

  private Request question(Json input, Session session) throws Unanswered {
    var method = input.textMember("method").orElse("");
    var params = input.member("params").filter(Json::isObject).orElse(Json.EMPTY_OBJECT);
    var needed = Asked.capability(method, params);
    if (!Asked.isDeclared(needed, session.capabilities())) {
      throw new Unanswered("the client cannot be asked for " + method + link(params));
    }
    if (method.equals(Method.ELICIT) && Asked.isUrl(params)) {
      if (session.version().compareTo(ProtocolVersion.V2025_11_25) < 0) {
        throw new Unanswered("the client cannot show a page" + link(params));
      }
      params = params.set("elicitationId", Json.string(ids.get()));
    }
    return Request.of(RequestId.of(0), method, params);
  }

  private static String link(Json params) {
    return Optional.of(params)
        .filter(Asked::isUrl)
        .flatMap(p -> p.textMember("url"))
        .map(url -> "; open " + url + " yourself, and try again")
        .orElse("");
  }
}
