package io.watchgate.security.pii;

/// The letters and digits of something that may be a number of a known form, in upper case and
/// without what stands between them. One is used again and again for the numbers of a text.
final class Candidate {
  private static final int LONGEST = 40;

  private final char[] characters = new char[LONGEST];
  private int length;
  private boolean digits;
  private boolean lower;

  void clear() {
    length = 0;
    digits = true;
    lower = false;
  }

  /// Adds a group.
  ///
  /// @return false when it is too long for any form
  boolean append(char[] text, int start, int end) {
    if (length + end - start > LONGEST) {
      return false;
    }
    for (int i = start; i < end; i++) {
      char c = text[i];
      if (!Reading.isDigit(c)) {
        digits = false;
        lower |= c >= 'a';
        c = (char) (c & ~0x20);
      }
      characters[length++] = c;
    }
    return true;
  }

  /// One that is not part of a text.
  static Candidate of(String text) {
    var candidate = new Candidate();
    candidate.clear();
    candidate.append(text.toCharArray(), 0, text.length());
    return candidate;
  }

  int length() {
    return length;
  }

  boolean allDigits() {
    return digits;
  }

  /// Whether one of the letters was a small one.
  boolean isLower() {
    return lower;
  }

  boolean digits(int from, int to) {
    for (int i = from; i < to; i++) {
      if (!Reading.isDigit(characters[i])) {
        return false;
      }
    }
    return true;
  }

  boolean letters(int from, int to) {
    for (int i = from; i < to; i++) {
      if (!isLetter(i)) {
        return false;
      }
    }
    return true;
  }

  boolean isLetter(int at) {
    return characters[at] >= 'A' && characters[at] <= 'Z';
  }

  char at(int at) {
    return characters[at];
  }

  char last() {
    return characters[length - 1];
  }

  /// What a digit is worth.
  int digit(int at) {
    return characters[at] - '0';
  }

  /// What a digit or letter is worth, a letter from ten on.
  int value(int at) {
    char c = characters[at];
    return c <= '9' ? c - '0' : c - 'A' + 10;
  }

  /// The number that the digits of a part make; up to 18.
  long number(int from, int to) {
    long number = 0;
    for (int i = from; i < to; i++) {
      number = 10 * number + digit(i);
    }
    return number;
  }

  int two(int at) {
    return 10 * digit(at) + digit(at + 1);
  }

  /// Whether a part starts with the digits.
  boolean has(int at, String what) {
    if (at + what.length() > length) {
      return false;
    }
    for (int i = 0; i < what.length(); i++) {
      if (characters[at + i] != what.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  /// Whether it is one character over and over.
  boolean repeats() {
    for (int i = 1; i < length; i++) {
      if (characters[i] != characters[0]) {
        return false;
      }
    }
    return true;
  }
}
