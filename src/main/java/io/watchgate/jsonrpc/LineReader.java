package io.watchgate.jsonrpc;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Cuts a stream into lines, as the stdio transport frames messages. Never holds more than one line
/// of the size limit. For one thread.
public final class LineReader {
  private static final int BUFFER = 64 * 1024;
  private static final int HEAD = 1024;

  private final InputStream in;
  private final int maxBytes;
  private final byte[] buffer = new byte[BUFFER];
  private int at;
  private int filled;

  public LineReader(InputStream in, int maxBytes) {
    this.in = in;
    this.maxBytes = maxBytes;
  }

  /// A line that is longer than the limit; it was skipped and the next one can be read.
  public static final class TooLong extends IOException {
    private final transient byte[] head;

    TooLong(int maxBytes, byte[] head) {
      super("line is longer than the limit of " + maxBytes + " bytes");
      this.head = head;
    }

    /// The first bytes of the line, at most 1 KiB: they may tell whose it is.
    public byte[] head() {
      return head.clone();
    }
  }

  /// The next line without its end, or null at the end of the stream.
  ///
  /// @throws TooLong when the line was skipped because of its length
  public byte @Nullable [] next() throws IOException {
    var earlier = new ByteArrayOutputStream(0);
    boolean tooLong = false;
    while (at < filled || fill()) {
      int newline = indexOfNewline();
      int end = newline < 0 ? filled : newline;
      tooLong |= earlier.size() + (end - at) > maxBytes;
      if (!tooLong && newline >= 0 && earlier.size() == 0) {
        var line = withoutReturn(Arrays.copyOfRange(buffer, at, end));
        at = newline + 1;
        return line;
      }
      if (!tooLong || earlier.size() == 0) {
        earlier.write(buffer, at, tooLong ? Math.min(end - at, HEAD) : end - at);
      }
      at = newline < 0 ? filled : newline + 1;
      if (newline >= 0) {
        return whole(earlier, tooLong);
      }
    }
    return earlier.size() == 0 && !tooLong ? null : whole(earlier, tooLong);
  }

  private byte[] whole(ByteArrayOutputStream line, boolean tooLong) throws TooLong {
    if (tooLong) {
      var bytes = line.toByteArray();
      throw new TooLong(maxBytes, Arrays.copyOf(bytes, Math.min(bytes.length, HEAD)));
    }
    return withoutReturn(line.toByteArray());
  }

  private static byte[] withoutReturn(byte[] line) {
    return line.length > 0 && line[line.length - 1] == '\r'
        ? Arrays.copyOf(line, line.length - 1)
        : line;
  }

  private int indexOfNewline() {
    for (int i = at; i < filled; i++) {
      if (buffer[i] == '\n') {
        return i;
      }
    }
    return -1;
  }

  private boolean fill() throws IOException {
    at = 0;
    filled = Math.max(0, in.read(buffer, 0, buffer.length));
    return filled > 0;
  }
}
