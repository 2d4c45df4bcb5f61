package io.watchgate.flow;

/// Hears what happens beside the requests of clients, for whoever keeps a record of it. Returns at
/// once. Safe for threads.
@FunctionalInterface
public interface Witness {
  /// Looks away.
  Witness NONE = _ -> {};

  void saw(Occurrence occurrence);
}
