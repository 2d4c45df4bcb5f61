package io.watchgate.security.pii;

import java.util.Set;
import java.util.function.Predicate;

/// Looks for numbers that have a form: cards, accounts, ids.
final class Numbers implements Looker {
  private static final int MOST_GROUPS = 10;

  /// Letters that may stand as a group of their own before the first digits.
  private static final int MOST_LETTERS = 5;

  private static final int THING_NEAR = 12;

  private static final Forms FORMS = forms();

  private final Predicate<String> wanted;

  /// @param wanted tells the types to look for
  Numbers(Predicate<String> wanted) {
    this.wanted = wanted;
  }

  private static Forms forms() {
    var forms = Forms.builder();
    Cards.add(forms);
    EuropeanIds.add(forms);
    EasternIds.add(forms);
    AmericanIds.add(forms);
    PacificIds.add(forms);
    Documents.add(forms);
    return forms.build();
  }

  static Set<String> types() {
    return FORMS.types();
  }

  @Override
  public void look(Reading reading, Finds finds) {
    var candidate = new Candidate();
    for (int run = 0; run < reading.runs(); run++) {
      int start = reading.start(run);
      if (isGlued(reading, start)) {
        continue;
      }
      walk(reading, start, candidate, finds);
      int letters = lettersBefore(reading, start);
      if (letters < start) {
        walk(reading, letters, candidate, finds);
      }
    }
  }

  /// Tries the groups from a place on, as long as they begin a form.
  private void walk(Reading reading, int start, Candidate candidate, Finds finds) {
    candidate.clear();
    long hash = Forms.begin(!Reading.isDigit(reading.at(start)));
    char separator = 0;
    int from = start;
    for (int group = 0; group < MOST_GROUPS; group++) {
      int end = from;
      while (Reading.isLetterOrDigit(reading.at(end))) {
        end++;
      }
      if (end == from || !candidate.append(reading.characters(), from, end)) {
        return;
      }
      hash = Forms.with(hash, separator, end - from);
      var node = FORMS.get(hash);
      if (node == null) {
        return;
      }
      int close = separator == '(' ? 1 : 0;
      if (!node.forms().isEmpty() && isEnd(reading, end, close)) {
        test(node, reading, start, end + close, candidate, finds);
      }
      separator = separator(reading.at(end));
      from = end + 1;
      if (separator == 0) {
        return;
      }
    }
  }

  private void test(
      Forms.Node node, Reading reading, int start, int end, Candidate candidate, Finds finds) {
    boolean told = reading.mentions(node.near()) || node.alone();
    if (!told) {
      return;
    }
    long topics = reading.topics(start, end);
    if (!node.alone() && (topics & node.near()) == 0) {
      return;
    }
    for (var form : node.forms()) {
      double score = form.score(candidate, topics);
      if (score > 0 && wanted.test(form.type()) && !isThing(reading, start, score)) {
        finds.add(form.type(), start, end, score);
      }
    }
  }

  private static boolean isThing(Reading reading, int start, double score) {
    return score <= Forms.WEAK && reading.isRightBefore(start, Topic.THING, THING_NEAR);
  }

  /// Whether more digits stand right before, with a sign between that numbers have inside.
  static boolean isGlued(Reading reading, int start) {
    char before = reading.at(start - 1);
    return (before == '-' || before == '.' || (before == '/' && !isPath(reading, start)))
        && Reading.isDigit(reading.at(start - 2));
  }

  private static boolean isPath(Reading reading, int start) {
    int i = start - 2;
    while (Reading.isDigit(reading.at(i))) {
      i--;
    }
    return reading.at(i) == '/';
  }

  private static boolean isEnd(Reading reading, int end, int close) {
    char next = reading.at(end);
    if (close > 0) {
      return next == ')';
    }
    return (next != '-' && next != '.' && next != '/') || !Reading.isDigit(reading.at(end + 1));
  }

  private static int lettersBefore(Reading reading, int start) {
    if (separator(reading.at(start - 1)) == 0) {
      return start;
    }
    int from = start - 1;
    while (reading.at(from - 1) >= 'A' && reading.at(from - 1) <= 'Z') {
      from--;
    }
    int letters = start - 1 - from;
    boolean word = letters < 1 || letters > MOST_LETTERS;
    return word || Reading.isLetterOrDigit(reading.at(from - 1)) ? start : from;
  }

  private static char separator(char c) {
    return switch (c) {
      case ' ', '-', '.', '/', '+', '(' -> c;
      case '\u00A0', '\u2007', '\u2009', '\u202F' -> ' ';
      case '\u2010', '\u2011', '\u2012', '\u2013' -> '-';
      default -> 0;
    };
  }
}
