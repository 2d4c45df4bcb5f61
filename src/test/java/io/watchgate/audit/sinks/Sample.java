package io.watchgate.audit.sinks;

import io.watchgate.jsonrpc.Json;
import io.watchgate.plugin.AuditRecord;
import io.watchgate.plugin.AuditRecord.Ending;
import io.watchgate.plugin.AuditRecord.Event;
import io.watchgate.plugin.AuditRecord.Judgement;
import io.watchgate.plugin.AuditRecord.Origin;
import io.watchgate.plugin.AuditRecord.Outcome;
import io.watchgate.plugin.AuditRecord.Payload;
import io.watchgate.plugin.AuditRecord.Subject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// Records for tests.
final class Sample {
  private Sample() {}

  /// A record with everything that a record can have.
  static AuditRecord full() {
    return new AuditRecord(
        Instant.parse("2026-01-02T12:00:00Z"),
        Event.RESPONSE,
        new Origin(
            Optional.of("r-1"),
            Optional.of("4bf92f3577b34da6a3ce929d0e0e4736"),
            Optional.of("abc"),
            Optional.of("alice"),
            Optional.of("editor")),
        new Subject(Optional.of("files"), "tools/call", Optional.of("read_file")),
        Optional.of(
            new Ending(
                Outcome.BLOCKED,
                OptionalInt.of(-32000),
                Optional.of(Duration.ofNanos(1_500_000)),
                "because")),
        new Payload(
            OptionalInt.of(10),
            OptionalInt.of(20),
            Optional.of("abcd"),
            Optional.of(Json.object("a", 1))),
        List.of(new Judgement("pii", "block", "a card number")),
        Json.object("more", true));
  }

  /// A record with as little as a record can have, but for its id.
  static AuditRecord small(String requestId) {
    return new AuditRecord(
        Instant.EPOCH,
        Event.REQUEST,
        new Origin(
            Optional.of(requestId),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty()),
        new Subject(Optional.empty(), "ping", Optional.empty()),
        Optional.empty(),
        Payload.NONE,
        List.of(),
        Json.EMPTY_OBJECT);
  }

  /// A request for something that a stranger named.
  static AuditRecord named(String name) {
    return new AuditRecord(
        Instant.EPOCH,
        Event.REQUEST,
        Origin.GATEWAY,
        new Subject(Optional.of("files"), "tools/call", Optional.of(name)),
        Optional.of(new Ending(Outcome.ALLOWED, OptionalInt.empty(), Optional.empty(), "")),
        Payload.NONE,
        List.of(),
        Json.EMPTY_OBJECT);
  }

  static AuditRecord withBody(Json body) {
    return small("b").withBody(Optional.of(body));
  }

  static String id(AuditRecord record) {
    return record.origin().requestId().orElse(record.subject().method());
  }
}
