package io.watchgate.audit;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayDeque;
import java.util.OptionalLong;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/// Goes through the files of a log in the order of their lines, each once, also while a gateway
/// closes and compresses them.
final class LogWalk {
  private final LogFiles log;
  private final LongConsumer read;
  private final ArrayDeque<LogFile> closed = new ArrayDeque<>();
  private long lastClosed = -1;
  private boolean ended;

  /// @param read is told how many more bytes of files were read
  LogWalk(LogFiles log, LongConsumer read) {
    this.log = log;
    this.read = read;
  }

  /// Goes through one closed file alone.
  static LogWalk alone(LogFile file, LongConsumer read) {
    var walk = new LogWalk(LogFiles.of(file), read);
    walk.closed.add(file);
    walk.ended = true;
    return walk;
  }

  /// A file that is open.
  record Opened(LogFile file, Lines lines) implements AutoCloseable {
    @Override
    public void close() throws IOException {
      lines.close();
    }
  }

  /// The next file, null behind the last.
  @Nullable Opened next() throws IOException {
    if (closed.isEmpty() && !ended) {
      find();
    }
    if (!closed.isEmpty()) {
      return openClosed(closed.removeFirst());
    }
    return ended ? null : active();
  }

  private void find() throws IOException {
    for (var file : log.closed()) {
      if (file.firstSeq().getAsLong() > lastClosed) {
        closed.add(file);
      }
    }
    if (!closed.isEmpty()) {
      lastClosed = closed.getLast().firstSeq().getAsLong();
    }
  }

  private Opened openClosed(LogFile file) throws IOException {
    try {
      return open(file);
    } catch (NoSuchFileException gone) {
      throw new IOException(
          file.path()
              + " went while the log was read: a gateway removes what is too old. Try again",
          gone);
    }
  }

  private Opened open(LogFile file) throws IOException {
    return new Opened(file, new Lines(file.open(read)));
  }

  /// Once it is open, it is looked whether it was closed a moment before: what was opened then is
  /// the one after it.
  private @Nullable Opened active() throws IOException {
    Opened active = null;
    try {
      active = open(new LogFile(log.active(), OptionalLong.empty()));
    } catch (NoSuchFileException _) {
      // a log may consist of closed files only
    }
    find();
    if (closed.isEmpty()) {
      ended = true;
      return active;
    }
    if (active != null) {
      active.close();
    }
    return openClosed(closed.removeFirst());
  }
}
