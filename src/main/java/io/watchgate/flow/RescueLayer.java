package io.watchgate.flow;

import io.watchgate.flow.Rejection.AuditUnavailable;
import io.watchgate.flow.Rejection.Blocked;
import io.watchgate.flow.Rejection.CircuitOpen;
import io.watchgate.flow.Rejection.HeaderMismatch;
import io.watchgate.flow.Rejection.InvalidParams;
import io.watchgate.flow.Rejection.InvalidRequest;
import io.watchgate.flow.Rejection.MalformedMeta;
import io.watchgate.flow.Rejection.MethodNotFound;
import io.watchgate.flow.Rejection.MissingCapability;
import io.watchgate.flow.Rejection.Overloaded;
import io.watchgate.flow.Rejection.PluginFailed;
import io.watchgate.flow.Rejection.ShuttingDown;
import io.watchgate.flow.Rejection.TimedOut;
import io.watchgate.flow.Rejection.Unavailable;
import io.watchgate.flow.Rejection.UnknownResource;
import io.watchgate.flow.Rejection.UnknownServer;
import io.watchgate.flow.Rejection.UnknownTool;
import io.watchgate.flow.Rejection.UnsupportedVersion;
import io.watchgate.jsonrpc.ErrorCode;
import io.watchgate.jsonrpc.Json;
import io.watchgate.jsonrpc.Request;
import io.watchgate.jsonrpc.RequestId;
import io.watchgate.jsonrpc.Response;
import io.watchgate.mcp.ProtocolVersion;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The one place where a rejection becomes a JSON-RPC error.
public final class RescueLayer implements Layer {
  private static final Logger log = LoggerFactory.getLogger(RescueLayer.class);

  @Override
  public Handler around(Handler inner) {
    return call -> {
      try {
        return inner.handle(call);
      } catch (Rejection rejection) {
        return refuse(call, rejection);
      } catch (RuntimeException fault) { // supervised edge: a fault of ours ends one call only
        log.error("{} failed inside the gateway", call.method(), fault);
        return failed(call);
      }
    };
  }

  private static Reply refuse(Call call, Rejection rejection) {
    return call.message() instanceof Request request
        ? new Reply.Refused(
            answer(request.id(), rejection, call.client().session().version()), rejection)
        : new Reply.Accepted();
  }

  private static Reply failed(Call call) {
    return call.message() instanceof Request request
        ? new Reply.Answered(
            Response.failure(
                request.id(),
                ErrorCode.INTERNAL,
                "internal error in the gateway; its log has the details",
                Json.object("reason", "internal")))
        : new Reply.Accepted();
  }

  /// The error that answers a request with a rejection's reason.
  ///
  /// @param version the revision that the client speaks
  public static Response answer(RequestId id, Rejection rejection, ProtocolVersion version) {
    return switch (rejection.reason()) {
      case MethodNotFound(var method) ->
          error(id, ErrorCode.METHOD_NOT_FOUND, "method not found: " + method, "method_not_found");
      case UnknownTool(var kind, var name) ->
          error(id, ErrorCode.INVALID_PARAMS, "unknown " + kind + ": " + name, "unknown_" + kind);
      case UnknownServer(var server, var known) ->
          error(
              id,
              ErrorCode.INVALID_PARAMS,
              "unknown server: " + server + " (known: " + known + ")",
              Json.object("reason", "unknown_server", "server", server));
      case UnknownResource(var uri) ->
          error(
              id,
              version.isStateless() ? ErrorCode.INVALID_PARAMS : ErrorCode.RESOURCE_NOT_FOUND,
              "unknown resource: " + uri,
              Json.object("reason", "unknown_resource", "uri", uri));
      case InvalidParams(var what) -> error(id, ErrorCode.INVALID_PARAMS, what, "invalid_params");
      case InvalidRequest(var what) ->
          error(id, ErrorCode.INVALID_REQUEST, what, "invalid_request");
      case MalformedMeta(var what) -> error(id, ErrorCode.INVALID_PARAMS, what, "invalid_meta");
      case HeaderMismatch(var what) ->
          error(id, ErrorCode.HEADER_MISMATCH, what, "header_mismatch");
      case UnsupportedVersion(var requested) ->
          error(
              id,
              ErrorCode.UNSUPPORTED_VERSION,
              "unsupported protocol version: " + requested,
              unsupported(requested));
      case MissingCapability missing ->
          error(id, ErrorCode.MISSING_CAPABILITY, message(missing), data(missing));
      case Unavailable(var server, var cause, var _) ->
          error(
              id,
              ErrorCode.UPSTREAM_UNAVAILABLE,
              "server \"" + server + "\" is unavailable: " + cause,
              Json.object("reason", "upstream_unavailable", "server", server));
      case CircuitOpen open -> error(id, ErrorCode.UPSTREAM_UNAVAILABLE, message(open), data(open));
      case TimedOut(var server, var after) ->
          error(
              id,
              ErrorCode.UPSTREAM_TIMEOUT,
              "server \"%s\" did not answer within %s ms".formatted(server, after.toMillis()),
              Json.object("reason", "upstream_timeout", "server", server));
      case ShuttingDown() ->
          error(id, ErrorCode.INTERNAL, "the gateway is shutting down", "shutting_down");
      case Blocked blocked -> error(id, ErrorCode.BLOCKED, message(blocked), data(blocked));
      case AuditUnavailable(var cause) ->
          error(
              id,
              ErrorCode.AUDIT_UNAVAILABLE,
              "the call cannot be recorded: " + cause,
              "audit_unavailable");
      case PluginFailed failed -> error(id, ErrorCode.INTERNAL, message(failed), data(failed));
      case Overloaded overloaded ->
          error(id, ErrorCode.OVERLOADED, message(overloaded), data(overloaded));
    };
  }

  private static Json unsupported(String requested) {
    return Json.object(
        "reason",
        "unsupported_version",
        "supported",
        ProtocolVersion.stateless(),
        "requested",
        requested);
  }

  private static String message(MissingCapability missing) {
    return "server \"%s\" needs a capability that the client did not declare"
        .formatted(missing.server());
  }

  private static Json data(MissingCapability missing) {
    return Json.object(
        "reason", "missing_capability",
        "server", missing.server(),
        "requiredCapabilities", missing.required());
  }

  private static String message(Blocked blocked) {
    return "blocked by plugin \"%s\": %s".formatted(blocked.plugin(), blocked.why());
  }

  private static Json data(Blocked blocked) {
    return Json.object("reason", "blocked", "plugin", blocked.plugin(), "server", blocked.server());
  }

  private static String message(PluginFailed failed) {
    return "plugin \"%s\" could not judge the message: %s"
        .formatted(failed.plugin(), failed.what());
  }

  private static Json data(PluginFailed failed) {
    return Json.object(
        "reason", "plugin_failed", "plugin", failed.plugin(), "server", failed.server());
  }

  private static String message(CircuitOpen open) {
    return ("server \"%s\" is unavailable: its circuit is open, the last failure was: %s;"
            + " try again in %d ms")
        .formatted(open.server(), open.cause(), open.retryAfter().toMillis());
  }

  private static Json data(CircuitOpen open) {
    return Json.object(
        "reason", "circuit_open",
        "retryAfterMs", open.retryAfter().toMillis(),
        "server", open.server());
  }

  private static String message(Overloaded overloaded) {
    return "too many requests: %d in flight, the limit of %s is %d; try again in %d ms"
        .formatted(
            overloaded.inFlight(),
            overloaded.where().isEmpty() ? "the gateway" : "server \"" + overloaded.where() + "\"",
            overloaded.limit(),
            overloaded.retryAfter().toMillis());
  }

  private static Json data(Overloaded overloaded) {
    long retryAfter = overloaded.retryAfter().toMillis();
    return overloaded.where().isEmpty()
        ? Json.object("reason", "overloaded", "retryAfterMs", retryAfter)
        : Json.object(
            "reason", "overloaded", "retryAfterMs", retryAfter, "server", overloaded.where());
  }

  private static Response error(RequestId id, int code, String message, String reason) {
    return error(id, code, message, Json.object("reason", reason));
  }

  private static Response error(RequestId id, int code, String message, Json data) {
    return Response.failure(id, code, message, data);
  }
}
