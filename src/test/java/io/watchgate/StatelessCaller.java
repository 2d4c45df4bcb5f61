package io.watchgate;

import io.watchgate.jsonrpc.Json;
import io.watchgate.jsonrpc.Response;
import io.watchgate.testkit.TestClient;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;

/// A client without a session: each of its requests makes a claim.
///
/// @param lines carries them
/// @param capabilities what the client can be asked for
/// @param meta more members of `_meta`, each with a comma in front
record StatelessCaller(TestClient lines, String capabilities, String meta) {
  static final String EVERYTHING = "{\"elicitation\":{},\"sampling\":{},\"roots\":{}}";
  private static final int MAX_ROUNDS = 5;

  StatelessCaller(TestClient lines) {
    this(lines, EVERYTHING, "");
  }

  StatelessCaller with(String members) {
    return new StatelessCaller(lines, capabilities, "," + members);
  }

  static Json claim(String capabilities, String meta) {
    return Json.trusted(
        """
        {"io.modelcontextprotocol/protocolVersion":"2026-07-28",\
        "io.modelcontextprotocol/clientCapabilities":%s%s}\
        """
            .formatted(capabilities, meta));
  }

  CompletableFuture<Response> start(String method, Json params) {
    return lines.send(method, params.plus("_meta", claim(capabilities, meta)));
  }

  Response request(String method, Json params) {
    return TestClient.await(start(method, params));
  }

  static Json tool(String name, Json arguments) {
    return Json.object("name", name, "arguments", arguments);
  }

  /// The text of a tool's result, after what the server wanted to know was answered.
  String text(String tool, Json arguments, UnaryOperator<Json> answer) {
    return TestClient.text(finish("tools/call", tool(tool, arguments), answer));
  }

  /// Makes a request again with answers until it is complete.
  ///
  /// @param answer the answer to one of its questions
  Response finish(String method, Json params, UnaryOperator<Json> answer) {
    var response = request(method, params);
    for (int round = 0; round < MAX_ROUNDS && isAsking(response); round++) {
      response = request(method, answered(params, response, answer));
    }
    if (isAsking(response)) {
      throw new AssertionError("still asking: " + response.toJson());
    }
    return response;
  }

  static boolean isAsking(Response response) {
    return response
        .result()
        .flatMap(result -> result.textMember("resultType"))
        .filter("input_required"::equals)
        .isPresent();
  }

  /// The parameters of the retry.
  static Json answered(Json params, Response asking, UnaryOperator<Json> answer) {
    var result = asking.result().orElseThrow();
    var responses = Json.EMPTY_OBJECT;
    for (var question : result.member("inputRequests").orElseThrow().members()) {
      responses = responses.plus(question.key(), answer.apply(question.value()));
    }
    var retry = params.plus("inputResponses", responses);
    var state = result.member("requestState");
    return state.isEmpty() ? retry : retry.plus("requestState", state.get());
  }

  /// What a friendly client answers: its name, its roots, and what it was asked for.
  static Json friendly(Json question) {
    return friendly(
        question.textMember("method").orElseThrow(),
        question.member("params").orElse(Json.EMPTY_OBJECT));
  }

  static Json friendly(String method, Json params) {
    return switch (method) {
      case "roots/list" -> Json.trusted("{\"roots\":[{\"uri\":\"file:///here\"}]}");
      case "sampling/createMessage" ->
          Json.trusted(
              """
              {"role":"assistant","model":"m","content":{"type":"text","text":"sampled"}}\
              """);
      default -> {
        var message = params.textMember("message").orElseThrow();
        yield Json.object(
            "action",
            "accept",
            "content",
            Json.object(
                "name",
                "Ann",
                "color",
                "red",
                "context",
                "here",
                "username",
                message,
                "email",
                "e"));
      }
    };
  }
}
