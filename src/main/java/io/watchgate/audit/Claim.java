package io.watchgate.audit;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The right to write to a log, held by one gateway at a time. Where another has it, the log with
/// the next number is taken: `audit.jsonl`, `audit.2.jsonl`, and so on.
final class Claim implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Claim.class);
  private static final int MOST_LOGS = 64;

  /// The locks of this process.
  private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

  private static final byte[] BEGINNING = {'{', '"', 's', 'e', 'q', '"', ':'};

  private final LogFiles files;
  private FileChannel channel;

  private Claim(LogFiles files, FileChannel channel) {
    this.files = files;
    this.channel = channel;
  }

  /// The first log of these names that nobody writes to.
  static Claim of(Path wanted, Disk disk) throws IOException {
    var directory = wanted.toAbsolutePath().getParent();
    if (directory != null) {
      disk.createDirectories(directory);
    }
    for (int number = 1; number <= MOST_LOGS; number++) {
      var files = new LogFiles(numbered(wanted, number));
      var channel = isLog(files.active()) ? locked(files.lock()) : null;
      if (channel != null) {
        return new Claim(files, channel);
      }
    }
    throw new IOException(
        "all %d logs beside %s are in use: name another output_file".formatted(MOST_LOGS, wanted));
  }

  private static Path numbered(Path wanted, int number) {
    var name = wanted.getFileName().toString();
    int dot = name.lastIndexOf('.');
    int end = dot > 0 ? dot : name.length();
    return number == 1
        ? wanted
        : wanted.resolveSibling(name.substring(0, end) + "." + number + name.substring(end));
  }

  /// Whether it is a log, or nothing yet: what somebody else wrote is never written to.
  private static boolean isLog(Path file) throws IOException {
    if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      return true;
    }
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      throw new IOException(file + " is no regular file: name another output_file");
    }
    try (var in = Files.newInputStream(file)) {
      var start = in.readNBytes(BEGINNING.length);
      if (Arrays.equals(start, Arrays.copyOf(BEGINNING, start.length))) {
        return true;
      }
    }
    log.warn("{} holds something else than an audit log: another file is written to", file);
    return false;
  }

  /// Never opens a lock that this process has: when any channel of the file is closed, the system
  /// takes the lock of the whole process away.
  private static @Nullable FileChannel locked(Path file) throws IOException {
    if (!HELD.add(file.toAbsolutePath())) {
      return null;
    }
    FileChannel channel = null;
    try {
      channel = lockedByNobody(file);
    } finally {
      if (channel == null) {
        HELD.remove(file.toAbsolutePath());
      }
    }
    return channel;
  }

  private static @Nullable FileChannel lockedByNobody(Path file) throws IOException {
    var options =
        Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
    var channel = FileChannel.open(file, options, Disk.OWNERS_FILE);
    FileLock lock = null;
    try {
      lock = channel.tryLock();
    } finally {
      if (lock == null) {
        channel.close();
      }
    }
    return lock == null ? null : channel;
  }

  LogFiles files() {
    return files;
  }

  /// Takes the lock again where its file was removed.
  void renew() throws IOException {
    if (Files.exists(files.lock())) {
      return;
    }
    var again = lockedByNobody(files.lock());
    if (again == null) {
      throw new IOException("another gateway took " + files.active());
    }
    channel.close();
    channel = again;
  }

  @Override
  public void close() throws IOException {
    try {
      channel.close();
    } finally {
      HELD.remove(files.lock().toAbsolutePath());
    }
  }
}
