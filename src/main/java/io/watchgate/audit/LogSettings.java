package io.watchgate.audit;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/// How a log is written.
///
/// @param compress whether closed files are
record LogSettings(
    Durability durability,
    Window window,
    Rotate rotate,
    Retain retain,
    boolean compress,
    Checkpoints checkpoints) {
  /// What holds where the configuration says nothing.
  static final LogSettings STANDARD =
      new LogSettings(
          Durability.BOUNDED,
          new Window(Duration.ofMillis(100), 1_000),
          new Rotate(64 << 20, Duration.ofHours(24)),
          new Retain(100, Duration.ofDays(90)),
          true,
          new Checkpoints(Duration.ofSeconds(10), Optional.empty()));

  /// How long the records that no line on the disk has yet wait for others to be written with.
  private static final Duration STRICT_GATHERING = Duration.ofMillis(10);

  /// When a record is safe.
  enum Durability {
    /// When its line is on the disk.
    STRICT,
    /// At once, as long as what is not on the disk yet is within the window.
    BOUNDED,
    /// At once. Lines are given to the system, which has them on the disk when it likes.
    BEST_EFFORT
  }

  /// What may be lost in a crash where the durability is bounded.
  record Window(Duration time, int records) {}

  /// When another file is begun.
  ///
  /// @param size in bytes
  record Rotate(long size, Duration age) {}

  /// Which closed files stay: so many, none older.
  record Retain(int files, Duration age) {}

  /// What is signed, and when.
  ///
  /// @param copy where a copy of each checkpoint goes
  record Checkpoints(Duration interval, Optional<Copy> copy) {}

  /// A second place for checkpoints.
  sealed interface Copy {
    record ToFile(Path file) implements Copy {}

    record ToServer(URI uri) implements Copy {}
  }

  /// How long a record may wait for others to be written with. Half the window: the other half is
  /// for the disk.
  Duration gathering() {
    return durability == Durability.STRICT ? STRICT_GATHERING : window.time.dividedBy(2);
  }

  /// How many records are written without waiting for more.
  int enough() {
    return Math.max(1, window.records / 2);
  }

  LogSettings with(Durability other) {
    return new LogSettings(other, window, rotate, retain, compress, checkpoints);
  }

  LogSettings with(Window other) {
    return new LogSettings(durability, other, rotate, retain, compress, checkpoints);
  }

  LogSettings with(Rotate other) {
    return new LogSettings(durability, window, other, retain, compress, checkpoints);
  }

  LogSettings with(Retain other) {
    return new LogSettings(durability, window, rotate, other, compress, checkpoints);
  }

  LogSettings with(Checkpoints other) {
    return new LogSettings(durability, window, rotate, retain, compress, other);
  }
}
