package io.watchgate.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/// Finds what somebody meant: the known name with the fewest edits, when they are few.
final class NearestName {
  private static final int LONGEST = 64;

  private NearestName() {}

  static Optional<String> of(String written, Collection<String> known) {
    if (written.length() > LONGEST) {
      return Optional.empty();
    }
    return known.stream()
        .filter(name -> edits(written, name) <= allowed(written, name))
        .min(Comparator.<String>comparingInt(name -> edits(written, name)).thenComparing(n -> n));
  }

  /// A third of the longer name may differ, and a name that only lacks its end or goes on is always
  /// near.
  private static int allowed(String written, String name) {
    var longer = Math.max(written.length(), name.length());
    var lower = written.toLowerCase(Locale.ROOT);
    var isCut =
        Math.min(written.length(), name.length()) >= 3
            && (name.startsWith(lower) || lower.startsWith(name));
    return isCut ? longer : Math.max(1, longer / 3);
  }

  /// Edits by the distance of Damerau and Levenshtein: insert, delete, change, swap neighbours.
  private static int edits(String written, String known) {
    var a = written.toLowerCase(Locale.ROOT).replace('-', '_');
    var table = new int[a.length() + 1][known.length() + 1];
    for (var i = 0; i <= a.length(); i++) {
      for (var j = 0; j <= known.length(); j++) {
        table[i][j] = i == 0 || j == 0 ? i + j : cheapest(table, a, known, i, j);
      }
    }
    return table[a.length()][known.length()];
  }

  private static int cheapest(int[][] table, String a, String b, int i, int j) {
    var change = table[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
    var best = Math.min(change, 1 + Math.min(table[i - 1][j], table[i][j - 1]));
    var swapped =
        i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
    return swapped ? Math.min(best, table[i - 2][j - 2] + 1) : best;
  }
}
