package io.watchgate.audit.sinks;

import io.watchgate.config.TestOptions;
import io.watchgate.plugin.Home;
import io.watchgate.plugin.PluginFactory;
import io.watchgate.plugin.Recorder;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;

/// The surroundings of a sink. A pause ends when the test says so, or at once.
final class SinkHome implements InstantSource, Home.Pause {
  private final Path state;
  private final AtomicReference<Instant> now =
      new AtomicReference<>(Instant.parse("2026-01-02T12:00:00Z"));
  private final List<Duration> pauses = new CopyOnWriteArrayList<>();
  private final Semaphore ends = new Semaphore(0);

  SinkHome(Path state) {
    this.state = state;
  }

  Recorder make(PluginFactory factory, String options) throws IOException {
    return (Recorder) factory.read(TestOptions.of(options)).make(home());
  }

  Home home() {
    return new Home(state, this, this, new Random(1));
  }

  /// Has every pause end at once.
  SinkHome withoutPauses() {
    ends.release(Integer.MAX_VALUE / 2);
    return this;
  }

  void endPause() {
    ends.release();
  }

  void turn(Duration by) {
    now.updateAndGet(before -> before.plus(by));
  }

  List<Duration> pauses() {
    return pauses;
  }

  @Override
  public Instant instant() {
    return now.get();
  }

  @Override
  public void pass(Duration duration) throws InterruptedException {
    pauses.add(duration);
    ends.acquire();
    now.updateAndGet(before -> before.plus(duration));
  }
}
