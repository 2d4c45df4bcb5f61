package io.watchgate.security.secrets;

import io.watchgate.scanning.Finding;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// One way through a text: what was found so far, and how far which probe has looked.
final class Sweep {
  private final String text;
  private final List<Finding> finds = new ArrayList<>();
  private final Map<Probe, Integer> covered = new HashMap<>(4);
  private final Values values;
  private int runStart;
  private int runEnd;

  Sweep(String text) {
    this.text = text;
    this.values = new Values(this);
  }

  String text() {
    return text;
  }

  Values values() {
    return values;
  }

  /// Whether the probe has looked at the place before: it looks at no place twice.
  boolean isCovered(Probe probe, int place) {
    return place < covered.getOrDefault(probe, 0);
  }

  void cover(Probe probe, int end) {
    covered.put(probe, end);
  }

  /// Behind the characters from a place on that may be of one token. Regular expressions are slow
  /// to say no, so rules ask this first.
  int runEnd(int from) {
    if (from < runStart || from >= runEnd) {
      runStart = from;
      runEnd = from;
      while (runEnd < text.length() && isRun(text.charAt(runEnd))) {
        runEnd++;
      }
    }
    return runEnd;
  }

  private static boolean isRun(char c) {
    return c > ' ' && "\"',;<>(){}`".indexOf(c) < 0;
  }

  void found(String type, int start, int end, double score) {
    finds.add(new Finding(type, start, end, score));
  }

  List<Finding> end() {
    values.flush();
    return finds;
  }

  /// All finds, by their places behind a number of characters.
  List<Finding> endUnder(int offset) {
    return new ArrayList<>(end().stream().map(find -> shifted(find, -offset)).toList());
  }

  private static Finding shifted(Finding find, int by) {
    return new Finding(find.type(), find.start() + by, find.end() + by, find.score());
  }

  /// Whether a token may begin at the place: nothing stands before it that could belong to it.
  ///
  /// @param glue what it may have in it besides letters and digits
  static boolean beginsAt(String text, int place, String glue) {
    if (place == 0) {
      return true;
    }
    char before = text.charAt(place - 1);
    if (glue.indexOf(before) >= 0) {
      return false;
    }
    return !isLetterOrDigit(before) || isEscape(text, place);
  }

  /// Whether a token may end at the place.
  static boolean endsAt(String text, int place) {
    return place >= text.length()
        || !(isLetterOrDigit(text.charAt(place)) || text.charAt(place) == '_');
  }

  /// `\n` or `%3D`, written out, is the end of another thing.
  private static boolean isEscape(String text, int place) {
    if (place >= 2 && text.charAt(place - 2) == '\\') {
      return "nrt".indexOf(text.charAt(place - 1)) >= 0;
    }
    return place >= 3 && text.charAt(place - 3) == '%';
  }

  private static boolean isLetterOrDigit(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  }
}
