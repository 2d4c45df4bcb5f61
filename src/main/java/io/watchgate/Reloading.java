package io.watchgate;

import io.watchgate.config.Fixed;
import io.watchgate.config.GatewayConfig;
import io.watchgate.config.InvalidConfigException;
import io.watchgate.flow.Fingerprint;
import io.watchgate.flow.Time;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps a running gateway to its configuration file: reads the file when it changed, or when it is
/// told to, and has the whole of it applied, or nothing where something is wrong.
///
/// The file is looked at twice a second and not watched by the system: what an editor renames, a
/// symbolic link that points elsewhere, a mounted volume and a network file system all look alike
/// to somebody who reads. It is taken when it says the same twice in a row, so that half a file is
/// no configuration.
final class Reloading implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Reloading.class);
  private static final Duration LOOK = Duration.ofMillis(500);

  /// More than the loader takes.
  private static final int MAX_BYTES = 2 << 20;

  private final Path file;
  private final Supplier<GatewayConfig> loader;
  private final Applying target;
  private final LiveStatus status;
  private final Time time;
  private final Thread watch;
  private Runnable putBack = () -> {};
  private GatewayConfig running;
  private GatewayConfig loaded;
  private String inForce = "";

  /// Takes a configuration that is valid and another one than before.
  @FunctionalInterface
  interface Applying {
    /// Applies it as a whole.
    ///
    /// @throws IOException when it cannot be applied; then nothing has changed
    void apply(GatewayConfig config) throws IOException;
  }

  /// @param loader reads the file and checks it
  /// @param running what was loaded at the start
  /// @param status hears how it went
  Reloading(
      Path file,
      Supplier<GatewayConfig> loader,
      GatewayConfig running,
      Applying target,
      LiveStatus status,
      Time time) {
    this.file = file;
    this.loader = loader;
    this.running = running;
    this.loaded = running;
    this.target = target;
    this.status = status;
    this.time = time;
    this.watch = Thread.ofVirtual().name("configuration").unstarted(this::watch);
  }

  /// Looks after the file from now on, and hears SIGHUP.
  Reloading start() {
    putBack =
        Signals.on(
            "HUP",
            () -> {
              log.info("SIGHUP: {} is read again", file);
              reload();
            });
    inForce = Fingerprint.whole(read());
    status.read("", inForce, Optional.empty());
    watch.start();
    log.info("{} is followed while the gateway runs", file);
    return this;
  }

  private void watch() {
    var known = new byte[0]; // what was loaded at the start may be older than what is there
    var last = known;
    try {
      while (true) {
        time.pass(LOOK);
        var now = read();
        if (Arrays.equals(now, last) && !Arrays.equals(now, known)) {
          known = now;
          reload();
        }
        last = now;
      }
    } catch (InterruptedException _) {
      log.debug("{} is looked after no more", file);
    }
  }

  /// What the file says, nothing when it cannot be read: the loader finds out why.
  private byte[] read() {
    try (var in = Files.newInputStream(file)) {
      return in.readNBytes(MAX_BYTES);
    } catch (IOException _) {
      return new byte[0];
    }
  }

  /// Reads the file now, and what it refers to.
  synchronized void reload() {
    try {
      var next = loader.get();
      if (next.equals(loaded)) {
        log.debug("{} says what is in force already", file);
        status.configured(Fixed.differences(running, next));
        return;
      }
      var fixed = Fixed.differences(running, next);
      var followed = Fixed.keep(running, next);
      target.apply(followed);
      if (!followed.logging().equals(running.logging())) {
        Logs.apply(followed.logging());
      }
      var read = Fingerprint.whole(read());
      status.read(inForce, read, Optional.empty());
      inForce = read;
      running = followed;
      loaded = next;
      status.configured(fixed);
      log.info("{} is in force", file);
      if (!fixed.isEmpty()) {
        log.warn("what it changes needs a restart: {}", String.join(", ", fixed));
      }
    } catch (InvalidConfigException invalid) {
      refused(String.valueOf(invalid.getMessage()));
    } catch (IOException failure) {
      refused(file + ": " + failure.getMessage());
    } catch (
        RuntimeException fault) { // supervised edge: the file must be looked after all the same
      log.error("{} cannot be applied", file, fault);
      status.misconfigured("internal error in the gateway; its log has the details");
    }
  }

  private void refused(String why) {
    log.error("the configuration is not taken, the one before is still in force:\n{}", why);
    status.read(inForce, Fingerprint.whole(read()), Optional.of(why));
    status.misconfigured(why);
  }

  @Override
  public void close() {
    putBack.run();
    watch.interrupt();
  }
}
