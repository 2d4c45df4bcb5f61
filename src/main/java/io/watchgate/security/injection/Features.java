package io.watchgate.security.injection;

import java.util.Arrays;
import java.util.List;
import java.util.Set;

/// What is looked at in a sentence: the words of the lexicon that it has and their classes, which
/// of them it begins with, which stand close behind another or are quoted, and by a hash all words
/// and each two in a row.
final class Features {
  /// What instructions do, as Gatekit calls it.
  static final List<String> KINDS =
      List.of("context_hijacking", "role_manipulation", "delimiter_injection");

  private static final Set<String> ROLES = Set.of("role", "part", "jail", "bad", "hence");
  private static final Set<String> DELIMITERS = Set.of("turn", "tag", "authority", "boss");
  private static final Set<String> CONTEXT =
      Set.of(Lexicon.CITED, "about", "example", "modal", "third", "tech", "howto", "person");

  /// A sentence has about as many features.
  private static final double USUAL = 60;

  private static final int FEWEST = 20;
  private static final int NEAR = 7;
  private static final int NEXT = 2;
  private static final int MOST_HITS = 256;

  /// From here on are scripts that are mostly written without spaces, as Chinese.
  private static final char FIRST_UNSPACED = '\u2E81';

  private static final int BUCKET_BITS = 18;

  private static final Lexicon LEXICON = Lexicon.own();
  private static final List<String> CLASSES = LEXICON.classes();
  private static final int COUNT = CLASSES.size();
  private static final int LEAD = CLASSES.indexOf("lead");
  private static final int CITED = CLASSES.indexOf(Lexicon.CITED);

  // in this order: classes, classes at a beginning, near pairs, next pairs, entries, hashes
  private static final int PAIRS = 2 * COUNT;
  private static final int ENTRIES = PAIRS + 2 * COUNT * COUNT;

  /// The first of those without a name: words by a hash.
  static final int HASHES = ENTRIES + LEXICON.entries().size();

  /// Features that there are.
  static final int SIZE = HASHES + (1 << BUCKET_BITS);

  private static final boolean[] IS_CONTEXT = new boolean[COUNT];

  static {
    for (int i = 0; i < COUNT; i++) {
      IS_CONTEXT[i] = CONTEXT.contains(CLASSES.get(i));
    }
  }

  private int[] list = new int[128];
  private int[] table = new int[256];
  private int count;

  boolean isEmpty() {
    return count == 0;
  }

  int count() {
    return count;
  }

  /// One of the features, in the order in which they were seen.
  int get(int index) {
    return list[index];
  }

  /// How much each of some features counts: less where there are many, so that a sentence is not
  /// taken for an instruction because it is long.
  static double scale(int count) {
    return Math.sqrt(USUAL / Math.max(FEWEST, count));
  }

  void clear() {
    Arrays.fill(table, 0);
    count = 0;
  }

  void addAll(Features others) {
    for (int i = 0; i < others.count; i++) {
      add(others.list[i]);
    }
  }

  /// Adds a feature, once; says whether it is new.
  private boolean add(int feature) {
    int slot = slot(feature);
    if (table[slot] != 0) {
      return false;
    }
    if (count == list.length) {
      grow();
      slot = slot(feature);
    }
    table[slot] = feature + 1;
    list[count++] = feature;
    return true;
  }

  /// Where a feature is in the table, or would be.
  private int slot(int feature) {
    int mask = table.length - 1;
    int slot = ((feature * 0x9E3779B1) >>> 7) & mask;
    while (table[slot] != 0 && table[slot] != feature + 1) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  private void grow() {
    list = Arrays.copyOf(list, list.length * 2);
    table = new int[list.length * 2];
    for (int i = 0; i < count; i++) {
      table[slot(list[i])] = list[i] + 1;
    }
  }

  /// Takes the features of one sentence after the other.
  static final class Reader {
    private final Sentences sentences;
    private final int[] classes = new int[MOST_HITS];
    private final int[] firsts = new int[MOST_HITS];
    private final int[] lasts = new int[MOST_HITS];
    private final int[] starts = new int[MOST_HITS];
    private final int[] ends = new int[MOST_HITS];
    private Features features = new Features();
    private int hits;
    private int moved;
    private int backwards;

    Reader(Sentences sentences) {
      this.sentences = sentences;
    }

    /// Forgets how the last text is written.
    void begin() {
      moved = 0;
      backwards = 0;
    }

    /// How many words of the text look like those of one whose letters are moved.
    int moved() {
      return moved;
    }

    /// How many look like those of one that is written backwards.
    int backwards() {
      return backwards;
    }

    /// The features of the sentence at hand, signs included that are in its part of the text; none
    /// when it has no word of the lexicon.
    void read(String text, Features into) {
      features = into;
      features.clear();
      hits = 0;
      entries(LEXICON.words(), 0);
      if (sentences.isForeign()) {
        entries(LEXICON.foreignWords(), LEXICON.words().size());
      }
      addMarks(text);
      if (!features.isEmpty()) {
        addPairs();
        addHashes(sentences.row());
      }
    }

    private void entries(Lexicon.Table table, int first) {
      table
          .keywords()
          .find(
              sentences.row(),
              (keyword, end) ->
                  entry(first + keyword, table.classOf(keyword), end, table.length(keyword)));
    }

    private void entry(int entry, int type, int end, int length) {
      int last = sentences.row().charAt(end - 1) == ' ' ? end - 2 : end - 1;
      int first = sentences.wordAt(end - length);
      features.add(ENTRIES + entry);
      features.add(type);
      if (sentences.isQuoted(first)) {
        features.add(CITED);
        features.add(PAIRS + CITED * COUNT + type);
      }
      if (hits < MOST_HITS) {
        classes[hits] = type;
        firsts[hits] = first;
        starts[hits] = end - length;
        ends[hits] = end;
        lasts[hits++] = sentences.wordAt(last);
      }
    }

    private void addPairs() {
      int behindLead = -1;
      for (int i = 0; i < hits; i++) {
        if (sentences.begins(firsts[i]) || firsts[i] == behindLead) {
          features.add(COUNT + classes[i]);
          behindLead = classes[i] == LEAD ? lasts[i] + 1 : behindLead;
        }
        for (int j = i - 1; j >= 0 && firsts[i] - lasts[j] <= NEAR; j--) {
          addPair(classes[j], classes[i], gap(j, i));
        }
      }
    }

    /// How far a hit is behind another in words. What has no spaces between its words, as Chinese,
    /// is one word here: what stands apart in it is taken for close, but not for next.
    private int gap(int one, int other) {
      int gap = firsts[other] - lasts[one];
      return gap == 0 && starts[other] >= ends[one] ? NEXT + 1 : gap;
    }

    private void addPair(int one, int other, int gap) {
      int pair = PAIRS + one * COUNT + other;
      if (gap > 0 && !IS_CONTEXT[one] && !IS_CONTEXT[other]) {
        features.add(pair);
      }
      if (gap > 0 && gap <= NEXT) {
        features.add(pair + COUNT * COUNT);
      }
    }

    /// A sign that is there goes with every word that is there.
    private void addMarks(String text) {
      int from = Math.max(0, sentences.start() - 12);
      LEXICON
          .marks()
          .keywords()
          .find(
              text,
              from,
              sentences.end(),
              (keyword, _) -> {
                int mark = LEXICON.marks().classOf(keyword);
                if (mark < 0) {
                  moved += mark == Lexicon.MOVED ? 1 : 0;
                  backwards += mark == Lexicon.BACKWARDS ? 1 : 0;
                } else if (features.add(mark)) {
                  for (int i = 0; i < hits; i++) {
                    features.add(PAIRS + mark * COUNT + classes[i]);
                  }
                }
              });
    }

    /// Adds each word, each with the one before, each at a beginning, and for scripts without
    /// spaces each two letters.
    private void addHashes(CharSequence row) {
      int before = 1;
      int hash = 0;
      int word = 0;
      for (int i = 1; i < row.length(); i++) {
        char c = row.charAt(i);
        if (c == ' ') {
          addHash(hash);
          addHash(before * 0x2545F491 + hash + 3);
          if (sentences.begins(word)) {
            addHash(hash * 31 + 11);
          }
          before = hash;
          hash = 0;
          word++;
        } else {
          hash = hash * 31 + c;
          if (c >= FIRST_UNSPACED && row.charAt(i - 1) != ' ') {
            addHash(row.charAt(i - 1) * 65_599 + c * 31 + 1);
          }
        }
      }
    }

    private void addHash(int hash) {
      features.add(HASHES + ((hash * 0x9E3779B1) >>> (Integer.SIZE - BUCKET_BITS)));
    }
  }

  /// The number of the kind that a feature speaks for.
  static int kind(int feature) {
    var first = CLASSES.get(first(feature));
    return ROLES.contains(first) ? 1 : DELIMITERS.contains(first) ? 2 : 0;
  }

  private static int first(int feature) {
    if (feature < PAIRS) {
      return feature % COUNT;
    }
    if (feature < ENTRIES) {
      return (feature - PAIRS) / COUNT % COUNT;
    }
    return feature < HASHES ? LEXICON.classOf(feature - ENTRIES) : CITED;
  }

  static String name(int feature) {
    if (feature < COUNT) {
      return CLASSES.get(feature);
    }
    if (feature < PAIRS) {
      return "^" + CLASSES.get(feature - COUNT);
    }
    if (feature < ENTRIES) {
      int pair = feature - PAIRS;
      var between = pair < COUNT * COUNT ? ">" : ">>";
      return CLASSES.get(first(feature)) + between + CLASSES.get(pair % COUNT);
    }
    if (feature < HASHES) {
      return LEXICON.entries().get(feature - ENTRIES).replace(' ', '_') + "/" + first(feature);
    }
    return "#" + (feature - HASHES);
  }
}
