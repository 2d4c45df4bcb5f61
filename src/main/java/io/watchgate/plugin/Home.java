package io.watchgate.plugin;

import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.random.RandomGenerator;

/// What a plugin has around it.
///
/// @param state directory for what has to survive a restart; may not exist yet
/// @param clock says when something happens
/// @param pause lets time pass by the same clock
/// @param random whatever is drawn by lot and is no secret
/// @param lists hears when the plugin makes something else of a server's lists than before
public record Home(
    Path state, InstantSource clock, Pause pause, RandomGenerator random, Lists lists) {

  /// A home in which nobody keeps lists, for tests.
  public Home(Path state, InstantSource clock, Pause pause, RandomGenerator random) {
    this(state, clock, pause, random, _ -> {});
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
