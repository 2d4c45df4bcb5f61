package io.watchgate.audit.sinks;

import io.watchgate.jsonrpc.Json;
import io.watchgate.plugin.AuditRecord;
import java.io.IOException;
import java.util.List;

/// Where a recorder's records go. Used by one thread, but for `close` and `about`.
interface Target {
  /// Keeps records in their order, all of them or none as far as it can. Those that it failed on
  /// come again, in front of later ones.
  ///
  /// @throws TargetRefused when it will never keep these, so that others can be kept
  /// @throws IOException when it is away, and may keep them later
  void keep(List<AuditRecord> batch) throws IOException, InterruptedException;

  /// What it is, for people: a file, an address.
  String name();

  /// What there is to tell of it in the status.
  default Json about() {
    return Json.EMPTY_OBJECT;
  }

  /// Lets go of it, also while a batch is being kept.
  void close() throws IOException;
}
