package io.watchgate.security.injection;

import io.watchgate.scanning.Finding;
import java.util.ArrayList;
import java.util.List;

/// Finds the sentences of a text that read like instructions to a model, also when the text is
/// written backwards or with its letters moved by half the alphabet.
final class Scorer {
  static final int SHORTEST = 12;

  private Scorer() {}

  /// @param threshold score from which on a sentence counts
  static List<Finding> find(String text, double threshold) {
    if (text.length() < SHORTEST) {
      return List.of();
    }
    var found = new ArrayList<Finding>(0);
    var cyphers = add(text, threshold, found);
    if (cyphers.moved()) {
      var straight = new ArrayList<Finding>();
      add(moved(text), threshold, straight);
      found.addAll(straight);
    }
    if (cyphers.backwards()) {
      var backwards = new ArrayList<Finding>();
      add(new StringBuilder(text).reverse().toString(), threshold, backwards);
      for (var one : backwards) {
        int start = text.length() - one.end();
        found.add(new Finding(one.type(), start, text.length() - one.start(), one.score()));
      }
    }
    return found;
  }

  /// Two sentences count together only where neither counts alone.
  private static Windows.Cyphers add(String text, double threshold, List<Finding> found) {
    var model = Model.own();
    return Windows.of(
        text,
        (start, end, features) -> {
          double score = model.score(features);
          boolean seen = !found.isEmpty() && found.getLast().end() > start;
          if (score >= threshold && !seen) {
            int from = start;
            while (from < end - 1 && Character.isWhitespace(text.charAt(from))) {
              from++;
            }
            found.add(new Finding(type(features), from, end, 1 / (1 + Math.exp(-score))));
          }
        });
  }

  /// What an instruction does, by what speaks for it most.
  private static String type(Features features) {
    var model = Model.own();
    var sums = new double[Features.KINDS.size()];
    for (int i = 0; i < features.count(); i++) {
      sums[Features.kind(features.get(i))] += Math.max(0, model.weight(features.get(i)));
    }
    int most = 0;
    for (int i = 1; i < sums.length; i++) {
      most = sums[i] > sums[most] ? i : most;
    }
    return Features.KINDS.get(most);
  }

  private static String moved(String text) {
    var moved = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean small = c >= 'a' && c <= 'z';
      boolean capital = c >= 'A' && c <= 'Z';
      int first = small ? 'a' : 'A';
      moved.append(small || capital ? (char) (first + (c - first + 13) % 26) : c);
    }
    return moved.toString();
  }
}
