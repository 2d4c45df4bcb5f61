package io.watchgate.simulation;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.watchgate.SimulatedGateway;
import io.watchgate.config.ConfigLoader;
import io.watchgate.downstream.DirectListener;
import io.watchgate.simulation.Temper.Eras;
import io.watchgate.upstream.SimulatedTransports;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;

/// One run of a whole gateway with servers and clients that do as a seed says.
final class Simulation {
  private static final Duration LONGEST_CALL = Duration.ofSeconds(20);
  private static final Duration SILENCE = Duration.ofSeconds(5);

  /// When everything that waits for something must have given up: parked calls wait longest.
  private static final Duration SETTLING = Duration.ofMinutes(10);

  private final World world;
  private final Ledger ledger;
  private final Records records;
  private final Mischief mischief;
  private final int limit;
  private final Map<String, SimulatedServer> servers = new LinkedHashMap<>();
  private boolean isStopped;
  private boolean hasEnded;

  private Simulation(long seed, Mischief mischief) throws ReflectiveOperationException {
    this.world = new World(seed);
    this.ledger = new Ledger(world);
    this.records = new Records(ledger);
    this.mischief = mischief;
    this.limit = world.chance(0.2) ? world.between(1, 5) : 100;
    for (int i = world.between(1, 4); i > 0; i--) {
      var name = "s" + i;
      servers.put(name, new SimulatedServer(world, ledger, name, temper(), SILENCE));
    }
  }

  /// What came of a run.
  ///
  /// @param wrong what must never be, empty when all was well
  record Outcome(Optional<String> wrong, List<String> story, Map<String, Integer> counts) {}

  /// @param directory for the configuration
  static Outcome run(long seed, Mischief mischief, Path directory)
      throws ReflectiveOperationException {
    return new Simulation(seed, mischief).run(directory);
  }

  /// Has what is logged become part of the story.
  static Outcome runWithLog(long seed, Path directory, Logger log)
      throws ReflectiveOperationException {
    var simulation = new Simulation(seed, Mischief.NONE);
    var story = simulation.world.story();
    var appender =
        new AppenderBase<ILoggingEvent>() {
          @Override
          protected void append(ILoggingEvent event) {
            story.tell("gateway", event.getLevel() + " " + event.getFormattedMessage());
          }
        };
    var level = log.getLevel();
    appender.start();
    log.addAppender(appender);
    log.setAdditive(false);
    log.setLevel(Level.DEBUG);
    try {
      return simulation.run(directory);
    } finally {
      log.setLevel(level);
      log.setAdditive(true);
      log.detachAppender(appender);
    }
  }

  private Outcome run(Path directory) throws ReflectiveOperationException {
    var before = Threads.virtual();
    world.run(() -> live(directory), ledger::check);
    var left = Threads.virtual();
    left.removeAll(before);
    if (!hasEnded) {
      ledger.broken("everybody waits, and nothing will happen: " + describe(left));
    } else if (!left.isEmpty()) {
      ledger.broken("threads are left: " + describe(left));
    }
    return new Outcome(world.story().wrong(), world.story().lines(), ledger.counts());
  }

  private static String describe(Set<Thread> threads) {
    return threads.stream()
        .map(thread -> "\n  " + thread.getName() + " in " + List.of(thread.getStackTrace()))
        .collect(Collectors.joining());
  }

  private Temper temper() {
    return new Temper(
        world.oneOf(List.of(Eras.values())),
        world.chance(0.5),
        world.upTo(Duration.ofSeconds(3)).plusMillis(1),
        world.chance(0.3) ? 0 : 0.4,
        0.15);
  }

  private void live(Path directory) {
    try (var gateway = gateway(directory)) {
      gateway.connect();
      var listener = gateway.listener();
      if (world.chance(0.25)) {
        world.after(world.upTo(Duration.ofSeconds(40)), "operator", () -> stop(gateway, listener));
      }
      liveWith(listener);
      servers.values().forEach(SimulatedServer::calm);
      for (int minute = 0; minute < SETTLING.toMinutes(); minute++) {
        world.pause(Duration.ofMinutes(1));
        listener.sweep();
      }
      world.story().tell("world", "is quiet: " + gateway.load());
      if (!isStopped) {
        new SimulatedClient(world, ledger, plan(), listener, "probe").probe();
        world.pause(Duration.ofMinutes(1));
      }
      ledger.checkEnd();
      records.checkEnd();
      servers.values().forEach(SimulatedServer::checkEnd);
      awaitRest(gateway);
      drain(listener);
    }
    hasEnded = true;
  }

  /// Lists may be read at any time, but not for long.
  private void awaitRest(SimulatedGateway gateway) {
    for (long second = 0; !isAtRest(gateway); second++) {
      if (second > SILENCE.toSeconds()) {
        ledger.broken("nobody does anything, and the gateway counts " + gateway.load());
        return;
      }
      world.pause(Duration.ofSeconds(1));
    }
  }

  private static boolean isAtRest(SimulatedGateway gateway) {
    return gateway.load().matches("(0 [a-z ]+(, )?)+");
  }

  private void stop(SimulatedGateway gateway, DirectListener listener) {
    world.story().tell("operator", "stops the gateway");
    isStopped = true;
    drain(listener);
    gateway.close();
    world.story().tell("operator", "has stopped the gateway");
  }

  private void drain(DirectListener listener) {
    try {
      listener.drain(world.upTo(Duration.ofSeconds(10)));
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private Plan plan() {
    return new Plan(List.copyOf(servers.keySet()), LONGEST_CALL, mischief);
  }

  private void liveWith(DirectListener listener) {
    int count = world.between(1, 6);
    var gone = new CountDownLatch(count);
    for (int i = 1; i <= count; i++) {
      var name = "c" + i;
      world.start(
          name,
          () -> {
            new SimulatedClient(world, ledger, plan(), listener, name).live();
            gone.countDown();
          });
    }
    try {
      gone.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private SimulatedGateway gateway(Path directory) {
    try {
      var file = Files.writeString(directory.resolve("watchgate.yaml"), config());
      var config = ConfigLoader.load(file, Map.of());
      var wiring = SimulatedTransports.to(servers, world.time());
      return new SimulatedGateway(
          SimulatedGateway.recordedBy(records, config),
          mischief.layer(world),
          world.random(),
          world.time(),
          wiring);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String config() {
    var text = new StringBuilder();
    text.append(
        """
        proxy:
          transport: stdio
          timeouts: {connection_timeout: 4s, request_timeout: %ds, max_request_timeout: %ds}
          limits: {max_concurrent_requests: %d, queue: %d, queue_timeout: 4s, adaptive: %s}
          upstreams:
        """
            .formatted(
                SILENCE.toSeconds(),
                LONGEST_CALL.toSeconds(),
                limit,
                world.between(0, 3),
                world.chance(0.3)));
    for (var server : servers.values()) {
      var target =
          server.hasExchanges()
              ? "url: \"http://" + server.name() + ".example/mcp\""
              : "command: [\"" + server.name() + "\"]";
      var sessions = world.chance(0.2) ? "shared" : "per_client";
      text.append(
          """
              - {name: %s, prefix: %s__, %s, sessions: %s, max_concurrent_requests: %d,
                 pool: {max: %d, queue: %d, queue_timeout: 3s, idle_timeout: %ds}}
          """
              .formatted(
                  server.name(),
                  server.name(),
                  target,
                  sessions,
                  world.chance(0.2) ? world.between(1, 4) : 100,
                  world.chance(0.5) ? world.between(1, 3) : 10,
                  world.between(0, 4),
                  world.chance(0.3) ? 3600 : world.between(2, 60)));
    }
    return text.toString();
  }
}
