package io.watchgate.audit;

import io.watchgate.jsonrpc.Json;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/// Reads the records of logs for people, in the order of time. Verifies nothing.
public final class LogReader {
  private final LongConsumer progress;
  private long unreadable;

  /// @param progress is told of more bytes that were read
  public LogReader(LongConsumer progress) {
    this.progress = progress;
  }

  /// Bytes of all files that a path stands for.
  public static long work(Path path) throws IOException {
    long work = 0;
    for (var part : LogPart.at(path)) {
      work += part.size();
    }
    return work;
  }

  /// Reads all that a path stands for: the logs of a directory at the same time.
  public void read(Path path, Consumer<Json> reader) throws IOException {
    var cursors = new ArrayList<Cursor>();
    try {
      for (var part : LogPart.at(path)) {
        cursors.add(new Cursor(part.walk(progress)));
      }
      merge(cursors, reader);
    } finally {
      for (var cursor : cursors) {
        cursor.close();
      }
    }
  }

  private static void merge(List<Cursor> cursors, Consumer<Json> reader) throws IOException {
    var next = new PriorityQueue<Cursor>(Comparator.comparing(Cursor::time));
    for (var cursor : cursors) {
      if (cursor.advance()) {
        next.add(cursor);
      }
    }
    while (!next.isEmpty()) {
      var earliest = next.remove();
      reader.accept(earliest.record);
      if (earliest.advance()) {
        next.add(earliest);
      }
    }
  }

  /// Lines that are no records. A line that is being written is none of them.
  public long unreadable() {
    return unreadable;
  }

  /// Where the reading of one log is.
  private final class Cursor implements AutoCloseable {
    private final LogWalk walk;
    private LogWalk.@Nullable Opened opened;
    private Json record = Json.EMPTY_OBJECT;

    private Cursor(LogWalk walk) {
      this.walk = walk;
    }

    /// All are written in one form, in which earlier is smaller.
    private String time() {
      return record.textMember("time").orElse("");
    }

    private boolean advance() throws IOException {
      for (var line = line(); line != null; line = line()) {
        var found = line.isWhole() ? line.json() : Optional.<Json>empty();
        if (found.isPresent()) {
          record = found.get();
          return true;
        }
        unreadable += line.isWhole() ? 1 : 0;
      }
      return false;
    }

    private @Nullable Line line() throws IOException {
      while (true) {
        if (opened == null) {
          opened = walk.next();
        }
        if (opened == null) {
          return null;
        }
        var line = next(opened);
        if (line != null) {
          return line;
        }
        opened.close();
        opened = null;
      }
    }

    private static @Nullable Line next(LogWalk.Opened opened) throws IOException {
      try {
        return opened.lines().next();
      } catch (ZipException | EOFException damaged) {
        throw new IOException(
            "%s cannot be decompressed (%s): `watchgate audit verify` says more"
                .formatted(opened.file().path(), damaged.getMessage()),
            damaged);
      }
    }

    @Override
    public void close() throws IOException {
      if (opened != null) {
        opened.close();
      }
    }
  }
}
