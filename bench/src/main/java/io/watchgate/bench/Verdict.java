package io.watchgate.bench;

import java.util.Locale;

/// A bound that was promised, and what was measured.
///
/// @param atMost whether the figure may not be above the bound, else it may not be below
/// @param against what the figure was compared with
record Verdict(String what, double figure, boolean atMost, double bound, String against) {
  static final String HEAD = "| figure | measured | bound | against | |\n|---|--:|--:|---|---|";

  boolean holds() {
    return atMost ? figure <= bound : figure >= bound;
  }

  String line() {
    return String.format(
        Locale.ROOT,
        "| %s | %.3f | %s %s | %s | %s |",
        what,
        figure,
        atMost ? "≤" : "≥",
        String.valueOf(bound).replaceAll("\\.0$", ""),
        against,
        holds() ? "ok" : "missed");
  }
}
