package io.watchgate.security.injection;

import io.watchgate.scanning.Keywords;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

/// The words and signs that instructions to a model are made of, by class: `lexicon.txt`.
final class Lexicon {
  static final int MOVED = -1;
  static final int BACKWARDS = -2;

  private static final int LONG = 6;
  private static final String GLUED = "glued";
  private static final String REVERSED = "reversed";

  /// The class of words that stand in quotation marks, whatever they are otherwise.
  static final String CITED = "cited";

  private static final Lexicon OWN = read("lexicon.txt");

  private final List<String> classes;
  private final List<String> entries;
  private final Table words;
  private final Table foreignWords;
  private final Table marks;
  private final Keywords glued;

  /// Keywords, and the class of each.
  record Table(Keywords keywords, List<Integer> classes) {
    int classOf(int keyword) {
      return classes.get(keyword);
    }

    int length(int keyword) {
      return keywords.length(keyword);
    }

    int size() {
      return classes.size();
    }
  }

  /// One line of the file.
  private record Entry(String type, String text) {}

  private Lexicon(List<Entry> words, List<Entry> marks) {
    Set<String> names = new LinkedHashSet<>();
    words.forEach(word -> names.add(word.type));
    names.add(CITED);
    marks.stream().filter(mark -> !isSpecial(mark)).forEach(mark -> names.add(mark.type));
    this.classes = List.copyOf(names);
    var plain = words.stream().filter(Lexicon::isPlain).toList();
    var foreign = words.stream().filter(word -> !isPlain(word)).toList();
    this.entries = Stream.concat(plain.stream(), foreign.stream()).map(Entry::text).toList();
    this.words = table(plain.stream().map(Lexicon::bounded).toList());
    this.foreignWords = table(foreign.stream().map(Lexicon::bounded).toList());
    var plainMarks = marks.stream().filter(mark -> !mark.type.equals(GLUED));
    this.marks = table(Stream.concat(plainMarks, reversed(plain, foreign)).toList());
    this.glued =
        Keywords.of(
            marks.stream().filter(mark -> mark.type.equals(GLUED)).map(Entry::text).toList());
  }

  static Lexicon own() {
    return OWN;
  }

  List<String> classes() {
    return classes;
  }

  /// The words, in the order of their tables.
  List<String> entries() {
    return entries;
  }

  int classOf(int entry) {
    return entry < words.size() ? words.classOf(entry) : foreignWords.classOf(entry - words.size());
  }

  /// What a folded text is made of: words with one space in front of each and behind the last.
  Table words() {
    return words;
  }

  /// The same in other alphabets: few texts have any of them.
  Table foreignWords() {
    return foreignWords;
  }

  /// What stands in a text as it is. Of the class `MOVED` or `BACKWARDS` are words of a text that
  /// is to be read with its letters moved by half the alphabet, or from its end.
  Table marks() {
    return marks;
  }

  Keywords glued() {
    return glued;
  }

  private static boolean isPlain(Entry word) {
    return word.text.chars().allMatch(c -> c < 128);
  }

  private static boolean isSpecial(Entry mark) {
    return isCypher(mark) || mark.type.equals(GLUED);
  }

  private static boolean isCypher(Entry mark) {
    return mark.type.equals("rot13") || mark.type.equals(REVERSED);
  }

  /// Words as they stand in a text that is written backwards, but for those that may be others.
  private static Stream<Entry> reversed(List<Entry> plain, List<Entry> foreign) {
    var longer = plain.stream().filter(word -> word.text.length() >= LONG);
    return Stream.concat(longer, foreign.stream()).map(Lexicon::reversed);
  }

  private static Entry reversed(Entry word) {
    return new Entry(REVERSED, new StringBuilder(bounded(word).text).reverse().toString());
  }

  private static Entry bounded(Entry word) {
    var text = word.text;
    if (text.startsWith("~")) {
      return new Entry(word.type, text.substring(1));
    }
    boolean prefix = text.endsWith("*");
    return new Entry(word.type, " " + (prefix ? text.substring(0, text.length() - 1) : text + " "));
  }

  private Table table(List<Entry> entries) {
    return new Table(
        Keywords.of(entries.stream().map(Lexicon::spelled).toList()),
        entries.stream()
            .map(entry -> isSpecial(entry) ? cypher(entry) : classes.indexOf(entry.type))
            .toList());
  }

  private static String spelled(Entry entry) {
    return isCypher(entry) ? entry.text.replace('_', ' ') : entry.text;
  }

  private static int cypher(Entry entry) {
    return entry.type.equals("rot13") ? MOVED : BACKWARDS;
  }

  private static Lexicon read(String resource) {
    var words = new ArrayList<Entry>();
    var marks = new ArrayList<Entry>();
    try (var in = Lexicon.class.getResourceAsStream(resource)) {
      var text = new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
      text.lines()
          .filter(line -> !line.isBlank() && !line.startsWith("#"))
          .forEach(line -> add(line, words, marks));
    } catch (IOException e) {
      throw new UncheckedIOException(resource + " of the program cannot be read", e);
    }
    return new Lexicon(words, marks);
  }

  private static void add(String line, List<Entry> words, List<Entry> marks) {
    int colon = line.indexOf(": ");
    boolean mark = line.startsWith("mark ");
    var type = line.substring(mark ? 5 : 0, colon);
    for (var text : line.substring(colon + 2).split(", ", -1)) {
      (mark ? marks : words).add(new Entry(type, text.replace("\\n", "\n")));
    }
  }
}
