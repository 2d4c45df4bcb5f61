package io.watchgate.plugin;

import java.io.IOException;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/// A plugin that keeps what happened: an audit sink. It judges no messages. Safe for threads.
///
/// A critical recorder that cannot keep anything stops the gateway from taking calls until it can
/// again; one that is not critical is no call's concern.
public interface Recorder extends Plugin {

  /// A recorder judges nothing.
  @Override
  default Set<Moment> moments() {
    return EnumSet.noneOf(Moment.class);
  }

  /// The events whose bodies the recorder keeps; records of others come without.
  default Set<AuditRecord.Event> bodies() {
    return EnumSet.noneOf(AuditRecord.Event.class);
  }

  /// Takes a record. Returns at once: waits for no disk and no network, and holds a bounded number
  /// of records that are not kept yet.
  Receipt record(AuditRecord record);

  /// Why nothing can be kept now, for people; empty when all is well.
  default Optional<String> trouble() {
    return Optional.empty();
  }

  /// What a recorder gives for a record.
  @FunctionalInterface
  interface Receipt {
    /// The record is as safe as it will get.
    Receipt KEPT = () -> {};

    /// Waits until the record is as safe as the recorder promises.
    ///
    /// @throws IOException when it is lost, with the reason
    void await() throws IOException, InterruptedException;
  }
}
