package io.watchgate.bench;

import java.util.List;

/// Tables of figures.
final class Report {
  private Report() {}

  /// Prints the figures of one or more scenarios, and gives them back.
  static List<Figures> print(List<Figures> figures) {
    System.out.print(tables(figures));
    return figures;
  }

  static String tables(List<Figures> figures) {
    var text = new StringBuilder();
    var scenario = "";
    for (var one : figures) {
      if (!one.scenario().equals(scenario)) {
        scenario = one.scenario();
        text.append("\n### ").append(scenario).append("\n\n").append(Figures.HEAD).append('\n');
      }
      text.append(one.row()).append('\n');
    }
    return text.toString();
  }
}
