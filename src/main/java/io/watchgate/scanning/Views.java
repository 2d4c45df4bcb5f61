package io.watchgate.scanning;

import java.util.ArrayList;
import java.util.List;

/// All ways to read a text: as it stands, and without one disguise after the other. Together they
/// are at most a few times as long as the text.
final class Views {
  private static final int FOREIGN = 1;
  private static final int ESCAPE = 2;
  private static final int TOKEN = 4;
  private static final byte[] SIGNS = new byte[128];

  static {
    for (char c = 0; c < SIGNS.length; c++) {
      int other = Folding.isPlain(c) ? 0 : FOREIGN;
      int written = Unescaping.mayEscape(c) ? ESCAPE : other;
      SIGNS[c] = (byte) (Encodings.isOfToken(c) ? TOKEN : written);
    }
  }

  private static final int DEEPEST = 3;
  private static final int MOST_TIMES = 4;
  private static final int LEAST_BUDGET = 256;

  /// More than this is not read out of packed data, whatever the size of a text.
  private static final int MOST_DECODED = 1 << 20;

  private final List<View> views = new ArrayList<>(4);
  private final int mostDecoded;
  private long budget;

  private Views(int length) {
    budget = (long) MOST_TIMES * length + LEAST_BUDGET;
    mostDecoded = Math.max(MOST_DECODED, length);
  }

  static List<View> of(String text) {
    var original = View.original(text);
    int signs = signs(text);
    if (signs == 0) {
      return List.of(original);
    }
    var readings = new Views(text.length());
    readings.views.add(original);
    readings.expand(original, signs, 0);
    return readings.views;
  }

  /// Adds all that a view says without its disguises. What one disguise hides may wear another.
  private void expand(View view, int signs, int depth) {
    var folded = (signs & FOREIGN) == 0 ? null : Folding.of(view);
    if (folded != null) {
      add(folded, depth);
      if (folded.isWhole()) {
        return;
      }
    }
    var unescaped = (signs & ESCAPE) == 0 || depth == DEEPEST ? null : Unescaping.of(view);
    if (unescaped != null) {
      add(unescaped, depth + 1);
      if (unescaped.isWhole()) {
        return;
      }
    }
    if ((signs & TOKEN) != 0 && depth < DEEPEST && budget > 0) {
      var decoded = Encodings.of(view, (int) Math.min(budget, mostDecoded));
      if (decoded != null) {
        add(decoded, depth + 1);
      }
    }
  }

  private void add(View view, int depth) {
    budget -= view.text().length();
    views.add(view);
    if (budget > 0) {
      expand(view, signs(view.text()), depth);
    }
  }

  /// Whether a text may be disguised, and how.
  private static int signs(String text) {
    int signs = 0;
    int tokenFrom = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      int sign = c < SIGNS.length ? SIGNS[c] : FOREIGN;
      if (sign != TOKEN) {
        signs |= sign | (i - tokenFrom >= Encodings.SHORTEST ? TOKEN : 0);
        tokenFrom = i + 1;
      }
    }
    return text.length() - tokenFrom >= Encodings.SHORTEST ? signs | TOKEN : signs;
  }
}
