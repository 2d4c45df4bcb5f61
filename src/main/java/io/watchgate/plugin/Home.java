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
public record Home(Path state, InstantSource clock, Pause pause, RandomGenerator random) {

  /// Waits, so that a test does not have to.
  @FunctionalInterface
  public interface Pause {
    void pass(Duration duration) throws InterruptedException;
  }
}
