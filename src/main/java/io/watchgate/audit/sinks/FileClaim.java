package io.watchgate.audit.sinks;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// A file that no other gateway writes to. When the one that was asked for is in use, it is the
/// first free one beside it: `audit.csv`, `audit.2.csv` and so on. Another file, with `.lock`
/// behind its name, is locked meanwhile.
final class FileClaim implements Closeable {
  private static final int MOST_GATEWAYS = 64;

  /// A lock ends when anybody in the process closes the file, so nobody here opens it twice.
  private static final Set<Path> OURS = ConcurrentHashMap.newKeySet();

  private final Path file;
  private final FileChannel lock;

  private FileClaim(Path file, FileChannel lock) {
    this.file = file;
    this.lock = lock;
  }

  /// Takes hold of the file, or one beside it.
  static FileClaim on(Path wanted) throws IOException {
    var file = wanted.toAbsolutePath().normalize();
    makeDirectory(file);
    for (int number = 1; number <= MOST_GATEWAYS; number++) {
      var candidate = beside(file, number == 1 ? "" : "." + number);
      if (OURS.add(candidate)) {
        var channel = lock(candidate);
        if (channel.isPresent()) {
          return new FileClaim(candidate, channel.get());
        }
        OURS.remove(candidate);
      }
    }
    throw new IOException(MOST_GATEWAYS + " gateways write to " + file + " and those beside it");
  }

  /// The file whose name has something more before its ending.
  static Path beside(Path file, String more) {
    var name = file.getFileName().toString();
    int dot = name.lastIndexOf('.');
    int end = dot > 0 ? dot : name.length();
    return file.resolveSibling(name.substring(0, end) + more + name.substring(end));
  }

  private static Optional<FileChannel> lock(Path file) throws IOException {
    var path = file.resolveSibling(file.getFileName() + ".lock");
    try {
      create(path);
      var channel = FileChannel.open(path, StandardOpenOption.WRITE);
      if (channel.tryLock() != null) {
        return Optional.of(channel);
      }
      channel.close();
      return Optional.empty();
    } catch (IOException failure) {
      OURS.remove(file);
      throw failure;
    }
  }

  Path file() {
    return file;
  }

  /// Makes the file if it is not there, readable by nobody else.
  ///
  /// @throws IOException also when it is no file that lines can be added to
  void create() throws IOException {
    makeDirectory(file);
    create(file);
    if (!Files.isRegularFile(file)) {
      throw new IOException(file + " is no regular file");
    }
  }

  static void create(Path file) throws IOException {
    try {
      Files.createFile(file, ownerOnly(file, "rw-------"));
    } catch (FileAlreadyExistsException _) {
      // as good
    }
  }

  static void makeDirectory(Path file) throws IOException {
    var directory = file.toAbsolutePath().getParent();
    if (directory != null && !Files.isDirectory(directory)) {
      Files.createDirectories(directory, ownerOnly(file, "rwx------"));
    }
  }

  private static FileAttribute<?>[] ownerOnly(Path file, String permissions) {
    return file.getFileSystem().supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
        }
        : new FileAttribute<?>[0];
  }

  @Override
  public void close() throws IOException {
    try {
      lock.close();
    } finally {
      OURS.remove(file);
    }
  }
}
