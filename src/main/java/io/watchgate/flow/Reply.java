package io.watchgate.flow;

import io.watchgate.jsonrpc.Json;
import io.watchgate.jsonrpc.Response;

/// What comes back for a call.
public sealed interface Reply {

  /// A server's answer, or the gateway's own.
  record Answered(Response response) implements Reply {}

  /// An error of the gateway's own, and why.
  record Refused(Response response, Rejection rejection) implements Reply {}

  /// Nothing comes back: the call was a notification.
  record Accepted() implements Reply {}

  /// The gateway's own result for a call.
  static Reply answer(Call call, Json result) {
    return new Answered(Response.success(call.request().id(), result));
  }

  /// The response that answers a request.
  default Response response() {
    return switch (this) {
      case Answered(var response) -> response;
      case Refused(var response, var _) -> response;
      case Accepted() -> throw new IllegalStateException("a notification has no response");
    };
  }
}
