package io.watchgate.security.toolguard;

import com.google.re2j.Pattern;
import io.watchgate.jsonrpc.CanonicalJson;
import io.watchgate.jsonrpc.Json;
import io.watchgate.scanning.Finding;
import io.watchgate.scanning.Keywords;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// All signs that a text gives orders to the model, as `signs.txt` has them. A sign is looked for
/// only in texts that have one of its words.
final class Signs {
  /// Signs this near to each other belong together.
  private static final int SPAN = 400;

  private static final int MOST_MATCHES = 40;

  /// Another number when texts are read otherwise, so that all are looked through again.
  private static final int READING = 1;

  final List<Sign> signs = new ArrayList<>();
  private final List<String> kinds = new ArrayList<>();
  private int groups;
  private final List<Word> words;
  private final Keywords keywords;

  /// @param begins whether no letter may be before it
  /// @param ends whether no letter may be behind it
  /// @param groups that it is in
  private record Word(String letters, boolean begins, boolean ends, BitSet groups) {
    private static final String EDGE = "\\b";

    static Word of(String word) {
      boolean begins = word.startsWith(EDGE);
      boolean ends = word.endsWith(EDGE);
      return new Word(word.replace(EDGE, ""), begins, ends, new BitSet());
    }

    boolean isAt(String text, int start, int end) {
      return !(begins && isOfWord(text, start - 1)) && !(ends && isOfWord(text, end));
    }

    private static boolean isOfWord(String text, int at) {
      if (at < 0 || at >= text.length()) {
        return false;
      }
      char c = text.charAt(at);
      return c == '_' || (c < 128 && Character.isLetterOrDigit(c)); // as RE2 has it
    }
  }

  /// @param kind number of what it is a sign of
  /// @param from first of its groups of words
  /// @param to behind the last of them; the first where its words are not in ASCII
  record Sign(double weight, int kind, Expression expression, int from, int to) {

    boolean isPossible(BitSet met, boolean isForeign) {
      return from == to ? isForeign : met.nextClearBit(from) >= to;
    }

    void find(String text, List<Match> found) {
      var matcher = expression.pattern().matcher(text);
      for (int i = 0; i < MOST_MATCHES && matcher.find(); i++) {
        found.add(new Match(this, matcher.start(), matcher.end()));
      }
    }
  }

  /// A regular expression, compiled when it is first needed: most never are.
  static final class Expression {
    private final String text;
    private volatile @Nullable Pattern compiled;

    Expression(String text) {
      this.text = text;
    }

    Pattern pattern() {
      var pattern = compiled;
      if (pattern == null) {
        pattern = Pattern.compile(text);
        compiled = pattern;
      }
      return pattern;
    }
  }

  record Match(Sign sign, int start, int end) {

    boolean covers(Match other) {
      return start <= other.start && other.start < end;
    }
  }

  private final String version;

  private Signs(String text) {
    version = READING + "-" + CanonicalJson.digest(Json.string(text)).substring(0, 16);
    var lines = text.lines().toList();
    var names = new LinkedHashMap<String, String>();
    var wordsByName = new LinkedHashMap<String, Word>();
    for (var line : lines) {
      boolean isSign = !line.isBlank() && Character.isDigit(line.charAt(0));
      if (isSign) {
        add(line.split("\\|", 4), names, wordsByName);
      } else if (!line.isBlank() && !line.startsWith("#")) {
        int equals = line.indexOf('=');
        var expression = resolved(line.substring(equals + 1).strip(), names);
        names.put(line.substring(0, equals).strip(), expression);
      }
    }
    words = List.copyOf(wordsByName.values());
    keywords = Keywords.of(words.stream().map(Word::letters).toList());
    signs.sort(Comparator.comparingDouble(Sign::weight).reversed());
  }

  private static String resolved(String expression, Map<String, String> names) {
    var resolved = expression;
    for (var name : names.entrySet()) {
      resolved = resolved.replace("{" + name.getKey() + "}", name.getValue());
    }
    return resolved;
  }

  private void add(String[] parts, Map<String, String> names, Map<String, Word> wordsByName) {
    var kind = parts[1].strip();
    if (!kinds.contains(kind)) {
      kinds.add(kind);
    }
    int first = groups;
    boolean isAscii = parts[2].chars().allMatch(c -> c <= 127); // the words' table knows no other
    for (var group : isAscii ? parts[2].split("&", -1) : new String[0]) {
      for (var word : group.strip().split(",", -1)) {
        wordsByName.computeIfAbsent(word, Word::of).groups.set(groups);
      }
      groups++;
    }
    var expression = new Expression("(?is)" + resolved(parts[3].strip(), names));
    double weight = Double.parseDouble(parts[0].strip());
    signs.add(new Sign(weight, kinds.indexOf(kind), expression, first, groups));
  }

  static Signs load() {
    try (var in = Signs.class.getResourceAsStream("signs.txt")) {
      var text = new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
      return new Signs(text);
    } catch (IOException e) {
      throw new UncheckedIOException("the program lacks a part of itself: signs.txt", e);
    }
  }

  /// Tells these signs from those of another time.
  String version() {
    return version;
  }

  /// The place in a text where most signs are together, when they are enough.
  Optional<Finding> worst(String text) {
    return worst(text, Weight.NONE);
  }

  /// The place where most signs are together, when they are enough with what the text weighs
  /// before.
  Optional<Finding> worst(String lines, double before) {
    var text = paragraphs(lines);
    Optional<Finding> worst = Optional.empty();
    for (int from = 0; from == 0 || from + SPAN < text.length(); from += SPAN) {
      int start = from;
      var part = text.substring(from, Math.min(text.length(), from + 2 * SPAN));
      var found = inPart(part, before).map(finding -> moved(finding, start));
      worst =
          worst.filter(w -> found.isEmpty() || w.score() >= found.get().score()).or(() -> found);
    }
    return worst;
  }

  /// Lines that belong together as one, in as many characters.
  private static String paragraphs(String lines) {
    if (lines.indexOf('\n') < 0) {
      return lines;
    }
    var text = new StringBuilder(lines);
    for (int at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) {
      int next = at + 1;
      while (next < text.length() && text.charAt(next) == ' ') {
        next++;
      }
      if (next < text.length() && "\n-*#\u2022".indexOf(text.charAt(next)) < 0) {
        text.setCharAt(at, ' ');
      }
    }
    return text.toString();
  }

  private static Finding moved(Finding finding, int by) {
    return new Finding(finding.type(), finding.start() + by, finding.end() + by, finding.score());
  }

  /// Regular expressions are dear: they are asked only where the words allow that it is enough.
  private Optional<Finding> inPart(String part, double before) {
    var possible = possible(part);
    double most = before;
    for (var sign : possible) {
      most += sign.weight;
    }
    if (!Weight.isEnough(most)) {
      return Optional.empty();
    }
    var matches = new ArrayList<Match>();
    for (int i = 0; i < possible.size(); i++) {
      if (!mayBeEnough(matches, possible.subList(i, possible.size()), before)) {
        return Optional.empty();
      }
      possible.get(i).find(part, matches);
    }
    return heaviest(uncovered(matches), before);
  }

  /// The signs whose words a text has.
  private List<Sign> possible(String part) {
    var met = new BitSet(groups);
    var heard = new BitSet(words.size());
    keywords.find(
        part,
        (number, end) -> {
          var word = words.get(number);
          if (!heard.get(number) && word.isAt(part, end - keywords.length(number), end)) {
            heard.set(number);
            met.or(word.groups);
          }
        });
    boolean isForeign = isForeign(part);
    var possible = new ArrayList<Sign>();
    for (var sign : signs) {
      if (sign.isPossible(met, isForeign)) {
        possible.add(sign);
      }
    }
    return possible;
  }

  private static boolean isForeign(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) > 127) {
        return true;
      }
    }
    return false;
  }

  /// Whether what was found is enough together with all that was not looked for yet.
  private boolean mayBeEnough(List<Match> found, List<Sign> left, double before) {
    var weight = new Weight(kinds, before);
    for (var match : found) {
      weight.add(match.sign.kind, match.sign.weight);
    }
    for (var sign : left) {
      weight.add(sign.kind, sign.weight);
    }
    return weight.isEnough();
  }

  /// The signs that no warning covers.
  private static List<Match> uncovered(List<Match> matches) {
    var warnings = matches.stream().filter(match -> match.sign.weight == 0).toList();
    var counting = new ArrayList<>(matches);
    counting.removeAll(warnings);
    counting.removeIf(match -> warnings.stream().anyMatch(warning -> warning.covers(match)));
    return counting;
  }

  private Optional<Finding> heaviest(List<Match> matches, double before) {
    matches.sort(Comparator.comparingInt(Match::start));
    Optional<Finding> heaviest = Optional.empty();
    for (int first = 0; first < matches.size(); first++) {
      var weight = new Weight(kinds, before);
      int end = 0;
      int limit = matches.get(first).start() + SPAN;
      for (int i = first; i < matches.size() && matches.get(i).start() < limit; i++) {
        weight.add(matches.get(i).sign.kind, matches.get(i).sign.weight);
        end = Math.max(end, matches.get(i).end);
      }
      var most = heaviest.map(Finding::score).orElse(0.0);
      if (weight.isEnough() && weight.sum() > most) {
        int start = matches.get(first).start();
        heaviest = Optional.of(new Finding(weight.names(), start, end, weight.sum()));
      }
    }
    return heaviest;
  }
}
