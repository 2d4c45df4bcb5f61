package io.watchgate.bench;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Looks for bytes in bytes.
final class Bytes {
  private Bytes() {}

  static byte[] of(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  static String text(byte[] bytes, int from, int to) {
    return new String(bytes, from, to - from, StandardCharsets.UTF_8);
  }

  /// Where it begins between the two bounds, or -1.
  static int find(byte[] in, int from, int to, byte[] what) {
    for (int i = from; i <= to - what.length; i++) {
      if (in[i] == what[0] && Arrays.equals(in, i, i + what.length, what, 0, what.length)) {
        return i;
      }
    }
    return -1;
  }

  static int count(byte[] in, byte[] what) {
    int count = 0;
    for (int at = find(in, 0, in.length, what);
        at >= 0;
        at = find(in, at + what.length, in.length, what)) {
      count++;
    }
    return count;
  }

  /// Where this byte is between the two bounds, or -1.
  static int find(byte[] in, int from, int to, byte what) {
    for (int i = from; i < to; i++) {
      if (in[i] == what) {
        return i;
      }
    }
    return -1;
  }

  /// Whether a header line begins with this name, which is written small and with its colon.
  static boolean isHeader(byte[] in, int from, int to, byte[] name) {
    if (to - from < name.length) {
      return false;
    }
    for (int i = 0; i < name.length; i++) {
      int c = in[from + i];
      if ((c >= 'A' && c <= 'Z' ? c + 32 : c) != name[i]) {
        return false;
      }
    }
    return true;
  }
}
