package io.watchgate.audit.sinks;

import io.watchgate.jsonrpc.Json;
import io.watchgate.plugin.AuditRecord;
import io.watchgate.plugin.AuditRecord.Ending;
import io.watchgate.plugin.AuditRecord.Event;
import io.watchgate.plugin.AuditRecord.Origin;
import io.watchgate.plugin.AuditRecord.Outcome;
import io.watchgate.plugin.AuditRecord.Subject;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;

/// Records that a target lacks.
///
/// @param since time of the first of them
/// @param until time of the last
record Gap(long lost, Instant since, Instant until) {
  static final Gap NONE = new Gap(0, Instant.MAX, Instant.MIN);

  boolean isNone() {
    return lost == 0;
  }

  Gap with(AuditRecord record) {
    return and(new Gap(1, record.time(), record.time()));
  }

  Gap and(Gap other) {
    return new Gap(
        lost + other.lost,
        since.isBefore(other.since) ? since : other.since,
        until.isAfter(other.until) ? until : other.until);
  }

  /// A record that tells of it.
  AuditRecord record(Instant now) {
    var why = lost + " records of the time from " + since + " to " + until + " were lost";
    var subject = new Subject(Optional.empty(), "audit/resumed", Optional.empty());
    var ending = new Ending(Outcome.ERROR, OptionalInt.empty(), Optional.empty(), why);
    return AuditRecord.of(now, Event.LIFECYCLE, Origin.GATEWAY, subject, ending)
        .with(Json.object("lost", lost, "since", since.toString(), "until", until.toString()));
  }
}
