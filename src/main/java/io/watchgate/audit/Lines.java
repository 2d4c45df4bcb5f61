package io.watchgate.audit;

import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Cuts a file of a log into lines without copying them.
final class Lines implements AutoCloseable {
  /// The longest line: a body is at most one message, and what is around it is short.
  static final int MAX_BYTES = 64 << 20;

  private static final int BUFFER = 256 * 1024;

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long ONES = 0x0101010101010101L;
  private static final long HIGH_BITS = 0x8080808080808080L;
  private static final long NEWLINES = '\n' * ONES;

  private final InputStream in;
  private byte[] buffer;
  private int at;
  private int filled;
  private boolean ended;

  Lines(InputStream in) {
    this(in, BUFFER);
  }

  /// @param buffer bytes that are read at a time
  Lines(InputStream in, int buffer) {
    this.in = in;
    this.buffer = new byte[buffer];
  }

  /// The next line, null at the end. What is longer than a line can be comes in parts that are not
  /// whole, as does what has no line break behind it.
  @Nullable Line next() throws IOException {
    var line = nextWhole();
    return line == null && at < filled ? line(filled, false) : line;
  }

  /// The next line with a line break, null as long as there is none: more may come.
  @Nullable Line nextWhole() throws IOException {
    int searched = at;
    while (true) {
      int end = newline(searched);
      if (end < filled) {
        return line(end, true);
      }
      if (ended || filled - at >= MAX_BYTES) {
        ended = false;
        return null;
      }
      makeRoom();
      searched = filled;
      fill();
    }
  }

  /// Where the next line break is; the end of what is there for none. Looks at eight bytes at a
  /// time, since every byte of every log goes by here.
  private int newline(int from) {
    int i = from;
    for (; i <= filled - Long.BYTES; i += Long.BYTES) {
      long eight = (long) LONGS.get(buffer, i) ^ NEWLINES;
      long zeros = (eight - ONES) & ~eight & HIGH_BITS;
      if (zeros != 0) {
        return i + Long.numberOfTrailingZeros(zeros) / Byte.SIZE;
      }
    }
    while (i < filled && buffer[i] != '\n') {
      i++;
    }
    return i;
  }

  private Line line(int end, boolean whole) {
    var line = new Line(buffer, at, end - at, whole);
    at = whole ? end + 1 : end;
    return line;
  }

  private void makeRoom() {
    if (at > 0) {
      System.arraycopy(buffer, at, buffer, 0, filled - at);
      filled -= at;
      at = 0;
    }
    if (filled == buffer.length) {
      buffer = Arrays.copyOf(buffer, buffer.length * 2);
    }
  }

  private void fill() throws IOException {
    int read = in.read(buffer, filled, buffer.length - filled);
    ended = read < 0;
    filled += Math.max(read, 0);
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
