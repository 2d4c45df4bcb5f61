package io.watchgate.security.pii;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Scanner;

/// The words that say what a number is, by their hashes: a word is looked up while it is read, one
/// letter after the other. A stranger who makes a word of the same hash gets a context for it, and
/// no more.
final class Words {
  private static final long FACTOR = 0x9E3779B97F4A7C15L;
  private static final int WHOLE = 0;
  private static final int BEGINNING = 1;
  private static final int SLOTS = 1 << 13;

  private static final Words STANDARD = read();

  private final long[] keys = new long[SLOTS];
  private final long[][] topics = new long[2][SLOTS];

  private Words() {}

  static Words standard() {
    return STANDARD;
  }

  /// The hash of a word with one more letter.
  static long with(long hash, char letter) {
    return (hash + letter) * FACTOR;
  }

  static long phrase(long first, long second) {
    return (first ^ (second >>> 29)) * FACTOR + second;
  }

  long whole(long hash) {
    return topics[WHOLE][slot(hash)];
  }

  long beginning(long hash) {
    return topics[BEGINNING][slot(hash)];
  }

  private int slot(long hash) {
    int slot = (int) (hash >>> 51);
    while (keys[slot] != hash && keys[slot] != 0) {
      slot = slot + 1 & SLOTS - 1;
    }
    return slot;
  }

  private static Words read() {
    try (InputStream in = Words.class.getResourceAsStream("words.txt")) {
      var words = new Words();
      var text = new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
      text.lines().filter(line -> !line.isEmpty() && !line.startsWith("#")).forEach(words::line);
      return words;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void line(String line) {
    var name = line.substring(0, line.indexOf(' '));
    long bits = name.equals("COUNTRIES") ? Topic.COUNTRIES : Topic.valueOf(name).bit();
    try (var scanner = new Scanner(line.substring(name.length()))) {
      scanner
          .findAll("\"([^\"]+)\"|(\\S+)")
          .forEach(found -> add(found.group(1) == null ? found.group(2) : found.group(1), bits));
    }
  }

  private void add(String word, long bits) {
    int space = word.indexOf(' ');
    boolean beginning = word.endsWith("*");
    long hash =
        space < 0
            ? hash(beginning ? word.substring(0, word.length() - 1) : word)
            : phrase(hash(word.substring(0, space)), hash(word.substring(space + 1)));
    int slot = slot(hash);
    keys[slot] = hash;
    topics[beginning ? BEGINNING : WHOLE][slot] |= bits;
  }

  private static long hash(String word) {
    long hash = 0;
    for (int i = 0; i < word.length(); i++) {
      hash = with(hash, word.charAt(i));
    }
    return hash;
  }
}
