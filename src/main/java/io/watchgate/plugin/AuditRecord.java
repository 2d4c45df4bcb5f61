package io.watchgate.plugin;

import io.watchgate.jsonrpc.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// One thing that happened, as the audit keeps it: what a client asked, how that ended, what a
/// server said or asked, what was refused, what became of servers, sessions and the configuration.
/// Never holds what a plugin hides from others.
///
/// @param ending empty for what has not ended yet, and for what has no end
/// @param plugins what each plugin said, in the order of time
/// @param more members that only records of this kind have, an object
public record AuditRecord(
    Instant time,
    Event event,
    Origin origin,
    Subject subject,
    Optional<Ending> ending,
    Payload payload,
    List<Judgement> plugins,
    Json more) {

  /// What a record is about.
  public enum Event {
    REQUEST,
    RESPONSE,
    NOTIFICATION,
    REFUSAL,
    LIFECYCLE,
    CONFIG
  }

  /// How it ended, or how far it came.
  public enum Outcome {
    /// It goes on as it came.
    ALLOWED,
    /// It goes on as plugins changed it.
    MODIFIED,
    /// A plugin stopped it.
    BLOCKED,
    /// It is answered with a result.
    COMPLETED,
    ERROR,
    TIMEOUT,
    CANCELLED,
    UNAVAILABLE,
    OVERLOADED
  }

  /// Who asked, and in which of its conversations.
  ///
  /// @param requestId links the records of one exchange, the same in no other
  /// @param traceId of the trace that the exchange is part of, 32 hexadecimal digits
  /// @param session tells a conversation from others, and is no secret
  /// @param principal who authenticated
  /// @param client what the client calls itself
  public record Origin(
      Optional<String> requestId,
      Optional<String> traceId,
      Optional<String> session,
      Optional<String> principal,
      Optional<String> client) {
    /// Of what no client is behind.
    public static final Origin GATEWAY =
        new Origin(
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());
  }

  /// What was asked of whom.
  ///
  /// @param server empty where the gateway answers by itself, or none was asked
  /// @param method of MCP, or what happened inside the gateway, as `upstream/failed`
  /// @param name of a tool or prompt, or a URI, as the server knows it
  public record Subject(Optional<String> server, String method, Optional<String> name) {}

  /// How it ended, or how far it came.
  ///
  /// @param code of the error, empty when there was none
  /// @param duration since it came in, empty where nothing took time
  /// @param reason for people, empty where there is nothing to say
  public record Ending(
      Outcome outcome, OptionalInt code, Optional<Duration> duration, String reason) {}

  /// The message itself.
  ///
  /// @param in bytes that came in
  /// @param out bytes that went out
  /// @param digest SHA-256 of it in hexadecimal, where that is worth keeping
  /// @param body as it was after plugins were through with it, only where a recorder keeps bodies
  public record Payload(
      OptionalInt in, OptionalInt out, Optional<String> digest, Optional<Json> body) {
    /// Of what is no message.
    public static final Payload NONE =
        new Payload(OptionalInt.empty(), OptionalInt.empty(), Optional.empty(), Optional.empty());
  }

  /// What a plugin said.
  ///
  /// @param verdict `pass`, `replace`, `block`, `complete` or `failed`
  /// @param reason for people, empty for none; never what was hidden
  public record Judgement(String plugin, String verdict, String reason) {}

  /// A record of what is no message, and of what plugins said nothing.
  public static AuditRecord of(
      Instant time, Event event, Origin origin, Subject subject, Ending ending) {
    return new AuditRecord(
        time,
        event,
        origin,
        subject,
        Optional.of(ending),
        Payload.NONE,
        List.of(),
        Json.EMPTY_OBJECT);
  }

  /// The same with members that only records of its kind have, an object.
  public AuditRecord with(Json others) {
    return new AuditRecord(time, event, origin, subject, ending, payload, plugins, others);
  }

  /// The same with another body, or none.
  public AuditRecord withBody(Optional<Json> body) {
    var other = new Payload(payload.in, payload.out, payload.digest, body);
    return new AuditRecord(time, event, origin, subject, ending, other, plugins, more);
  }

  /// The record as an object, on one line. Members that are absent are left out.
  public Json json() {
    return RecordJson.of(this);
  }
}
