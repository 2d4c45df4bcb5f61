package io.watchgate.scanning;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/// Tells bytes that say something from those that do not, and reads them.
final class Plaintext implements AutoCloseable {
  private static final int SAMPLE = 12;
  private static final int GZIP_HEADER = 10;
  private static final int GZIP_NAME = 8;

  private final @Nullable Inflater[] inflaters = new Inflater[2];

  /// Whether the beginning of some bytes looks like text, or like packed data.
  static boolean isLikely(byte[] bytes, int length) {
    return isPacked(bytes)
        || isUtf16(bytes)
        || (length >= SAMPLE - 4 && isText(bytes, 0, Math.min(length, SAMPLE)));
  }

  static boolean isPacked(byte[] bytes) {
    return isGzip(bytes) || isZlib(bytes);
  }

  private static boolean isGzip(byte[] bytes) {
    return bytes.length > GZIP_HEADER
        && (bytes[0] & 0xff) == 0x1f
        && (bytes[1] & 0xff) == 0x8b
        && bytes[2] == 8;
  }

  private static boolean isZlib(byte[] bytes) {
    return bytes.length > 8
        && (bytes[0] & 0x8f) == 8
        && ((bytes[0] & 0xff) * 256 + (bytes[1] & 0xff)) % 31 == 0
        && (bytes[1] & 0x20) == 0;
  }

  private static boolean isUtf16(byte[] bytes) {
    if (bytes.length < SAMPLE) {
      return false;
    }
    for (int i = 0; i < SAMPLE; i += 2) {
      if (bytes[i + 1] != 0 || !isTextByte(bytes[i]) || bytes[i] < 0) {
        return false;
      }
    }
    return true;
  }

  /// Whether bytes are text in UTF-8 as it is usual; it may begin and end within a character.
  static boolean isText(byte[] bytes, int from, int to) {
    int foreign = 0;
    for (int i = from; i < to; i++) {
      if (!isTextByte(bytes[i])) {
        return false;
      }
      foreign += bytes[i] < 0 ? 1 : 0;
    }
    return foreign == 0 || isUtf8(bytes, from, to);
  }

  private static boolean isTextByte(byte b) {
    return b < 0 || (b >= ' ' && b != 0x7F) || b == '\n' || b == '\r' || b == '\t' || b == 0x1B;
  }

  private static boolean isUtf8(byte[] bytes, int from, int to) {
    var text = new String(bytes, from, to - from, StandardCharsets.UTF_8);
    int first = 0;
    while (first < Math.min(3, text.length()) && text.charAt(first) == '\uFFFD') {
      first++;
    }
    int bad = text.indexOf('\uFFFD', first);
    return bad < 0 || bad == text.length() - 1;
  }

  /// What the bytes say, cut to a number of characters; null when it is nothing.
  @Nullable String read(byte[] bytes, int most) {
    if (!isLikely(bytes, bytes.length)) {
      return null;
    }
    if (isGzip(bytes)) {
      return inflated(bytes, afterGzipHeader(bytes), true, most);
    }
    if (isZlib(bytes)) {
      var meant = inflated(bytes, 0, false, most);
      if (meant != null) {
        return meant;
      }
    }
    return read(bytes, bytes.length, most);
  }

  private static @Nullable String read(byte[] bytes, int length, int most) {
    if (isUtf16(bytes)) {
      return read(bytes, length, most, StandardCharsets.UTF_16LE);
    }
    boolean text = length >= SAMPLE - 4 && isText(bytes, 0, Math.min(length, SAMPLE));
    return text ? read(bytes, length, most, StandardCharsets.UTF_8) : null;
  }

  private static String read(byte[] bytes, int length, int most, Charset charset) {
    var text = new String(bytes, 0, Math.min(length, most), charset);
    return text.length() <= most ? text : text.substring(0, most);
  }

  private static int afterGzipHeader(byte[] bytes) {
    int at = GZIP_HEADER;
    if ((bytes[3] & GZIP_NAME) != 0) {
      while (at < bytes.length && bytes[at] != 0) {
        at++;
      }
      at++;
    }
    return Math.min(at, bytes.length);
  }

  private @Nullable String inflated(byte[] bytes, int from, boolean bare, int most) {
    var inflater = inflater(bare);
    try {
      inflater.setInput(bytes, from, bytes.length - from);
      var out = new byte[Math.min(most, Math.max(256, bytes.length * 4))];
      int size = 0;
      while (size < most && !inflater.finished()) {
        int more = inflater.inflate(out, size, out.length - size);
        size += more;
        if (more == 0 && size < out.length) {
          break; // cut off: what came so far counts
        }
        if (size == out.length && size < most) {
          out = Arrays.copyOf(out, Math.min(most, size * 2));
        }
      }
      return read(out, size, most);
    } catch (DataFormatException _) {
      return null;
    }
  }

  /// One for all tokens of a text: to make it costs more than to use it.
  private Inflater inflater(boolean bare) {
    int index = bare ? 1 : 0;
    var inflater = inflaters[index];
    if (inflater == null) {
      inflater = new Inflater(bare);
      inflaters[index] = inflater;
    }
    inflater.reset();
    return inflater;
  }

  @Override
  public void close() {
    for (var inflater : inflaters) {
      if (inflater != null) {
        inflater.end();
      }
    }
  }
}
