package io.watchgate.bench;

/// Ids of requests: all of them have eight digits, so that messages differ in nothing but these.
final class Ids {
  static final int DIGITS = 8;
  static final int FIRST = 10_000_000;
  private static final int COUNT = 90_000_000;

  private Ids() {}

  static int after(int id) {
    return id + 1 == FIRST + COUNT ? FIRST : id + 1;
  }

  static void write(int id, byte[] to, int at) {
    int rest = id;
    for (int i = at + DIGITS - 1; i >= at; i--) {
      to[i] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
  }
}
