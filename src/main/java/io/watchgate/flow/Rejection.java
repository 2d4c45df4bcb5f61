package io.watchgate.flow;

import io.watchgate.jsonrpc.Json;
import java.time.Duration;

/// Why the gateway itself cannot answer a call. Thrown where it is found, turned into JSON-RPC in
/// {@link RescueLayer} alone.
public final class Rejection extends RuntimeException {

  /// The reasons, each with the situation.
  public sealed interface Reason {}

  /// No part of the gateway and no server knows the method.
  public record MethodNotFound(String method) implements Reason {}

  /// A tool or prompt that no server has.
  public record UnknownTool(String kind, String name) implements Reason {}

  /// A name that starts with a server's name, but there is no such server.
  public record UnknownServer(String server, String known) implements Reason {}

  /// A resource that no server has.
  public record UnknownResource(String uri) implements Reason {}

  /// Parameters that are missing or malformed.
  public record InvalidParams(String what) implements Reason {}

  /// A well-formed request that is not allowed at this point of the conversation.
  public record InvalidRequest(String what) implements Reason {}

  /// A stateless request whose `_meta` lacks something or has it malformed.
  public record MalformedMeta(String what) implements Reason {}

  /// A revision that the gateway does not speak in this way.
  public record UnsupportedVersion(String requested) implements Reason {}

  /// HTTP headers that say something else than the body.
  public record HeaderMismatch(String what) implements Reason {}

  /// A server that has to ask for what the client did not declare.
  ///
  /// @param required the capabilities that would be needed, an object
  public record MissingCapability(String server, Json required) implements Reason {}

  /// A server that is not reachable or died.
  ///
  /// @param reach how far the call came
  public record Unavailable(String server, String cause, Reach reach) implements Reason {}

  /// How far a call came that got no answer of MCP.
  public enum Reach {
    /// Nothing was tried: the server fails again and again, and is left alone for a while.
    NOT_TRIED,
    /// Nothing of it was sent.
    NOT_SENT,
    /// Nothing of it was sent before the time for connecting was over.
    TOO_LATE,
    /// It was sent, and may have run.
    SENT,
    /// It was sent, and the server answered with something else: the server is there.
    ANSWERED
  }

  /// A server that failed too often in a row, and is left alone for a while.
  ///
  /// @param cause of the last failure
  public record CircuitOpen(String server, String cause, Duration retryAfter) implements Reason {}

  /// A server that did not answer in time.
  public record TimedOut(String server, Duration after) implements Reason {}

  /// A message that a plugin stopped.
  ///
  /// @param why for whoever sent it
  public record Blocked(String server, String plugin, String why) implements Reason {}

  /// A message that a plugin should have judged, and could not.
  ///
  /// @param what went wrong, for whoever sent it
  public record PluginFailed(String server, String plugin, String what) implements Reason {}

  /// A call that cannot be recorded, where it has to.
  ///
  /// @param cause which recorder cannot, and why
  public record AuditUnavailable(String cause) implements Reason {}

  /// More calls than the limit.
  ///
  /// @param where the server whose limit it is, empty for the gateway's own
  public record Overloaded(String where, int inFlight, int limit, Duration retryAfter)
      implements Reason {}

  /// A call that did not finish before the gateway stopped.
  public record ShuttingDown() implements Reason {}

  private final transient Reason reason;

  public Rejection(Reason reason) {
    super(reason.toString(), null, false, false);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }
}
