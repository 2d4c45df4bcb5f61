package io.watchgate.audit.sinks;

import java.io.Closeable;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;

/// An open file in which lines are there whole or not at all.
final class LineFile implements Closeable {
  private static final int BLOCK = 8 * 1024;

  private final RandomAccessFile file;
  private final Whereabouts whereabouts;
  private long end;

  private LineFile(RandomAccessFile file, Whereabouts whereabouts, long end) {
    this.file = file;
    this.whereabouts = whereabouts;
    this.end = end;
  }

  /// Opens a file that exists. Half a line at its end, which a crash left there, is overwritten by
  /// the next one.
  static LineFile open(Path path) throws IOException {
    // No channel: an interrupt would close that.
    var file = new RandomAccessFile(path.toFile(), "rw");
    try {
      return new LineFile(file, Whereabouts.of(path), endOfLines(file));
    } catch (IOException failure) {
      file.close();
      throw failure;
    }
  }

  private static long endOfLines(RandomAccessFile file) throws IOException {
    var block = new byte[BLOCK];
    for (long to = file.length(); to > 0; ) {
      long from = Math.max(0, to - BLOCK);
      file.seek(from);
      file.readFully(block, 0, (int) (to - from));
      for (int i = (int) (to - from) - 1; i >= 0; i--) {
        if (block[i] == '\n') {
          return from + i + 1;
        }
      }
      to = from;
    }
    return 0;
  }

  /// Bytes of whole lines.
  long size() {
    return end;
  }

  /// Whether its name still leads to it.
  boolean isStillThere() {
    return whereabouts.areTheSame();
  }

  /// Adds lines, all or none.
  ///
  /// @param isForced whether they are on the disk afterwards
  void append(byte[] lines, boolean isForced) throws IOException {
    if (file.length() > end) {
      file.setLength(end); // what another time was not written to its end
    }
    file.seek(end);
    file.write(lines);
    if (isForced) {
      file.getFD().sync();
    }
    end += lines.length;
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
