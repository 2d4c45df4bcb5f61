package io.watchgate.audit;

import io.watchgate.jsonrpc.Json;
import io.watchgate.plugin.AuditRecord;
import io.watchgate.plugin.AuditRecord.Event;
import io.watchgate.plugin.AuditRecord.Origin;
import io.watchgate.plugin.AuditRecord.Payload;
import io.watchgate.plugin.AuditRecord.Subject;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// Records to write.
final class TestRecords {
  private TestRecords() {}

  /// A request.
  static AuditRecord request(String id) {
    return request(id, Payload.NONE);
  }

  static AuditRecord request(String id, Json body) {
    return request(
        id,
        new Payload(OptionalInt.empty(), OptionalInt.empty(), Optional.empty(), Optional.of(body)));
  }

  private static AuditRecord request(String id, Payload payload) {
    return new AuditRecord(
        Instant.EPOCH,
        Event.REQUEST,
        new Origin(
            Optional.of(id),
            Optional.empty(),
            Optional.of("s"),
            Optional.empty(),
            Optional.empty()),
        new Subject(Optional.empty(), "ping", Optional.empty()),
        Optional.empty(),
        payload,
        List.of(),
        Json.EMPTY_OBJECT);
  }
}
