package io.watchgate.jsonrpc;

/// Well-formed UTF-8 (Unicode 16, table 3-7): no overlong form, no surrogate, nothing above
/// U+10FFFF.
final class Utf8 {
  private Utf8() {}

  /// Where the sequence of several bytes that starts at `at` ends, or -1 when it is ill-formed.
  static int next(byte[] in, int at) {
    int lead = in[at] & 0xff;
    if (lead >= 0xC2 && lead <= 0xDF) {
      return continues(in, at + 1, 1, 0x80, 0xBF);
    } else if (lead >= 0xE0 && lead <= 0xEF) {
      return continues(in, at + 1, 2, lead == 0xE0 ? 0xA0 : 0x80, lead == 0xED ? 0x9F : 0xBF);
    } else if (lead >= 0xF0 && lead <= 0xF4) {
      return continues(in, at + 1, 3, lead == 0xF0 ? 0x90 : 0x80, lead == 0xF4 ? 0x8F : 0xBF);
    }
    return -1;
  }

  private static int continues(byte[] in, int from, int count, int lowest, int highest) {
    if (from + count > in.length) {
      return -1;
    }
    int first = in[from] & 0xff;
    if (first < lowest || first > highest) {
      return -1;
    }
    for (int i = from + 1; i < from + count; i++) {
      if ((in[i] & 0xC0) != 0x80) {
        return -1;
      }
    }
    return from + count;
  }
}
