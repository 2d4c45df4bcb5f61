package io.watchgate;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/// Rows of text for a person, in columns as wide as their widest cell.
final class Table {
  private static final String GAP = "  ";

  private final List<List<String>> rows = new ArrayList<>();

  void add(String... cells) {
    rows.add(List.of(cells));
  }

  boolean isEmpty() {
    return rows.isEmpty();
  }

  void print(PrintStream out) {
    print(out, Integer.MAX_VALUE);
  }

  /// @param width where lines that are longer are cut
  void print(PrintStream out, int width) {
    for (var row : rows) {
      var line = new StringBuilder();
      for (int column = 0; column < row.size(); column++) {
        var cell = row.get(column);
        line.append(cell).repeat(' ', width(column) - cell.length()).append(GAP);
      }
      var text = line.toString().stripTrailing();
      out.println(text.length() <= width ? text : text.substring(0, width - 1) + "…");
    }
  }

  private int width(int column) {
    return rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0);
  }
}
