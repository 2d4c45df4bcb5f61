package io.watchgate.upstream;

import io.watchgate.flow.Call;
import io.watchgate.jsonrpc.ErrorCode;
import io.watchgate.jsonrpc.Field;
import io.watchgate.jsonrpc.Json;
import io.watchgate.jsonrpc.Request;
import io.watchgate.jsonrpc.Response;
import io.watchgate.mcp.Method;
import io.watchgate.mcp.ProtocolVersion;
import io.watchgate.upstream.Transport.SessionGone;
import java.util.Optional;

/// Calls to a stateless server. One that it refuses because of how it was put, before doing
/// anything, is put right and sent once more (2026-07-28, versioning; streamable HTTP, "Server
/// Validation").
final class StatelessRequests {
  private static final int MAX_PAGES = 1000;

  private final UpstreamContext context;

  StatelessRequests(UpstreamContext context) {
    this.context = context;
  }

  Response send(Call call, UpstreamSession session) throws SessionGone, InterruptedException {
    var answer = session.handle(call).orElseThrow();
    if (mayBeRepeated(answer) || learntTools(call, answer, session)) {
      answer = session.handle(call).orElseThrow();
    }
    if (call.method().equals(Method.TOOLS_LIST)) {
      answer.result().ifPresent(context.mirrors()::learn);
    }
    return answer;
  }

  /// Whether a server that refuses a revision lists it as one that it speaks.
  static boolean mayBeRepeated(Response answer) {
    var wanted = Json.string(ProtocolVersion.NEWEST_STATELESS.toString());
    return answer.errorCode() == ErrorCode.UNSUPPORTED_VERSION
        && answer
            .error()
            .flatMap(error -> error.member("data"))
            .flatMap(data -> data.member("supported"))
            .filter(supported -> supported.elements().contains(wanted))
            .isPresent();
  }

  /// The server misses a header that its list of tools asks for: the list is read anew.
  private boolean learntTools(Call call, Response answer, UpstreamSession session)
      throws SessionGone, InterruptedException {
    if (answer.errorCode() != ErrorCode.HEADER_MISMATCH
        || !call.method().equals(Method.TOOLS_CALL)) {
      return false;
    }
    var cursor = Optional.<Json>empty();
    for (int page = 0; page < MAX_PAGES; page++) {
      var list = session.handle(call.with(list(call, cursor))).orElseThrow().result();
      list.ifPresent(context.mirrors()::learn);
      cursor = list.flatMap(result -> result.member("nextCursor")).filter(Json::isString);
      if (cursor.isEmpty()) {
        return list.isPresent();
      }
    }
    return false;
  }

  private static Request list(Call call, Optional<Json> cursor) {
    var params = Json.object("_meta", call.request().field(Field.META).orElse(Json.EMPTY_OBJECT));
    return Request.of(
        call.request().id(),
        Method.TOOLS_LIST,
        cursor.isPresent() ? params.plus("cursor", cursor.get()) : params);
  }
}
