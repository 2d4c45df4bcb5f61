package io.watchgate.security.injection;

import io.watchgate.scanning.Keywords;
import java.util.Arrays;
import java.util.BitSet;

/// Goes over a text sentence by sentence, and over long ones piece by piece. Of each it makes a row
/// of plain words: small letters, with those in place that digits and signs were put in for, joined
/// where they were spaced out, apart where they were run together.
final class Sentences {
  static final int MOST_WORDS = 60;
  private static final int LONGEST_WORD = 64;
  private static final int SHORTEST_GLUED = 12;
  private static final int MOST_SINGLE = 4 * MOST_WORDS;
  private static final int FEWEST_SPACED = 5;
  private static final int FEWEST_AMONG_SPACED = 2;

  /// A glued word becomes several, at most one for each of its letters.
  private static final int MOST_PARTS = 1024;

  private static final String DISGUISED = "013457@$!";
  private static final String MEANT = "oieastasi";
  private static final byte[] KINDS = new byte[128];
  private static final byte LETTER = 1;
  private static final byte DIGIT = 2;
  private static final byte INNER = 3;

  static {
    for (char c = 'a'; c <= 'z'; c++) {
      KINDS[c] = LETTER;
      KINDS[c - 32] = LETTER;
    }
    for (char c = '0'; c <= '9'; c++) {
      KINDS[c] = DIGIT;
    }
    for (char c : "@$!'".toCharArray()) {
      KINDS[c] = INNER;
    }
  }

  private final Keywords glued = Lexicon.own().glued();
  private final StringBuilder row = new StringBuilder(1024);
  private final StringBuilder word = new StringBuilder(LONGEST_WORD);
  private final int[] rowStart = new int[MOST_PARTS];
  private final int[] wordStart = new int[MOST_PARTS];
  private final int[] wordEnd = new int[MOST_PARTS];
  private final BitSet begins = new BitSet();
  private final BitSet quoted = new BitSet();
  private final int[] ends = new int[LONGEST_WORD];
  private String text = "";
  private int at;
  private int start;
  private int end;
  private int words;
  private boolean foreign;
  private boolean open;

  /// Begins with another text.
  void read(String another) {
    text = another;
    at = 0;
    open = false;
  }

  boolean next() {
    if (at >= text.length()) {
      return false;
    }
    clear();
    int singles = 0;
    int taken = 0;
    char sign = '.';
    boolean open = this.open;
    while (at < text.length() && hasRoom(taken, singles)) {
      char c = text.charAt(at);
      if (isOfWord(c)) {
        begins.set(words, sign != 0 && isBefore(sign));
        quoted.set(words, open);
        sign = 0;
        singles += word() ? 1 : 0;
        taken++;
      } else if (ends(c)) {
        open &= c != '\n';
        at++;
        break;
      } else {
        sign = c == ' ' ? sign : c;
        if (isQuote(c)) {
          open = !open && quotes();
        } else if (c == '\n') {
          open = false;
        }
        at++;
      }
    }
    end = at;
    this.open = open;
    row.append(' ');
    if (singles >= FEWEST_SPACED) {
      joinSpaced(singles * 2 > taken ? FEWEST_AMONG_SPACED : FEWEST_SPACED);
    }
    return true;
  }

  private boolean hasRoom(int taken, int singles) {
    return taken - singles < MOST_WORDS
        && singles < MOST_SINGLE
        && words < MOST_PARTS - LONGEST_WORD;
  }

  private void clear() {
    start = at;
    words = 0;
    foreign = false;
    row.setLength(0);
    begins.clear();
    quoted.clear();
  }

  /// Where the sentence begins in the text.
  int start() {
    return start;
  }

  int end() {
    return end;
  }

  int words() {
    return words;
  }

  /// The words, a space in front of each and behind the last.
  CharSequence row() {
    return row;
  }

  /// Whether some letters are none of English.
  boolean isForeign() {
    return foreign;
  }

  /// Which word the row has at an index.
  int wordAt(int index) {
    int found = Arrays.binarySearch(rowStart, 0, words, index);
    return found >= 0 ? found : Math.max(0, -found - 2);
  }

  /// Whether a sentence, or a part of it behind a comma or a bracket, begins with a word.
  boolean begins(int index) {
    return begins.get(index);
  }

  /// Whether a word stands in quotation marks that are opened within the sentence, behind others.
  boolean isQuoted(int index) {
    return quoted.get(index);
  }

  private static boolean isOfWord(char c) {
    if (c < 128) {
      return KINDS[c] == LETTER || KINDS[c] == DIGIT;
    }
    return Character.isLetterOrDigit(c) || Character.isSurrogate(c) || isMark(c);
  }

  private static boolean isMark(char c) {
    int type = Character.getType(c);
    return type == Character.NON_SPACING_MARK || type == Character.COMBINING_SPACING_MARK;
  }

  /// Takes a word, and says whether it is a single letter.
  private boolean word() {
    int from = at;
    int limit = Math.min(text.length(), at + LONGEST_WORD);
    boolean letters = false;
    boolean disguised = false;
    word.setLength(0);
    while (at < limit) {
      char c = text.charAt(at);
      if (c < 128) {
        byte kind = KINDS[c];
        if (kind == 0 || (kind == INNER && !isInner(limit))) {
          break;
        }
        letters |= kind == LETTER;
        disguised |= kind != LETTER;
        word.append(kind == LETTER ? (char) (c | 0x20) : c);
      } else {
        if (!isOfWord(c) && !(c == '\u2019' && isInner(limit))) {
          break;
        }
        letters = true;
        foreign = true;
        word.append(Character.toLowerCase(c));
      }
      at++;
    }
    if (letters && disguised) {
      undisguise();
    }
    if (word.length() < SHORTEST_GLUED || !apart(from)) {
      add(word, 0, word.length(), from);
    }
    return word.length() == 1;
  }

  private boolean isInner(int limit) {
    return at + 1 < limit && isOfWord(text.charAt(at + 1));
  }

  private void undisguise() {
    int kept = 0;
    for (int i = 0; i < word.length(); i++) {
      char c = word.charAt(i);
      int sign = DISGUISED.indexOf(c);
      if (c != '\'') {
        word.setCharAt(kept++, sign < 0 ? c : MEANT.charAt(sign));
      }
    }
    word.setLength(kept);
  }

  private void add(CharSequence from, int begin, int behind, int origin) {
    rowStart[words] = row.length();
    wordStart[words] = origin;
    wordEnd[words] = at;
    words++;
    row.append(' ').append(from, begin, behind);
  }

  /// Adds the words that were run together, if those that are known are most of it.
  private boolean apart(int origin) {
    Arrays.fill(ends, 0);
    glued.find(
        word,
        (keyword, behind) -> {
          int begin = behind - glued.length(keyword);
          ends[begin] = Math.max(ends[begin], behind);
        });
    int known = 0;
    int found = 0;
    for (int i = 0; i < word.length(); i = Math.max(i + 1, ends[i])) {
      known += Math.max(0, ends[i] - i);
      found += ends[i] > 0 ? 1 : 0;
    }
    if (found < 3 || known * 10 < word.length() * 7) {
      return false;
    }
    int unknownFrom = 0;
    for (int i = 0; i < word.length(); i = Math.max(i + 1, ends[i])) {
      if (ends[i] > 0) {
        if (unknownFrom < i) {
          add(word, unknownFrom, i, origin);
        }
        add(word, i, ends[i], origin);
        unknownFrom = ends[i];
      }
    }
    if (unknownFrom < word.length()) {
      add(word, unknownFrom, word.length(), origin);
    }
    return true;
  }

  /// Single letters in a row are one word, up to where there is more space between them.
  private void joinSpaced(int fewest) {
    var spaced = row.toString();
    int count = words;
    var from = Arrays.copyOf(rowStart, count + 1);
    from[count] = spaced.length() - 1;
    row.setLength(0);
    words = 0;
    for (int i = 0; i < count; ) {
      int last = i;
      while (last + 1 < count
          && isSingle(from, last)
          && isSingle(from, last + 1)
          && wordStart[last + 1] - wordEnd[last] == 1
          && last - i + 1 < LONGEST_WORD) {
        last++;
      }
      last = last - i + 1 < fewest ? i : last;
      word.setLength(0);
      for (int part = i; part <= last; part++) {
        word.append(spaced, from[part] + 1, from[part + 1]);
      }
      int origin = wordStart[i];
      if (last == i || word.length() < SHORTEST_GLUED || !apart(origin)) {
        add(word, 0, word.length(), origin);
      }
      i = last + 1;
    }
    row.append(' ');
  }

  private static boolean isSingle(int[] from, int index) {
    return from[index + 1] - from[index] == 2;
  }

  private static boolean isBefore(char sign) {
    return ".,;:([{\"'`>\n*-".indexOf(sign) >= 0;
  }

  private static boolean isQuote(char c) {
    return c == '"'
        || c == '`'
        || (c >= '\u201C' && c <= '\u201F')
        || c == '\u00AB'
        || c == '\u00BB'
        || c == '\u300C'
        || c == '\u300D';
  }

  /// Whether the quotation mark at hand opens words that are cited: it stands behind a word and a
  /// space. What follows a sign is a string of some code, which is data as any other.
  private boolean quotes() {
    int before = at - 1;
    while (before >= 0 && " :,(".indexOf(text.charAt(before)) >= 0) {
      before--;
    }
    return before >= 0 && isOfWord(text.charAt(before));
  }

  /// Whether a sentence ends with the sign at hand: one in front of a space, or an empty line.
  private boolean ends(char c) {
    char next = at + 1 < text.length() ? text.charAt(at + 1) : ' ';
    return switch (c) {
      case '.', '!', '?', ';', ':' -> next <= ' ' || next == '"' || next == '\'' || next == '<';
      case '\u3002', '\uFF01', '\uFF1F' -> true;
      case '\n' -> next < 'A' && !(next >= '0' && next <= '9') && next != ' ';
      default -> false;
    };
  }
}
