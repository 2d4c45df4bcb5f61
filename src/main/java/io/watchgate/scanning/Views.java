package io.watchgate.scanning;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// All ways to read a text: as it stands, and without one disguise after the other. Together they
/// are at most a few times as long as the text.
final class Views {
  private static final int FOREIGN = 1;
  private static final int ESCAPE = 2;
  private static final int TOKEN = 4;
  private static final int DEEPEST = 3;
  private static final int MOST_STEPS = 6;
  private static final int MOST_TIMES = 4;
  private static final int LEAST_BUDGET = 256;

  /// More than this is not read out of packed data, whatever the size of a text.
  private static final int MOST_DECODED = 1 << 20;

  private Views() {}

  static List<View> of(String text) {
    var original = View.original(text);
    int signs = signs(text);
    if (signs == 0) {
      return List.of(original);
    }
    var views = new ArrayList<View>(4);
    views.add(original);
    addAll(views, signs);
    return views;
  }

  private static void addAll(List<View> views, int firstSigns) {
    int length = views.getFirst().text().length();
    long budget = (long) MOST_TIMES * length + LEAST_BUDGET;
    int signs = firstSigns;
    int decoded = 0;
    for (int step = 0; step < MOST_STEPS && signs != 0 && budget > 0; step++) {
      var last = views.getLast();
      var next = undisguised(last, signs);
      if (next == null && (signs & TOKEN) != 0 && decoded++ < DEEPEST) {
        next = Encodings.of(last, (int) Math.min(budget, Math.max(MOST_DECODED, length)));
      }
      if (next == null) {
        return;
      }
      views.add(next);
      budget -= next.text().length();
      signs = signs(next.text());
    }
  }

  private static @Nullable View undisguised(View view, int signs) {
    var folded = (signs & FOREIGN) == 0 ? null : Folding.of(view);
    return folded != null || (signs & ESCAPE) == 0 ? folded : Unescaping.of(view);
  }

  /// Whether a text may be disguised, and how.
  private static int signs(String text) {
    int signs = 0;
    int run = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Encodings.isOfToken(c)) {
        if (++run == Encodings.SHORTEST) {
          signs |= TOKEN;
        }
      } else {
        run = 0;
        if (Unescaping.mayEscape(c)) {
          signs |= ESCAPE;
        } else if (!Folding.isPlain(c)) {
          signs |= FOREIGN;
        }
      }
    }
    return signs;
  }
}
