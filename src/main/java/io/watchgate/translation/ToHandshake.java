package io.watchgate.translation;

import io.watchgate.flow.Call;
import io.watchgate.flow.Handler;
import io.watchgate.flow.Rejection;
import io.watchgate.flow.Rejection.InvalidParams;
import io.watchgate.flow.Rejection.MissingCapability;
import io.watchgate.flow.Reply;
import io.watchgate.flow.Time;
import io.watchgate.jsonrpc.ErrorCode;
import io.watchgate.jsonrpc.Field;
import io.watchgate.jsonrpc.Json;
import io.watchgate.jsonrpc.Message;
import io.watchgate.jsonrpc.Notification;
import io.watchgate.jsonrpc.Request;
import io.watchgate.jsonrpc.Response;
import io.watchgate.mcp.MetaKey;
import io.watchgate.mcp.Method;
import java.util.List;
import java.util.Set;

/// A stateless call to a server with sessions: what the server asks of the client while the call
/// runs becomes a result that requires input, and the client's retry goes on with the call that
/// waits for it (2026-07-28, multi round-trip requests).
final class ToHandshake {
  private static final Set<String> CLAIM =
      Set.of(
          MetaKey.PROTOCOL_VERSION,
          MetaKey.CLIENT_INFO,
          MetaKey.CLIENT_CAPABILITIES,
          MetaKey.LOG_LEVEL);

  /// What is none of the server's business: `task` means nothing in the client's revision.
  private static final Set<String> OURS = Set.of("inputResponses", "requestState", "task");

  private final String server;
  private final ParkedCalls parked;
  private final Time time;
  private final LogLevels levels = new LogLevels();

  /// @param parked where calls wait for their clients
  ToHandshake(String server, ParkedCalls parked, Time time) {
    this.server = server;
    this.parked = parked;
    this.time = time;
  }

  Reply handle(Call call, Handler inner) throws InterruptedException {
    var old = call.with(unclaimed(call.request()));
    var responses = inputResponses(call);
    if (call.request().field(Field.REQUEST_STATE).isPresent()) {
      var open = parked.take(call, old);
      open.answer(responses, old);
      return round(call, old, open);
    }
    levels.require(call, inner);
    return Method.mayRequireInput(call.method())
        ? round(call, old, ParkedCall.start(server, old, inner, time))
        : ended(call, inner.handle(old));
  }

  private Reply round(Call call, Call old, ParkedCall open) throws InterruptedException {
    return switch (open.next(old)) {
      case ParkedCall.Ended(var reply) -> ended(call, reply);
      case ParkedCall.Asking(var inputs) ->
          Reply.answer(
              call,
              Json.object(
                  "resultType",
                  "input_required",
                  "inputRequests",
                  inputs,
                  "requestState",
                  parked.park(open, call)));
    };
  }

  private static Json inputResponses(Call call) {
    var responses = call.request().field(Field.INPUT_RESPONSES).orElse(Json.EMPTY_OBJECT);
    if (!responses.isObject()
        || responses.members().stream().anyMatch(response -> !response.value().isObject())) {
      throw new Rejection(new InvalidParams("\"inputResponses\" must be an object of objects"));
    }
    return responses;
  }

  private static Request unclaimed(Request request) {
    return request.with(Field.PARAMS, unclaimed((Message) request).without(OURS));
  }

  /// A stateless client's notification as a server with sessions knows it.
  static Notification unclaimed(Notification notification) {
    return notification.with(Field.PARAMS, unclaimed((Message) notification));
  }

  private static Json unclaimed(Message message) {
    var params = message.field(Field.PARAMS).orElse(Json.EMPTY_OBJECT);
    var meta = message.field(Field.META).orElse(Json.EMPTY_OBJECT).without(CLAIM);
    return meta.members().isEmpty() ? params.without(Set.of("_meta")) : params.with("_meta", meta);
  }

  private Reply ended(Call call, Reply reply) {
    if (!(reply instanceof Reply.Answered(var first))) {
      return reply;
    }
    var response = first.withId(call.request().id()); // the server answers the first round
    var pages = pages(response);
    if (!pages.isEmpty() && Method.mayRequireInput(call.method())) {
      return Reply.answer(call, visits(call, pages));
    }
    return new Reply.Answered(
        response.error().isPresent() ? newError(call, response) : newResult(call, response));
  }

  private static Response newError(Call call, Response response) {
    if (response.errorCode() != ErrorCode.RESOURCE_NOT_FOUND) {
      return response;
    }
    var error = response.error().orElseThrow();
    var data = error.member("data").filter(Json::isObject).orElse(Json.EMPTY_OBJECT);
    var uri = call.request().field(Field.URI);
    if (uri.isPresent() && data.member("uri").isEmpty()) {
      data = data.plus("uri", uri.get());
    }
    return response.withError(error.set("data", data)).withErrorCode(ErrorCode.INVALID_PARAMS);
  }

  private static Response newResult(Call call, Response response) {
    var result = response.result().orElseThrow();
    if (!result.isObject()) {
      return response;
    }
    if (call.method().equals(Method.RESOURCES_READ)) { // who said nothing allows no keeping
      result = result.set("cacheScope", Json.string("private")).set("ttlMs", Json.trusted("0"));
    }
    return response.withResult(result.set("resultType", Json.string("complete")));
  }

  /// The pages that a user has to visit before the call can succeed.
  private static List<Json> pages(Response response) {
    return response.errorCode() == ErrorCode.URL_ELICITATION_REQUIRED
        ? response
            .error()
            .flatMap(error -> error.member("data"))
            .flatMap(data -> data.member("elicitations"))
            .map(pages -> pages.elements().stream().filter(Json::isObject).toList())
            .orElse(List.of())
        : List.of();
  }

  /// The result that sends the client there. The call is over: the retry is a new one.
  private Json visits(Call call, List<Json> pages) {
    var needed = Json.object("elicitation", Json.object("url", Json.EMPTY_OBJECT));
    if (!Asked.isDeclared(needed, call.client().session().capabilities())) {
      throw new Rejection(new MissingCapability(server, needed));
    }
    var inputs = Json.EMPTY_OBJECT;
    for (int i = pages.size(); i > 0; i--) {
      var params =
          pages.get(i - 1).without(Set.of("elicitationId")).set("mode", Json.string("url"));
      inputs = inputs.plus("page-" + i, Json.object("method", Method.ELICIT, "params", params));
    }
    return Json.object("resultType", "input_required", "inputRequests", inputs);
  }

  /// A server's own list as stateless clients know lists: tools that run as tasks of 2025-11-25
  /// only are none for them.
  Reply list(Call call, Reply reply) {
    return call.method().equals(Method.TOOLS_LIST)
            && call.client().session().version().isStateless()
            && reply instanceof Reply.Answered(var response)
            && response.result().flatMap(result -> result.member("tools")).isPresent()
        ? new Reply.Answered(response.withResult(withoutTasks(response.result().orElseThrow())))
        : reply;
  }

  private static Json withoutTasks(Json result) {
    var tools = result.member("tools").orElseThrow().elements();
    var plain =
        tools.stream()
            .filter(tool ->
                tool.member("execution")
                    .flatMap(execution -> execution.textMember("taskSupport"))
                    .filter("required"::equals)
                    .isEmpty())
            .map(tool -> tool.without(Set.of("execution")))
            .toList();
    return result.with("tools", Json.array(plain));
  }
}
