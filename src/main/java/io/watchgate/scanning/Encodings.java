package io.watchgate.scanning;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Reads what is written in base64 (both alphabets, in lines too) or in hexadecimal digits, packed
/// or not, as far as it is text. All that a text holds of it is one view, each on a line of its
/// own.
final class Encodings {
  /// Shorter ones say too little to be looked at.
  static final int SHORTEST = 16;

  private static final int SHORTEST_LINE = 40;
  private static final int SAMPLED = 4096;
  private static final int NO = -1;
  private static final byte[] SEXTETS = new byte[128];

  static {
    Arrays.fill(SEXTETS, (byte) NO);
    var alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (int i = 0; i < alphabet.length(); i++) {
      SEXTETS[alphabet.charAt(i)] = (byte) i;
    }
    SEXTETS['-'] = 62;
    SEXTETS['_'] = 63;
  }

  private final String text;
  private final View.Builder out;
  private final int budget;
  private final Plaintext plaintext;

  private Encodings(View source, int budget, Plaintext plaintext) {
    this.plaintext = plaintext;
    this.text = source.text();
    this.budget = budget;
    this.out = new View.Builder(source, Math.min(budget, 256));
  }

  /// @param budget characters that the view may have
  static @Nullable View of(View source, int budget) {
    try (var plaintext = new Plaintext()) {
      return new Encodings(source, budget, plaintext).read();
    }
  }

  static boolean isOfToken(char c) {
    return c < 128 && SEXTETS[c] >= 0;
  }

  private @Nullable View read() {
    int at = 0;
    while (at < text.length() && out.length() < budget) {
      if (!isOfToken(text.charAt(at))) {
        at++;
        continue;
      }
      int end = endOfRun(at);
      if (end - at >= SHORTEST) {
        end = endOfLines(at, end);
        token(at, end);
      }
      at = end;
    }
    return out.build(Disguise.ENCODING);
  }

  private int endOfRun(int from) {
    int end = from;
    while (end < text.length() && isOfToken(text.charAt(end))) {
      end++;
    }
    return end;
  }

  /// Behind all lines of the same token: all but the last are long, and as long as the first.
  private int endOfLines(int from, int firstEnd) {
    int length = firstEnd - from;
    int end = firstEnd;
    int lineStart = from;
    while (length >= SHORTEST_LINE && end - lineStart == length) {
      int next = text.startsWith("\r\n", end) ? end + 2 : text.startsWith("\n", end) ? end + 1 : 0;
      int nextEnd = next == 0 ? 0 : endOfRun(next);
      if (nextEnd == next || nextEnd - next > length || !isEndOfLine(nextEnd)) {
        break;
      }
      lineStart = next;
      end = nextEnd;
    }
    return end;
  }

  private boolean isEndOfLine(int index) {
    return index == text.length() || "\n\r=\"'<".indexOf(text.charAt(index)) >= 0;
  }

  private void token(int from, int end) {
    if (isHexadecimal(from, end) && add(hex(from, end), from, end)) {
      return;
    }
    int start = from;
    while (end - start >= SHORTEST) {
      if (base64(start, end)) {
        return;
      }
      start = afterSeparator(start, end);
    }
  }

  /// Behind the next character that may be none of the token, if enough follows that has no such
  /// character: each is tried once.
  private int afterSeparator(int from, int end) {
    int piece = end;
    for (int i = from; i < end; i++) {
      if (isSeparator(text.charAt(i))) {
        piece = i + 1;
      } else if (i + 1 - piece == SHORTEST) {
        return piece;
      }
    }
    return end;
  }

  private static boolean isSeparator(char c) {
    return c == '/' || c == '-' || c == '_' || c == '+';
  }

  /// Tries all places where the token may begin: a character or two may be stuck to it.
  private boolean base64(int from, int end) {
    for (int shift = 0; shift < 4 && end - from - shift >= SHORTEST - 4; shift++) {
      var sample = decoded(from + shift, Math.min(end, from + shift + SHORTEST));
      if (Plaintext.isLikely(sample, sample.length) && isTextInside(from + shift, end)) {
        return add(decoded(from + shift, end), from, end);
      }
    }
    return false;
  }

  /// A large one is looked at in its middle, too: images and archives may begin like text.
  private boolean isTextInside(int from, int end) {
    if (end - from < SAMPLED) {
      return true;
    }
    int middle = from + (end - from) / 8 * 4;
    var sample = decoded(middle, middle + 64);
    return Plaintext.isPacked(decoded(from, from + SHORTEST))
        || Plaintext.isText(sample, 4, sample.length - 4)
        || text.lastIndexOf('\n', middle + 64) >= middle;
  }

  private byte[] decoded(int from, int end) {
    var bytes = new byte[(end - from) * 3 / 4 + 3];
    int size = 0;
    int bits = 0;
    int count = 0;
    for (int i = from; i < end; i++) {
      char c = text.charAt(i);
      int sextet = c < 128 ? SEXTETS[c] : NO;
      if (sextet >= 0) {
        bits = (bits << 6) | sextet;
        if (++count == 4) {
          bytes[size++] = (byte) (bits >> 16);
          bytes[size++] = (byte) (bits >> 8);
          bytes[size++] = (byte) bits;
          count = 0;
        }
      }
    }
    if (count >= 2) {
      bits <<= 6 * (4 - count);
      bytes[size++] = (byte) (bits >> 16);
      if (count == 3) {
        bytes[size++] = (byte) (bits >> 8);
      }
    }
    return Arrays.copyOf(bytes, size);
  }

  private boolean isHexadecimal(int from, int end) {
    for (int i = from; i < end; i++) {
      if (Character.digit(text.charAt(i), 16) < 0 && text.charAt(i) >= ' ') {
        return false;
      }
    }
    return true;
  }

  private byte[] hex(int from, int end) {
    var bytes = new byte[(end - from) / 2];
    int digits = 0;
    for (int i = from; i < end; i++) {
      int digit = Character.digit(text.charAt(i), 16);
      if (digit >= 0 && digits / 2 < bytes.length) {
        bytes[digits / 2] = (byte) (bytes[digits / 2] << 4 | digit);
        digits++;
      }
      if (digits == 2 * SHORTEST && !Plaintext.isLikely(bytes, SHORTEST)) {
        return new byte[0];
      }
    }
    return Arrays.copyOf(bytes, digits / 2);
  }

  private boolean add(byte[] bytes, int from, int end) {
    var meant = plaintext.read(bytes, budget - out.length());
    if (meant == null) {
      return false;
    }
    int behind = end;
    while (behind < text.length() && behind < end + 2 && text.charAt(behind) == '=') {
      behind++;
    }
    out.replace(meant + "\n", from, behind);
    return true;
  }
}
