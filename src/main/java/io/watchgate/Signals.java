package io.watchgate;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sun.misc.Signal;

/// Signals of the operating system. The JDK has no other way to hear of them than the one that it
/// calls unsupported, and which every server in Java uses.
final class Signals {
  private static final Logger log = LoggerFactory.getLogger(Signals.class);

  private Signals() {}

  /// Has a signal run an action, each time on a thread of its own, in the place of what it does
  /// otherwise. Where the system has no such signal, or the JVM was told to leave it alone, nothing
  /// changes.
  ///
  /// @param name as in `HUP`
  /// @return has the signal do again what it did before
  static Runnable on(String name, Runnable action) {
    try {
      var signal = new Signal(name);
      var before = Signal.handle(signal, _ -> action.run());
      return () -> {
        var _ = Signal.handle(signal, before);
      };
    } catch (IllegalArgumentException unknown) {
      log.debug("SIG{} cannot be heard: {}", name, unknown.getMessage());
      return () -> {};
    }
  }
}
