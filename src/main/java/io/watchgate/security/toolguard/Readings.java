package io.watchgate.security.toolguard;

import io.watchgate.scanning.Keywords;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/// Other ways in which a model reads a text, beyond those of every scan: names as words, letters
/// apart, digits for letters, ROT13, backwards. Only readings that say something are worth a look.
final class Readings {
  private static final String LEET = "01345678$";
  private static final String LETTERS = "oieasgtbs";
  private static final double VERY_ODD = 0.5;
  private static final int SHORTEST = 12;
  private static final String GAPS = " \u00A0";
  private static final int FEWEST_APART = 8;
  private static final int FEWEST_WITHIN = 3;
  private static final int FEWEST_WORDS = 3;

  /// Words that orders are made of; text that is none has few of them.
  private static final Keywords WORDS =
      Keywords.of(
          List.of(
              "user",
              "instruct",
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
              "the ",
              "and ",
              "for ",
              "all ",
              "mail",
              "argument",
              "parameter",
              "your",
              "from",
              "directive"));

  private Readings() {}

  /// @param odd how odd it is to write so
  record Reading(String text, double odd) {}

  static List<Reading> of(String text) {
    var readings = new ArrayList<Reading>();
    if (isName(text)) {
      readings.add(new Reading(words(text), 0));
    }
    add(readings, apart(text), VERY_ODD);
    if (text.length() >= SHORTEST) {
      add(readings, leet(text), 0);
      add(readings, rot13(text), VERY_ODD);
      add(readings, new StringBuilder(text).reverse().toString(), VERY_ODD);
    }
    return readings;
  }

  private static void add(List<Reading> readings, String text, double odd) {
    var said = new BitSet();
    WORDS.find(text, (keyword, _) -> said.set(keyword));
    if (said.cardinality() >= FEWEST_WORDS) {
      readings.add(new Reading(text, odd));
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

  /// Characters that stand apart, put together; two or more gaps are one between words.
  private static String apart(String text) {
    var together = new StringBuilder(text.length());
    int singles = 0;
    int most = 0;
    int at = 0;
    while (at < text.length()) {
      boolean isSingle = isSolid(text, at) && isGap(text, at + 1) && !isSolid(text, at - 1);
      together.append(text.charAt(at));
      singles = isSingle ? singles + 1 : isSolid(text, at) ? 0 : singles;
      most = Math.max(most, singles);
      at += isSingle ? 2 : 1;
    }
    return most >= FEWEST_APART ? together.toString() : "";
  }

  private static boolean isSolid(String text, int at) {
    return at >= 0 && at < text.length() && !isGap(text, at);
  }

  private static boolean isLetter(String text, int at) {
    return at >= 0 && at < text.length() && Character.isLetter(text.charAt(at));
  }

  private static boolean isGap(String text, int at) {
    return at < text.length() && GAPS.indexOf(text.charAt(at)) >= 0;
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
