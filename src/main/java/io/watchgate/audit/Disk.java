package io.watchgate.audit;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/// What writing a log asks of a disk, so that a test can have one that fails.
interface Disk {
  /// The disks of this machine.
  Disk REAL = new RealDisk();

  FileAttribute<?> OWNERS_FILE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  /// Makes a directory and those above it, for their owner alone, where there are none.
  void createDirectories(Path directory) throws IOException;

  /// Opens a file to write behind its end; makes one for its owner alone where there is none.
  Appender append(Path file) throws IOException;

  /// Gives a file another name, in place of a file that has it.
  void rename(Path from, Path to) throws IOException;

  void delete(Path file) throws IOException;

  /// Has names of files that were given and taken survive a crash.
  void forceDirectory(Path directory) throws IOException;

  /// A file that is written to, by one thread at a time.
  interface Appender extends AutoCloseable {
    long size() throws IOException;

    /// Writes bytes behind the end, perhaps not all of them.
    int write(ByteBuffer bytes) throws IOException;

    /// Has what was written survive a crash.
    void force() throws IOException;

    /// Cuts off what is behind a size.
    void cut(long size) throws IOException;

    /// Whether its path still leads to it.
    boolean isInPlace() throws IOException;

    @Override
    void close() throws IOException;
  }

  /// Writes all bytes behind the end of a file.
  static void writeAll(Appender file, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      if (file.write(bytes) == 0) {
        throw new IOException("the disk takes nothing more");
      }
    }
  }

  /// The disks of this machine.
  final class RealDisk implements Disk {
    private static final FileAttribute<?> OWNERS_DIRECTORY =
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    private RealDisk() {}

    @Override
    public void createDirectories(Path directory) throws IOException {
      if (!Files.isDirectory(directory)) {
        Files.createDirectories(directory, OWNERS_DIRECTORY);
      }
    }

    @Override
    public Appender append(Path file) throws IOException {
      var options =
          Set.of(
              StandardOpenOption.CREATE,
              StandardOpenOption.APPEND,
              java.nio.file.LinkOption.NOFOLLOW_LINKS);
      var channel = FileChannel.open(file, options, OWNERS_FILE);
      return new RealAppender(file, channel, key(file));
    }

    private static Object key(Path file) throws IOException {
      var key = Files.readAttributes(file, BasicFileAttributes.class).fileKey();
      return key == null ? file : key;
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    }

    @Override
    public void delete(Path file) throws IOException {
      Files.deleteIfExists(file);
    }

    @Override
    public void forceDirectory(Path directory) throws IOException {
      try (var channel = FileChannel.open(directory, StandardOpenOption.READ)) {
        channel.force(true);
      }
    }
  }

  /// A file of this machine.
  ///
  /// @param key tells the file from others that get its name
  record RealAppender(Path file, FileChannel channel, Object key) implements Appender {
    @Override
    public long size() throws IOException {
      return channel.size();
    }

    @Override
    public int write(ByteBuffer bytes) throws IOException {
      return channel.write(bytes);
    }

    @Override
    public void force() throws IOException {
      channel.force(false);
    }

    @Override
    public void cut(long size) throws IOException {
      channel.truncate(size);
    }

    @Override
    public boolean isInPlace() throws IOException {
      try {
        return RealDisk.key(file).equals(key);
      } catch (NoSuchFileException _) {
        return false;
      }
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }
}
