package io.watchgate.security.toolguard;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The pins of one server in their file. Several gateways, and whoever approves, may have the same
/// file: each change is made under a lock to what the file says by then, and the file is replaced
/// as a whole. A file that cannot be read is an error, never a server without pins.
final class PinFile {
  private static final FileAttribute<?> OWNERS_FILE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
  private static final FileAttribute<?> OWNERS_DIRECTORY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

  /// A lock on a file is one of the whole process.
  private static final ReentrantLock IN_PROCESS = new ReentrantLock();

  private static final Logger log = LoggerFactory.getLogger(PinFile.class);

  private final String server;
  private final Path file;
  private final boolean isForgiving;
  private volatile @Nullable Known known;
  private volatile @Nullable Pins unsaved;

  /// What the file said when it was as the stamp says.
  private record Known(Stamp stamp, Pins pins) {}

  /// Tells a file from the one that replaces it.
  private record Stamp(FileTime changed, long size, @Nullable Object key) {
    static Stamp of(Path file) throws IOException {
      try {
        var about = Files.readAttributes(file, BasicFileAttributes.class);
        return new Stamp(about.lastModifiedTime(), about.size(), about.fileKey());
      } catch (NoSuchFileException _) {
        return new Stamp(FileTime.fromMillis(0), -1, null);
      }
    }
  }

  /// @param isForgiving whether pins that cannot be written are kept for this process alone
  PinFile(Path directory, String server, boolean isForgiving) {
    this.server = server;
    this.isForgiving = isForgiving;
    this.file = directory.resolve(server + ".json");
  }

  /// What the file says now, read anew when it is another.
  Pins pins() throws IOException {
    var forgotten = unsaved;
    if (forgotten != null) {
      return forgotten;
    }
    var stamp = Stamp.of(file);
    var last = known;
    if (last != null && last.stamp.equals(stamp)) {
      return last.pins;
    }
    var read = new Known(stamp, read());
    known = read;
    return read.pins;
  }

  private Pins read() throws IOException {
    try {
      return PinFormat.read(server, Files.readAllBytes(file));
    } catch (NoSuchFileException _) {
      return Pins.NONE;
    } catch (IOException damaged) {
      throw new Damaged(
          ("the pins of server \"%s\" cannot be read: %s in %s. Bring back a copy of the file, or"
                  + " remove it: then all that the server offers is seen for the first time")
              .formatted(server, damaged.getMessage(), file),
          damaged);
    }
  }

  /// Changes the pins, and returns what they are then.
  Pins update(UnaryOperator<Pins> change) throws IOException {
    try {
      return saved(change);
    } catch (Damaged damaged) {
      throw damaged;
    } catch (IOException failure) {
      if (!isForgiving) {
        throw failure;
      }
      if (unsaved == null) {
        log.warn(
            "pins of server \"{}\" are lost with this process: {}", server, failure.toString());
      }
      var kept = change.apply(pins());
      unsaved = kept;
      return kept;
    }
  }

  private Pins saved(UnaryOperator<Pins> change) throws IOException {
    Files.createDirectories(file.toAbsolutePath().getParent(), OWNERS_DIRECTORY);
    var lock = file.resolveSibling(server + ".lock");
    IN_PROCESS.lock();
    try (var channel =
            FileChannel.open(
                lock, Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE), OWNERS_FILE);
        var _ = channel.lock()) {
      var before = pins();
      var after = change.apply(before);
      if (!after.equals(before)) {
        write(after);
      }
      return pins();
    } finally {
      IN_PROCESS.unlock();
    }
  }

  private void write(Pins pins) throws IOException {
    var draft =
        Files.createTempFile(file.toAbsolutePath().getParent(), "pins", ".draft", OWNERS_FILE);
    try {
      Files.write(draft, PinFormat.write(server, pins), StandardOpenOption.SYNC);
      Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(draft);
    }
  }

  /// A file that says nothing that can be relied on.
  private static final class Damaged extends IOException {
    Damaged(String what, IOException cause) {
      super(what, cause);
    }
  }
}
