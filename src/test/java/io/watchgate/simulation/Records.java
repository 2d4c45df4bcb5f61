package io.watchgate.simulation;

import io.watchgate.plugin.AuditRecord;
import io.watchgate.plugin.AuditRecord.Event;
import io.watchgate.plugin.Recorder;
import java.util.HashSet;
import java.util.Set;

/// What the gateway records: of everything that is asked two records, the one before the other.
final class Records implements Recorder {
  private final Ledger ledger;
  private final Set<String> known = new HashSet<>();
  private final Set<String> open = new HashSet<>();

  Records(Ledger ledger) {
    this.ledger = ledger;
  }

  @Override
  public Receipt record(AuditRecord record) {
    var id = record.origin().requestId().orElse("");
    if (record.event() == Event.REQUEST) {
      open.add(id);
      if (!known.add(id)) {
        ledger.broken(record + " is on record twice");
      }
      ledger.count("recorded");
    } else if (record.event() == Event.RESPONSE && !open.remove(id)) {
      ledger.broken(record + " has no request on record, or ended before");
    }
    return Receipt.KEPT;
  }

  /// What must hold when nothing happens any more.
  void checkEnd() {
    open.forEach(id -> ledger.broken("no end is on record of " + id));
  }
}
