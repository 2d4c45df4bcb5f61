package io.watchgate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/// Prints the line coverage that JaCoCo measured, so that it stands in the build's output.
final class Coverage {
  private Coverage() {}

  /// Reads JaCoCo's CSV report.
  public static void main(String[] arguments) throws IOException {
    var rows = Files.readAllLines(Path.of(arguments[0]));
    var columns = Arrays.asList(rows.getFirst().split(",", -1));
    long missed = sum(rows, columns.indexOf("LINE_MISSED"));
    long covered = sum(rows, columns.indexOf("LINE_COVERED"));
    System.out.printf(
        "Line coverage without Main: %.1f %% (%d of %d lines)%n",
        100.0 * covered / (covered + missed), covered, covered + missed);
  }

  private static long sum(List<String> rows, int column) {
    return rows.stream().skip(1).mapToLong(row -> Long.parseLong(row.split(",", -1)[column])).sum();
  }
}
