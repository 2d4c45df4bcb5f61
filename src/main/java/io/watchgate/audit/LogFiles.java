package io.watchgate.audit;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.TreeSet;

/// The files of one log: the active one, which is written to, closed ones with the number of their
/// first line in their names, some of them compressed, the checkpoints, and the lock.
///
/// @param active the file that is written to; it need not exist
record LogFiles(Path active) {

  /// The logs whose files lie in a directory, by their names.
  static List<LogFiles> in(Path directory) throws IOException {
    var stems = new TreeSet<String>();
    for (var file : files(directory)) {
      if (file.isClosed() || !file.isCompressed()) {
        stems.add(file.stem());
      }
    }
    return stems.stream()
        .map(stem -> new LogFiles(directory.resolve(stem + LogFile.ENDING)))
        .toList();
  }

  /// The log that a closed file is of.
  static LogFiles of(LogFile file) {
    return new LogFiles(file.path().resolveSibling(file.stem() + LogFile.ENDING));
  }

  private static List<LogFile> files(Path directory) throws IOException {
    var files = new ArrayList<LogFile>();
    try (var paths = Files.newDirectoryStream(directory, "*" + LogFile.ENDING + "{,.gz}")) {
      paths.forEach(path -> files.add(LogFile.of(path)));
    } catch (DirectoryIteratorException failure) {
      throw failure.getCause();
    }
    return files;
  }

  private LogFile activeFile() {
    return new LogFile(active, OptionalLong.empty());
  }

  private String stem() {
    return activeFile().stem();
  }

  /// What the active file is called once it is closed.
  Path closed(long firstSeq) {
    return active.resolveSibling(LogFile.closedName(stem(), firstSeq));
  }

  /// What a closed file is called once it is compressed.
  static Path compressed(Path closed) {
    return closed.resolveSibling(closed.getFileName() + LogFile.COMPRESSED);
  }

  /// Where the checkpoints are.
  Path checkpoints() {
    return active.resolveSibling(stem() + ".checkpoints");
  }

  /// What a gateway holds a lock on as long as it writes.
  Path lock() {
    return active.resolveSibling(active.getFileName() + ".lock");
  }

  /// Whether a gateway writes to the log at this moment. Asked for in another process than that of
  /// the gateway only: the lock of a process goes when it closes any channel of the file.
  boolean isBeingWritten() throws IOException {
    try (var channel = FileChannel.open(lock(), StandardOpenOption.READ);
        var free = channel.tryLock(0, Long.MAX_VALUE, true)) {
      return free == null;
    } catch (OverlappingFileLockException _) {
      return true;
    } catch (NoSuchFileException _) {
      return false;
    }
  }

  /// The closed files in the order of their lines. Of one that is there twice, while it is
  /// compressed, it is the original: the other may not be whole.
  List<LogFile> closed() throws IOException {
    var files = new TreeMap<Long, LogFile>();
    var directory = active.toAbsolutePath().getParent();
    if (directory == null || !Files.isDirectory(directory)) {
      return List.of();
    }
    var stem = stem();
    for (var file : files(directory)) {
      if (file.isClosed() && file.stem().equals(stem)) {
        files.merge(
            file.firstSeq().getAsLong(), file, (one, other) -> one.isCompressed() ? other : one);
      }
    }
    return List.copyOf(files.values());
  }

  /// All files with lines in the order of the lines: the closed ones, and the active one if there
  /// is any.
  List<LogFile> all() throws IOException {
    var files = new ArrayList<>(closed());
    if (Files.exists(active)) {
      files.add(activeFile());
    }
    return files;
  }
}
