package io.watchgate.middleware;

import io.watchgate.config.TestOptions;
import io.watchgate.plugin.Home;
import io.watchgate.plugin.Plugin;
import io.watchgate.plugin.PluginFactory;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Random;

/// The surroundings of a plugin, with a clock that moves when the test or a pause says so.
final class TestHome implements InstantSource, Home.Pause {
  private final Path state;
  private final Random random = new Random(1);
  private volatile Instant now = Instant.parse("2025-01-12T15:30:45.123456Z");
  private volatile Runnable meanwhile = () -> {};

  TestHome() {
    this(Path.of("nowhere"));
  }

  TestHome(Path state) {
    this.state = state;
  }

  Plugin make(PluginFactory factory, String options) {
    try {
      return factory.read(TestOptions.of(options)).make(home());
    } catch (IOException failure) {
      throw new IllegalStateException(failure);
    }
  }

  Home home() {
    return new Home(state, this, this, random);
  }

  /// What happens whenever somebody waits.
  void meanwhile(Runnable happens) {
    meanwhile = happens;
  }

  void turn(Duration by) {
    now = now.plus(by);
  }

  @Override
  public Instant instant() {
    return now;
  }

  @Override
  public void pass(Duration duration) throws InterruptedException {
    turn(duration);
    meanwhile.run();
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
  }
}
