package io.watchgate.security.secrets;

import java.util.function.IntPredicate;

/// Tells what a machine drew by lot from what a human wrote.
final class Randomness {
  /// How common a pair of letters is in English text and in names in programs, by the first letter
  /// and the second: 5 is as common as all pairs are on average, one more is twice as common.
  private static final String[] PAIRS = {
    "06771360605878060878553350", "51326000550630520541600040", "70417107506631820537520020",
    "62258200700412610353510030", "74786653402768364987255750", "50215500700410700544500030",
    "40107134600415310552510000", "70008000600121600334300010", "55766660203769750678050505",
    "10005000000000300000300000", "30016110400203210041102000", "72258510701712730265522060",
    "74038000600251670142400010", "71777581604424730178541040", "35673440414678560867756200",
    "70247212501601650746501040", "00000000000000000000500000", "72559360705466730666533060",
    "50528236703433661278623050", "71538308800532640766604060", "45536440500667260777000000",
    "60007000500011300000000000", "60025006600204500430001000", "30504100400000040015000110",
    "01103000300133450154002000", "10005000200000000000000000",
  };

  /// Letters drawn by lot reach 2.6; in 24 of them, one in a hundred texts reaches this.
  private static final double WORDS = 4.3;

  private static final int SHORTEST_HEX = 16;

  private Randomness() {}

  /// Shannon's entropy of the characters, in bits for each.
  static double entropy(CharSequence text) {
    var counts = new int[128];
    int others = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < 128) {
        counts[c]++;
      } else {
        others++;
      }
    }
    double bits = others == 0 ? 0 : part(others, text.length());
    for (int count : counts) {
      bits += count == 0 ? 0 : part(count, text.length());
    }
    return bits;
  }

  private static double part(int count, int all) {
    double share = (double) count / all;
    return -share * Math.log(share) / Math.log(2);
  }

  /// The entropy as if the text were long and of 64 different characters: a short text of few
  /// different characters has little entropy even when it was drawn by lot.
  static double scaledEntropy(CharSequence text) {
    int alphabet = isHex(text) ? 17 : 64;
    double most = Math.log(Math.min(text.length(), alphabet)) / Math.log(2);
    return most == 0 ? 0 : 6 * entropy(text) / most;
  }

  /// Whether the letters of the text read like words.
  static boolean isWordy(CharSequence text) {
    int sum = 0;
    int pairs = 0;
    for (int i = 1; i < text.length(); i++) {
      int first = letter(text.charAt(i - 1));
      int second = letter(text.charAt(i));
      if (first >= 0 && second >= 0 && !isHump(text.charAt(i - 1), text.charAt(i))) {
        sum += PAIRS[first].charAt(second) - '0';
        pairs++;
      }
    }
    return pairs > 0 && sum >= WORDS * pairs;
  }

  /// Whether the text looks drawn by lot: many kinds of characters in turn, or letters that make no
  /// words.
  static boolean isRandom(CharSequence text) {
    int digits = count(text, Character::isDigit);
    if (digits == text.length()) {
      return false;
    }
    if (text.length() >= SHORTEST_HEX && digits * 4 >= text.length() && isHex(text)) {
      return true;
    }
    if (digits == 0) {
      return !isWordy(text) && entropy(text) >= 2.5;
    }
    double turns = turns(text);
    return turns >= 0.42 || (turns >= 0.2 && !isWordy(text));
  }

  /// The share of neighbours that are of different kinds: lower case, upper case, digit, other. A
  /// capital at the beginning of a word is no change.
  private static double turns(CharSequence text) {
    int turns = 0;
    for (int i = 1; i < text.length(); i++) {
      char before = text.charAt(i - 1);
      char c = text.charAt(i);
      if (kind(before) != kind(c) && !(kind(before) == 'A' && kind(c) == 'a')) {
        turns++;
      }
    }
    return text.length() < 2 ? 0 : (double) turns / (text.length() - 1);
  }

  /// Hexadecimal digits, maybe with dashes between.
  private static boolean isHex(CharSequence text) {
    return count(text, c -> c > 'f' || (Character.digit(c, 16) < 0 && c != '-')) == 0;
  }

  static int count(CharSequence text, IntPredicate wanted) {
    int count = 0;
    for (int i = 0; i < text.length(); i++) {
      count += wanted.test(text.charAt(i)) ? 1 : 0;
    }
    return count;
  }

  private static boolean isHump(char before, char c) {
    return kind(before) == 'a' && kind(c) == 'A';
  }

  private static char kind(char c) {
    if (c >= 'a' && c <= 'z') {
      return 'a';
    }
    if (c >= 'A' && c <= 'Z') {
      return 'A';
    }
    return c >= '0' && c <= '9' ? '0' : '-';
  }

  private static int letter(char c) {
    int lower = c | 32;
    return lower >= 'a' && lower <= 'z' && c < 128 ? lower - 'a' : -1;
  }
}
