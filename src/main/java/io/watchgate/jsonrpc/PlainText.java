package io.watchgate.jsonrpc;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// The characters of a JSON string that stand for themselves and are one byte long: most of most
/// messages, so they are passed eight at a time.
final class PlainText {
  private static final VarHandle WORDS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long ONES = 0x0101010101010101L;
  private static final long HIGH_BITS = 0x8080808080808080L;

  private PlainText() {}

  /// Where the next byte is from here on that is a quote, a backslash, a control character or part
  /// of a longer one; the end of the bytes when there is none.
  static int end(byte[] in, int from) {
    int at = from;
    for (; at <= in.length - Long.BYTES; at += Long.BYTES) {
      long others = others((long) WORDS.get(in, at));
      if (others != 0) {
        return at + Long.numberOfTrailingZeros(others) / Byte.SIZE;
      }
    }
    while (at < in.length && in[at] >= ' ' && in[at] != '"' && in[at] != '\\') {
      at++;
    }
    return at;
  }

  /// The high bits of the bytes that are not plain. What is marked above the lowest one may be
  /// wrong, by what is borrowed there: below it nothing is.
  private static long others(long word) {
    return (below(word, ' ') | equal(word, '"') | equal(word, '\\') | word) & HIGH_BITS;
  }

  private static long below(long word, char limit) {
    return (word - ONES * limit) & ~word;
  }

  private static long equal(long word, char wanted) {
    long differing = word ^ (ONES * wanted);
    return (differing - ONES) & ~differing;
  }
}
