package io.watchgate.security.toolguard;

import io.watchgate.scanning.Keywords;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.stream.Stream;

/// Other ways in which a model reads a text, beyond those of every scan: names as words, letters
/// apart, digits for letters, ROT13, backwards. Only readings that say something are worth a look.
final class Readings {
  private static final String LEET = "01345678$";
  private static final String LETTERS = "oieasgtbs";
  private static final double VERY_ODD = 0.5;
  private static final int SHORTEST = 12;
  private static final char NO_BREAK = '\u00A0';
  private static final int FEWEST_APART = 8;
  private static final int FEWEST_WITHIN = 3;
  private static final int FEWEST_WORDS = 3;

  /// Words that orders are made of; text that is none has few of them.
  private static final List<String> LIST =
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
          "directive");

  private static final Keywords WORDS = Keywords.of(LIST);

  /// The same in ROT13, and behind them all of them backwards.
  private static final Keywords TURNED =
      Keywords.of(
          Stream.concat(LIST.stream().map(Readings::rot13), LIST.stream().map(Readings::backwards))
              .toList());

  private Readings() {}

  /// @param odd how odd it is to write so
  record Reading(String text, double odd) {}

  static List<Reading> of(String text) {
    var readings = new ArrayList<Reading>();
    if (isName(text)) {
      readings.add(new Reading(words(text), 0));
    }
    var together = apart(text);
    if (isSaying(together)) {
      readings.add(new Reading(together, VERY_ODD));
    }
    if (text.length() < SHORTEST) {
      return readings;
    }
    var lettered = leet(text);
    if (isSaying(lettered)) {
      readings.add(new Reading(lettered, 0));
    }
    var turned = words(TURNED, text);
    if (turned.get(0, LIST.size()).cardinality() >= FEWEST_WORDS) {
      readings.add(new Reading(rot13(text), VERY_ODD));
    }
    if (turned.get(LIST.size(), 2 * LIST.size()).cardinality() >= FEWEST_WORDS) {
      readings.add(new Reading(backwards(text), VERY_ODD));
    }
    return readings;
  }

  private static BitSet words(Keywords words, String text) {
    var said = new BitSet();
    words.find(text, (word, _) -> said.set(word));
    return said;
  }

  private static boolean isSaying(String text) {
    return !text.isEmpty() && words(WORDS, text).cardinality() >= FEWEST_WORDS;
  }

  private static String backwards(String text) {
    return new StringBuilder(text).reverse().toString();
  }

  private static boolean isName(String text) {
    return text.length() < 256
        && text.indexOf(' ') < 0
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
    if (mostApart(text) < FEWEST_APART) {
      return "";
    }
    var together = new StringBuilder(text.length());
    for (int at = 0; at < text.length(); at += isApart(text, at) ? 2 : 1) {
      together.append(text.charAt(at));
    }
    return together.toString();
  }

  private static int mostApart(String text) {
    int singles = 0;
    int most = 0;
    int at = 0;
    while (at < text.length()) {
      boolean isSingle = isApart(text, at);
      singles = isSingle ? singles + 1 : isSolid(text, at) ? 0 : singles;
      most = Math.max(most, singles);
      at += isSingle ? 2 : 1;
    }
    return most;
  }

  private static boolean isApart(String text, int at) {
    return isGap(text, at + 1) && isSolid(text, at) && !isSolid(text, at - 1);
  }

  private static boolean isSolid(String text, int at) {
    return at >= 0 && at < text.length() && !isGap(text, at);
  }

  private static boolean isLetter(String text, int at) {
    return at >= 0 && at < text.length() && Character.isLetter(text.charAt(at));
  }

  private static boolean isGap(String text, int at) {
    return at < text.length() && (text.charAt(at) == ' ' || text.charAt(at) == NO_BREAK);
  }

  /// Digits within words, put back to the letters that they look like.
  private static String leet(String text) {
    int within = 0;
    for (int i = 1; i < text.length() - 1; i++) {
      char c = text.charAt(i);
      boolean isOne = c <= '8' && LEET.indexOf(c) >= 0;
      within += isOne && isLetter(text, i - 1) && isLetter(text, i + 1) ? 1 : 0;
    }
    if (within < FEWEST_WITHIN) {
      return "";
    }
    var plain = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      int at = LEET.indexOf(text.charAt(i));
      plain.append(at < 0 ? text.charAt(i) : LETTERS.charAt(at));
    }
    return plain.toString();
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
