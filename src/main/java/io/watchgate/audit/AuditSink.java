package io.watchgate.audit;

/// Where audit records go. Called on many threads at once.
public interface AuditSink {

  /// Keeps a record. Does not throw: a sink that fails says so in its own way.
  void write(AuditRecord record);
}
