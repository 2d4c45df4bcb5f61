package io.watchgate.audit;

import io.watchgate.jsonrpc.Json;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Follows a log while it is written: gives what was added since it was last asked, also when the
/// file was closed and another one begun meanwhile.
public final class LogFollower implements AutoCloseable {
  /// What is looked at for one of the last lines: most are far shorter.
  private static final int BYTES_PER_LINE = 4096;

  private final LogFiles log;
  private @Nullable Lines lines;
  private @Nullable Object file;
  private long lastSeq;

  private LogFollower(LogFiles log) {
    this.log = log;
  }

  /// Follows what a path stands for.
  ///
  /// @throws IOException when there is no log, or more than one
  public static LogFollower of(Path path) throws IOException {
    var parts = LogPart.at(path);
    if (parts.size() > 1) {
      throw new IOException(
          path + " has several logs: name one of " + parts.stream().map(LogPart::path).toList());
    }
    return new LogFollower(parts.getFirst().log());
  }

  /// The last records of the file that is written to; what follows is given by {@link #poll}.
  public List<Json> last(int count) throws IOException {
    var records = new ArrayDeque<Json>();
    var in = open();
    if (in != null) {
      long skipped = Math.max(0, Files.size(log.active()) - (long) count * BYTES_PER_LINE);
      in.skipNBytes(skipped);
      lines = new Lines(in);
      if (skipped > 0) {
        lines.nextWhole(); // the end of a line whose beginning was skipped
      }
      drain(record -> {
        records.add(record);
        if (records.size() > count) {
          records.removeFirst();
        }
      });
    }
    return List.copyOf(records);
  }

  /// What was added.
  public List<Json> poll() throws IOException {
    var records = new ArrayList<Json>();
    drain(records::add);
    var now = key();
    if (now != null && !now.equals(file)) {
      drain(records::add);
      for (var closed : log.closed()) {
        if (closed.firstSeq().getAsLong() > lastSeq) {
          replace(new Lines(closed.open(_ -> {})));
          drain(records::add);
        }
      }
      var in = open();
      replace(in == null ? null : new Lines(in));
      drain(records::add);
    }
    return records;
  }

  private void replace(@Nullable Lines next) throws IOException {
    close();
    lines = next;
  }

  /// The key is taken first: should the file be closed in between, the next look shows another.
  private @Nullable InputStream open() throws IOException {
    file = key();
    try {
      return new LogFile(log.active(), OptionalLong.empty()).open(_ -> {});
    } catch (NoSuchFileException _) {
      return null;
    }
  }

  /// What tells the file from another under the same name, null when there is none.
  private @Nullable Object key() throws IOException {
    try {
      return Files.readAttributes(log.active(), BasicFileAttributes.class).fileKey();
    } catch (NoSuchFileException _) {
      return null;
    }
  }

  private void drain(Consumer<Json> reader) throws IOException {
    if (lines == null) {
      return;
    }
    for (var line = lines.nextWhole(); line != null; line = lines.nextWhole()) {
      if (line.seq() > lastSeq) {
        lastSeq = line.seq();
        line.json().ifPresent(reader);
      }
    }
  }

  @Override
  public void close() throws IOException {
    if (lines != null) {
      lines.close();
    }
  }
}
