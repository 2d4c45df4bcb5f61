package io.watchgate.plugin;

import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// What a plugin has around it.
///
/// @param state directory for what has to survive a restart; may not exist yet
/// @param clock says when something happens
/// @param pause lets time pass by the same clock
/// @param random whatever is drawn by lot and is no secret
/// @param lists hears when the plugin makes something else of a server's lists than before
/// @param journal has recorded what is no verdict
public record Home(
    Path state,
    InstantSource clock,
    Pause pause,
    RandomGenerator random,
    Lists lists,
    Journal journal) {

  /// A home in which nobody keeps lists or records, for tests.
  public Home(Path state, InstantSource clock, Pause pause, RandomGenerator random) {
    this(state, clock, pause, random, _ -> {}, (_, _, _, _) -> {});
  }

  /// The same with another journal.
  public Home with(Journal other) {
    return new Home(state, clock, pause, random, lists, other);
  }

  /// Where a plugin has recorded what it found or did.
  @FunctionalInterface
  public interface Journal {
    /// Has something recorded by all that record.
    ///
    /// @param what in the form `pins/changed`
    /// @param server that it is about, empty for none
    /// @param name of the tool or the like that it is about, empty for none
    /// @param why for people; never what is hidden
    void note(String what, Optional<String> server, Optional<String> name, String why);
  }

  /// Waits, so that a test does not have to.
  @FunctionalInterface
  public interface Pause {
    void pass(Duration duration) throws InterruptedException;
  }

  /// What is kept of servers' lists, as plugins made it.
  @FunctionalInterface
  public interface Lists {
    /// Has the lists of a server read again, and clients told that they changed. A server that
    /// nobody knows is none's concern.
    void changed(String server);
  }
}
