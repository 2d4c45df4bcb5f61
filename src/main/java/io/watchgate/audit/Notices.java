package io.watchgate.audit;

import io.watchgate.jsonrpc.Json;
import io.watchgate.plugin.AuditRecord;
import io.watchgate.plugin.AuditRecord.Ending;
import io.watchgate.plugin.AuditRecord.Event;
import io.watchgate.plugin.AuditRecord.Origin;
import io.watchgate.plugin.AuditRecord.Outcome;
import io.watchgate.plugin.AuditRecord.Subject;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Optional;
import java.util.OptionalInt;

/// The records that a log makes of what happens to itself.
///
/// @param clock says when that is
record Notices(InstantSource clock) {
  /// Another file begins.
  ///
  /// @param tree over all lines before it, so that the file can be gone on with alone
  AuditRecord rotated(MerkleTree tree) {
    var nodes =
        tree.nodes().stream()
            .map(node -> Json.string(Base64.getEncoder().encodeToString(node)))
            .toList();
    return record("audit/rotated", "", "tree", Json.array(nodes));
  }

  /// A line that was not written to its end was cut off.
  AuditRecord recovered(long bytes) {
    return record("audit/recovered", "a line was not written to its end", "cut", bytes);
  }

  /// Lines are gone that a checkpoint covers.
  AuditRecord shortened(long size, long before) {
    var why = "the newest checkpoint has %d lines, the log %d".formatted(before, size);
    return record("audit/shortened", why, "size", size, "checkpoint", before);
  }

  /// Records can be kept again.
  ///
  /// @param lost records that are not in the log
  AuditRecord resumed(Gap gap, long lost) {
    return record("audit/resumed", gap.why(), "lost", lost, "since", gap.since().toString());
  }

  /// Closed files are about to be removed, as the configuration says.
  ///
  /// @param head hash of the last line that goes
  AuditRecord removed(long from, long to, String head) {
    return record("audit/removed", "", "from", from, "to", to, "head", head);
  }

  private AuditRecord record(String method, String why, Object... members) {
    var subject = new Subject(Optional.empty(), method, Optional.empty());
    var ending = new Ending(Outcome.ALLOWED, OptionalInt.empty(), Optional.empty(), why);
    return AuditRecord.of(clock.instant(), Event.LIFECYCLE, Origin.GATEWAY, subject, ending)
        .with(Json.object(members));
  }
}
