package io.watchgate.telemetry;

import io.watchgate.flow.Rejection;
import io.watchgate.flow.Reply;
import io.watchgate.jsonrpc.Response;
import java.util.Locale;

/// How a call ended, for those who count.
public enum Outcome {
  COMPLETED,
  /// The server answered that the tool failed.
  TOOL_ERROR,
  /// The server answered with an error, or nobody has what was asked for.
  ERROR,
  /// A plugin stopped it, or could not judge it.
  BLOCKED,
  TIMEOUT,
  CANCELLED,
  UNAVAILABLE,
  OVERLOADED,
  /// A recorder that has to could not keep it.
  UNRECORDED;

  /// As a label has it.
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  static Outcome of(Reply reply) {
    return switch (reply) {
      case Reply.Refused(var _, var rejection) -> of(rejection.reason());
      case Reply.Answered(var response) -> of(response);
      case Reply.Accepted() -> COMPLETED;
    };
  }

  private static Outcome of(Response response) {
    return response.error().isPresent() ? ERROR : response.isToolError() ? TOOL_ERROR : COMPLETED;
  }

  static Outcome of(Rejection.Reason reason) {
    return switch (reason) {
      case Rejection.Unavailable _, Rejection.CircuitOpen _ -> UNAVAILABLE;
      case Rejection.TimedOut _ -> TIMEOUT;
      case Rejection.Overloaded _ -> OVERLOADED;
      case Rejection.ShuttingDown _ -> CANCELLED;
      case Rejection.AuditUnavailable _ -> UNRECORDED;
      case Rejection.Blocked _, Rejection.PluginFailed _ -> BLOCKED;
      case Rejection.MethodNotFound _,
          Rejection.UnknownTool _,
          Rejection.UnknownServer _,
          Rejection.UnknownResource _,
          Rejection.InvalidParams _,
          Rejection.InvalidRequest _,
          Rejection.MalformedMeta _,
          Rejection.UnsupportedVersion _,
          Rejection.HeaderMismatch _,
          Rejection.MissingCapability _ ->
          ERROR;
    };
  }
}
