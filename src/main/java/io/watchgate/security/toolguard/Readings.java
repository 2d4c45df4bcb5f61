package io.watchgate.security.toolguard;

import io.watchgate.scanning.Keywords;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/// Other ways in which a model reads a text, beyond those of every scan: names as words, letters
/// apart, digits for letters, ROT13, backwards. Only readings that say something are worth a look.
final class Readings {
  private static final String LEET = "01345678@$";
  private static final String LETTERS = "oieasgtbas";
  private static final int FEWEST_APART = 8;
  private static final int FEWEST_WITHIN = 3;
  private static final int FEWEST_WORDS = 3;

  /// Words that orders are made of; text that is none has few of them.
  private static final Keywords WORDS =
      Keywords.of(
          List.of(
              "user",
              "instruction",
              "ignore",
              "previous",
              "not tell",
              "important",
              "must",
              "always",
              "before",
              "secret",
              "password",
              "read",
              "send",
              "file",
              "tool",
              "prompt",
              "ssh",
              "never",
              "mention",
              "system",
              "content",
              "call",
              "this",
              "with",
              "the "));

  private Readings() {}

  static List<String> of(String text) {
    var readings = new ArrayList<String>();
    if (isName(text)) {
      readings.add(words(text));
    }
    add(readings, apart(text));
    if (text.length() >= 12) {
      add(readings, leet(text));
      add(readings, rot13(text));
      add(readings, new StringBuilder(text).reverse().toString());
    }
    readings.removeIf(text::equals);
    return readings;
  }

  private static void add(List<String> readings, String reading) {
    var said = new BitSet();
    WORDS.find(reading, (keyword, _) -> said.set(keyword));
    if (said.cardinality() >= FEWEST_WORDS) {
      readings.add(reading);
    }
  }

  private static boolean isName(String text) {
    return text.length() < 256
        && text.chars().noneMatch(Character::isWhitespace)
        && text.chars().anyMatch(c -> c == '_' || c == '-' || c == '.' || Character.isUpperCase(c));
  }

  private static String words(String name) {
    var words = new StringBuilder();
    char before = ' ';
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (c == '_' || c == '-' || c == '.' || c == '/') {
        words.append(' ');
      } else {
        boolean hump = Character.isUpperCase(c) && Character.isLowerCase(before);
        words.append(hump ? " " : "").append(Character.toLowerCase(c));
      }
      before = c;
    }
    return words.toString();
  }

  /// Letters that stand apart, put together; two or more gaps are one between words.
  private static String apart(String text) {
    var together = new StringBuilder(text.length());
    int singles = 0;
    int most = 0;
    int at = 0;
    while (at < text.length()) {
      boolean isSingle =
          at + 2 < text.length()
              && isLetter(text, at)
              && !isLetter(text, at - 1)
              && isGap(text.charAt(at + 1))
              && (isLetter(text, at + 2) || isGap(text.charAt(at + 2)));
      together.append(text.charAt(at));
      singles = isSingle ? singles + 1 : isLetter(text, at) ? 0 : singles;
      most = Math.max(most, singles);
      at += isSingle ? 2 : 1;
    }
    return most >= FEWEST_APART ? together.toString() : "";
  }

  private static boolean isLetter(String text, int at) {
    return at >= 0 && at < text.length() && Character.isLetter(text.charAt(at));
  }

  private static boolean isGap(char c) {
    return " .-_*|/".indexOf(c) >= 0;
  }

  /// Digits within words, put back to the letters that they look like.
  private static String leet(String text) {
    var plain = new StringBuilder(text.length());
    int within = 0;
    for (int i = 0; i < text.length(); i++) {
      int at = LEET.indexOf(text.charAt(i));
      plain.append(at < 0 ? text.charAt(i) : LETTERS.charAt(at));
      within += at >= 0 && isLetter(text, i - 1) && isLetter(text, i + 1) ? 1 : 0;
    }
    return within >= FEWEST_WITHIN ? plain.toString() : "";
  }

  private static String rot13(String text) {
    var turned = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      char lower = Character.toLowerCase(c);
      turned.append(lower >= 'a' && lower <= 'z' ? (char) ('a' + (lower - 'a' + 13) % 26) : c);
    }
    return turned.toString();
  }
}
