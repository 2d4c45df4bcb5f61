package io.watchgate.security.pii;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// What one pass over a text found: where digits are, and which words near them say what they are.
final class Reading {
  /// How far a word speaks to what comes after it, and before it.
  private static final int FORWARD = 48;

  private static final int BACKWARD = 24;

  /// Words that are looked at for one number, so that a text of nothing else costs no more.
  private static final int MOST_HITS = 8;

  private static final int OTHER = 0;
  private static final int LOWER = 1;
  private static final int UPPER = 2;
  private static final int DIGIT = 3;
  private static final int FOREIGN = 4;
  private static final byte[] KINDS = new byte[128];

  /// From here on scripts are written without spaces, and two characters make a word.
  private static final char DENSE = '\u2E80';

  static {
    Arrays.fill(KINDS, 'a', 'z' + 1, (byte) LOWER);
    Arrays.fill(KINDS, 'A', 'Z' + 1, (byte) UPPER);
    Arrays.fill(KINDS, '0', '9' + 1, (byte) DIGIT);
  }

  private final String string;

  private char[] text;

  private final Words words = Words.standard();
  private int[] runs = new int[64];
  private int runCount;
  private int[] hits = new int[32];
  private long[] hitTopics = new long[16];
  private int hitCount;
  private long topics;
  private long keyTopics;
  private final @Nullable Columns columns;

  private int wordStart = -1;
  private long hash;
  private long wordTopics;
  private int lastStart;
  private int lastEnd = -3;
  private long lastHash;

  /// @param key under which the text stands, empty for none: what it says holds for the first words
  Reading(String key, String string) {
    this.string = string;
    if (!key.isEmpty()) {
      text = key.toCharArray();
      read();
      keyTopics = topics;
      topics = 0;
      hitCount = 0;
      runCount = 0;
    }
    text = string.toCharArray();
    read();
    topics |= keyTopics;
    columns = hitCount == 0 ? null : Columns.of(this);
  }

  /// How many runs of ASCII letters and digits have a digit.
  int runs() {
    return runCount;
  }

  int start(int run) {
    return runs[2 * run];
  }

  int end(int run) {
    return runs[2 * run + 1];
  }

  String string() {
    return string;
  }

  /// The characters of the text, which stay as they are.
  char[] characters() {
    return text;
  }

  int length() {
    return text.length;
  }

  /// The character at a place, a zero outside the text.
  char at(int place) {
    return place >= 0 && place < text.length ? text[place] : 0;
  }

  static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  static boolean isLetterOrDigit(char c) {
    return c < 128 && KINDS[c] != OTHER;
  }

  boolean isAllDigits(int start, int end) {
    for (int i = start; i < end; i++) {
      if (!isDigit(text[i])) {
        return false;
      }
    }
    return true;
  }

  /// Whether the text has a word of any of the topics at all.
  boolean mentions(long any) {
    return (topics & any) != 0;
  }

  /// The topics of the words that speak of a span: those before it, back to one that makes it a
  /// thing, or else those right behind it.
  long topics(int start, int end) {
    if (hitCount == 0) {
      return start <= FORWARD ? asThing(keyTopics) : 0;
    }
    int first = firstHitAfter(start);
    int header = columns == null || start < columns.header() ? -1 : columns.header();
    long found = 0;
    for (int i = first - 1; i >= Math.max(0, first - MOST_HITS); i--) {
      if (start - hits[2 * i + 1] > FORWARD || hits[2 * i] < header) {
        break;
      }
      if ((hitTopics[i] & Topic.THING.bit()) != 0) {
        return found;
      }
      found |= hitTopics[i];
    }
    if (found == 0) {
      found = behind(first, end);
    }
    if (found == 0 && columns != null && header >= 0) {
      found = asThing(columns.topics(runAt(start)));
    }
    return found == 0 && start <= FORWARD ? asThing(keyTopics) : found;
  }

  /// The topics of all words inside a span.
  long topicsInside(int start, int end) {
    long found = 0;
    for (int i = firstHitAfter(start); i < hitCount && hits[2 * i + 1] <= end; i++) {
      found |= hitTopics[i];
    }
    return found;
  }

  /// The first run that ends behind a place, the last one for a place behind all.
  private int runAt(int place) {
    int low = 0;
    int high = runCount - 1;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (end(middle) <= place) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private static long asThing(long topics) {
    return (topics & Topic.THING.bit()) != 0 ? 0 : topics;
  }

  /// Whether the last word before a place is about a topic, and near.
  boolean isRightBefore(int place, Topic topic, int distance) {
    int last = firstHitAfter(place) - 1;
    if (last < 0) {
      return place <= distance && (keyTopics & topic.bit()) != 0;
    }
    return place - hits[2 * last + 1] <= distance && (hitTopics[last] & topic.bit()) != 0;
  }

  /// The end of the word about a topic that starts at the place, -1 for none.
  int wordAt(int place, Topic topic) {
    int hit = firstHitAfter(place);
    return hit < hitCount && hits[2 * hit] == place && (hitTopics[hit] & topic.bit()) != 0
        ? hits[2 * hit + 1]
        : -1;
  }

  /// The start of the word about a topic that ends at the place, -1 for none.
  int wordBefore(int place, Topic topic) {
    int hit = firstHitAfter(place) - 1;
    return hit >= 0 && hits[2 * hit + 1] == place && (hitTopics[hit] & topic.bit()) != 0
        ? hits[2 * hit]
        : -1;
  }

  private long behind(int first, int end) {
    long found = 0;
    int from = end;
    for (int i = first; i < Math.min(hitCount, first + 2); i++) {
      int until = hits[2 * i];
      if (until - end > BACKWARD || (hitTopics[i] & Topic.THING.bit()) != 0) {
        break;
      }
      for (int j = from; j < until; j++) {
        if (",;:|\n\t".indexOf(text[j]) >= 0) {
          return found;
        }
      }
      found |= hitTopics[i];
      from = hits[2 * i + 1];
    }
    return found;
  }

  /// The first hit that does not end before or at the place.
  private int firstHitAfter(int place) {
    int low = 0;
    int high = hitCount;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (hits[2 * middle + 1] <= place) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private void read() {
    int run = -1;
    boolean digits = false;
    int before = OTHER;
    for (int i = 0; i < text.length; i++) {
      char c = text[i];
      int kind = c < 128 ? KINDS[c] : isForeign(c) ? FOREIGN : OTHER;
      boolean ascii = kind != OTHER && kind != FOREIGN;
      if (ascii) {
        run = run < 0 ? i : run;
        digits |= kind == DIGIT;
      } else if (run >= 0) {
        endRun(run, i, digits);
        run = -1;
        digits = false;
      }
      letter(i, c, kind, before);
      before = kind;
    }
    if (run >= 0) {
      endRun(run, text.length, digits);
    }
    endWord(text.length);
    lastEnd = -3;
  }

  /// In the scripts of India and Thailand vowels are marks.
  private static boolean isForeign(char c) {
    return Character.isLetter(c) || Character.getType(c) == Character.NON_SPACING_MARK;
  }

  private void letter(int place, char c, int kind, int before) {
    switch (kind) {
      case LOWER -> grow(place, c);
      case UPPER -> {
        if (before == LOWER) {
          endWord(place);
        }
        grow(place, (char) (c | 0x20));
      }
      case FOREIGN -> {
        if (c >= DENSE && c < '\uAC00') {
          dense(place, c);
        } else {
          grow(place, Character.toLowerCase(c));
        }
      }
      default -> endWord(place);
    }
  }

  private void grow(int place, char c) {
    if (wordStart < 0) {
      wordStart = place;
    }
    hash = Words.with(hash, c);
    wordTopics |= words.beginning(hash);
  }

  private void dense(int place, char c) {
    endWord(place);
    char last = at(place - 1);
    if (last >= DENSE) {
      long found = words.whole(Words.with(Words.with(0, last), c));
      if (found != 0) {
        hit(place - 1, place + 1, found);
      }
    }
  }

  private void endWord(int end) {
    if (wordStart < 0) {
      return;
    }
    long found = wordTopics | words.whole(hash);
    int start = wordStart;
    if (start - lastEnd <= 2) {
      long phrase = words.whole(Words.phrase(lastHash, hash));
      if (phrase != 0) {
        found |= phrase;
        start = lastStart;
      }
    }
    if (found != 0) {
      hit(start, end, found);
    }
    lastStart = wordStart;
    lastEnd = end;
    lastHash = hash;
    wordStart = -1;
    hash = 0;
    wordTopics = 0;
  }

  private void hit(int start, int end, long found) {
    if (hitCount == hitTopics.length) {
      hits = Arrays.copyOf(hits, 4 * hitCount);
      hitTopics = Arrays.copyOf(hitTopics, 2 * hitCount);
    }
    hits[2 * hitCount] = start;
    hits[2 * hitCount + 1] = end;
    hitTopics[hitCount++] = found;
    topics |= found;
  }

  private void endRun(int start, int end, boolean digits) {
    if (!digits) {
      return;
    }
    if (2 * runCount == runs.length) {
      runs = Arrays.copyOf(runs, 2 * runs.length);
    }
    runs[2 * runCount] = start;
    runs[2 * runCount++ + 1] = end;
  }
}
