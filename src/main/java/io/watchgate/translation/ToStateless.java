package io.watchgate.translation;

import io.watchgate.flow.Call;
import io.watchgate.flow.Handler;
import io.watchgate.flow.Rejection;
import io.watchgate.flow.Rejection.Reach;
import io.watchgate.flow.Rejection.Unavailable;
import io.watchgate.flow.Reply;
import io.watchgate.flow.Session;
import io.watchgate.jsonrpc.ErrorCode;
import io.watchgate.jsonrpc.Field;
import io.watchgate.jsonrpc.Json;
import io.watchgate.jsonrpc.Request;
import io.watchgate.jsonrpc.Response;
import io.watchgate.mcp.Extension;
import io.watchgate.mcp.ListKind;
import io.watchgate.mcp.LogLevel;
import io.watchgate.mcp.MetaKey;
import io.watchgate.mcp.Method;
import io.watchgate.mcp.ProtocolVersion;
import java.util.List;
import java.util.Set;

/// A call of a client with a session, to a server without: the request says for itself what the
/// session knows, and where the server requires input the client is asked for it as servers with
/// sessions ask, and the request is made again with the answers (2026-07-28, multi round-trip
/// requests).
final class ToStateless {
  private static final int MAX_ROUNDS = 8;

  /// Servers with sessions send log messages to clients that never set a level.
  private static final LogLevel UNASKED = LogLevel.INFO;

  private static final Set<String> NEW_MEMBERS = Set.of("resultType", "ttlMs", "cacheScope");
  private static final Set<String> TYPE_ONLY = Set.of("resultType");

  /// What is none of the server's business: to the client these mean something else, or nothing.
  private static final Set<String> MEANINGLESS = Set.of("task", "inputResponses", "requestState");

  private final String server;
  private final Json self;
  private final InputRounds rounds;

  ToStateless(String server, Json self, InputRounds rounds) {
    this.server = server;
    this.self = self;
    this.rounds = rounds;
  }

  Reply handle(Call call, Handler inner) throws InterruptedException {
    var request = claiming(call.request(), call.client().session());
    for (int round = 1; ; round++) {
      var reply = inner.handle(call.with(request));
      if (!(reply instanceof Reply.Answered(var response))) {
        return reply;
      }
      var type = response.result().flatMap(result -> result.textMember("resultType"));
      if (type.filter("input_required"::equals).isEmpty()) {
        return new Reply.Answered(old(call, response));
      }
      if (round == MAX_ROUNDS) {
        var why = "server \"%s\" asked for input %d times".formatted(server, round);
        return new Reply.Answered(failure(call, why));
      }
      try {
        request = retry(request, response, call);
      } catch (InputRounds.Unanswered unanswered) {
        return new Reply.Answered(failure(call, String.valueOf(unanswered.getMessage())));
      }
    }
  }

  private Request retry(Request request, Response response, Call call)
      throws InputRounds.Unanswered, InterruptedException {
    var result = response.result().orElseThrow();
    return rounds.retry(request, result, call.client(), call.deadline());
  }

  private Request claiming(Request request, Session session) {
    var meta =
        request
            .field(Field.META)
            .filter(Json::isObject)
            .orElse(Json.EMPTY_OBJECT)
            .set(MetaKey.PROTOCOL_VERSION, version())
            .set(MetaKey.CLIENT_INFO, self)
            .set(MetaKey.CLIENT_CAPABILITIES, capabilities(session))
            .set(MetaKey.LOG_LEVEL, level(session));
    var params =
        request
            .field(Field.PARAMS)
            .filter(Json::isObject)
            .orElse(Json.EMPTY_OBJECT)
            .without(MEANINGLESS)
            .set("_meta", meta);
    return Request.of(request.id(), request.method(), params);
  }

  private static Json version() {
    return Json.string(ProtocolVersion.NEWEST_STATELESS.toString());
  }

  private static Json level(Session session) {
    return Json.string(session.logLevel().orElse(UNASKED).toString());
  }

  /// What the client declared in its handshake, without what only sessions have.
  private static Json capabilities(Session session) {
    if (session.version().isStateless()) {
      return session.capabilities();
    }
    var capabilities = session.capabilities().without(Set.of("tasks"));
    if (capabilities.member("roots").isPresent()) {
      capabilities = capabilities.with("roots", Json.EMPTY_OBJECT);
    }
    var extensions = capabilities.member("extensions");
    return extensions.isEmpty()
        ? capabilities
        : capabilities.with("extensions", extensions.get().without(Set.of(Extension.TASKS)));
  }

  private Response old(Call call, Response response) {
    return response.error().isPresent() ? oldError(call, response) : oldResult(call, response);
  }

  private Response oldError(Call call, Response response) {
    return switch (response.errorCode()) {
      case ErrorCode.MISSING_CAPABILITY -> failure(call, response.errorMessage());
      case ErrorCode.HEADER_MISMATCH, ErrorCode.UNSUPPORTED_VERSION ->
          throw new Rejection(
              new Unavailable(
                  server,
                  "it refuses what the gateway sends: " + response.errorMessage(),
                  Reach.ANSWERED));
      case ErrorCode.INVALID_PARAMS ->
          isUnknownResource(call, response)
              ? response.withErrorCode(ErrorCode.RESOURCE_NOT_FOUND)
              : response;
      default -> response;
    };
  }

  private static boolean isUnknownResource(Call call, Response response) {
    var data = response.error().flatMap(error -> error.member("data"));
    return call.method().equals(Method.RESOURCES_READ)
        && data.flatMap(details -> details.member("uri")).isPresent();
  }

  private static Response oldResult(Call call, Response response) {
    var result = response.result().orElseThrow();
    var kind = ListKind.ofMethod(call.method());
    boolean isKept = kind.isPresent() || call.method().equals(Method.RESOURCES_READ);
    var old = result.without(isKept ? TYPE_ONLY : NEW_MEMBERS);
    if (call.client().session().version().isStateless()) {
      return response.withResult(old);
    }
    return response.withResult(
        kind.filter(ListKind.TOOLS::equals).isPresent()
            ? StructuredContent.wrapSchemas(old)
            : StructuredContent.wrapContent(old));
  }

  /// A tool that cannot do its work says so in its result, so that the model hears of it.
  private static Response failure(Call call, String why) {
    if (!call.method().equals(Method.TOOLS_CALL)) {
      return Response.failure(
          call.request().id(),
          ErrorCode.INVALID_PARAMS,
          why,
          Json.object("reason", "input_unavailable"));
    }
    var text = Json.object("type", "text", "text", why);
    return Response.success(
        call.request().id(), Json.object("content", Json.array(List.of(text)), "isError", true));
  }
}
