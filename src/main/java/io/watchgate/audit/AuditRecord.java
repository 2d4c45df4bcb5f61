package io.watchgate.audit;

import io.watchgate.flow.Trail.Judgement;
import io.watchgate.jsonrpc.Json;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;

/// One thing that happened, as the audit log keeps it. Fields that are absent are left out of its
/// line.
///
/// @param requestId links the records of one call, unique in the log
/// @param plugins what each plugin said, in their order
/// @param body the message itself, only where it was asked for
public record AuditRecord(
    Instant time,
    Event event,
    String requestId,
    Origin origin,
    Subject subject,
    Optional<Ending> ending,
    Size size,
    List<Judgement> plugins,
    Optional<Json> body) {

  /// Milliseconds always, also where they are zero.
  private static final DateTimeFormatter TIME =
      new DateTimeFormatterBuilder().appendInstant(3).toFormatter(Locale.ROOT);

  private static final double NANOS_PER_MILLISECOND = 1e6;

  /// What a record is about.
  public enum Event {
    REQUEST,
    RESPONSE,
    NOTIFICATION,
    REFUSAL,
    LIFECYCLE,
    CONFIG
  }

  /// How it ended.
  public enum Outcome {
    ALLOWED,
    MODIFIED,
    BLOCKED,
    COMPLETED,
    ERROR,
    TIMEOUT,
    CANCELLED,
    UNAVAILABLE,
    OVERLOADED
  }

  /// Who asked.
  ///
  /// @param session a fingerprint of the session's key, which itself would let a reader of the log
  ///   take the session over
  /// @param principal who authenticated
  /// @param client what the client calls itself
  public record Origin(String session, Optional<String> principal, Optional<String> client) {}

  /// What was asked of whom.
  ///
  /// @param server empty when the gateway answers by itself, or as long as nobody knows
  /// @param name of a tool or prompt, or a URI, as the client said it
  public record Subject(Optional<String> server, String method, Optional<String> name) {
    Subject at(Optional<String> answeredBy) {
      return new Subject(answeredBy, method, name);
    }
  }

  /// How and when a call ended.
  ///
  /// @param code of the error, empty when there was none
  public record Ending(Outcome outcome, OptionalInt code, Duration duration) {}

  /// Bytes of the messages that came in and went out.
  public record Size(OptionalInt in, OptionalInt out) {}

  /// The record as one line of JSON, without its end.
  ///
  /// @param seq its number in the log, from 1
  /// @param prev hash of the line before it
  String line(long seq, String prev) {
    var fields = new ArrayList<Object>();
    fields.addAll(List.of("seq", seq, "time", TIME.format(time), "event", word(event)));
    fields.addAll(List.of("request_id", requestId, "session", origin.session));
    origin.principal.ifPresent(principal -> fields.addAll(List.of("principal", principal)));
    origin.client.ifPresent(client -> fields.addAll(List.of("client", client)));
    subject.server.ifPresent(server -> fields.addAll(List.of("server", server)));
    fields.addAll(List.of("method", subject.method));
    subject.name.ifPresent(name -> fields.addAll(List.of("name", name)));
    ending.ifPresent(end -> addEnding(fields, end));
    size.in.ifPresent(bytes -> fields.addAll(List.of("bytes_in", bytes)));
    size.out.ifPresent(bytes -> fields.addAll(List.of("bytes_out", bytes)));
    if (!plugins.isEmpty()) {
      var all = plugins.stream().map(AuditRecord::judgement).toList();
      fields.addAll(List.of("plugins", Json.array(all)));
    }
    body.ifPresent(message -> fields.addAll(List.of("body", message)));
    fields.addAll(List.of("prev", prev));
    return Json.object(fields.toArray()).toString();
  }

  private static void addEnding(List<Object> fields, Ending end) {
    fields.addAll(List.of("outcome", word(end.outcome)));
    end.code.ifPresent(code -> fields.addAll(List.of("code", code)));
    double millis = end.duration.toNanos() / NANOS_PER_MILLISECOND;
    var spelled = Json.trusted(String.format(Locale.ROOT, "%.3f", millis));
    fields.addAll(List.of("duration_ms", spelled));
  }

  private static Json judgement(Judgement said) {
    return Json.object("plugin", said.plugin(), "verdict", said.verdict(), "reason", said.reason());
  }

  private static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
