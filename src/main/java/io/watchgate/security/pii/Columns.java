package io.watchgate.security.pii;

import org.jspecify.annotations.Nullable;

/// The columns of a table whose first line names them, as in CSV or Markdown.
final class Columns {
  private static final int LONGEST_HEADER = 2000;
  private static final int MOST = 64;
  private static final String DELIMITERS = ",;|\t";

  private final int header;
  private final long[] topics;
  private final byte[] columns;

  private Columns(int header, long[] topics, byte[] columns) {
    this.header = header;
    this.topics = topics;
    this.columns = columns;
  }

  /// Null when the text is no table.
  static @Nullable Columns of(Reading reading) {
    int header = reading.string().indexOf('\n', 0, Math.min(reading.length(), LONGEST_HEADER));
    if (header < 0 || reading.runs() == 0 || reading.start(0) < header) {
      return null;
    }
    char delimiter = delimiter(reading, header);
    if (delimiter == 0) {
      return null;
    }
    var topics = new long[MOST];
    int from = 0;
    int column = 0;
    for (int i = 0; i <= header && column < MOST; i++) {
      if (i == header || reading.at(i) == delimiter) {
        topics[column++] = reading.topicsInside(from, i);
        from = i;
      }
    }
    return new Columns(header, topics, columns(reading, header, delimiter));
  }

  /// The one that the header has most of, 0 for none.
  private static char delimiter(Reading reading, int header) {
    var counts = new int[DELIMITERS.length()];
    int most = 0;
    for (int i = 0; i < header; i++) {
      int kind = DELIMITERS.indexOf(reading.at(i));
      if (kind >= 0 && ++counts[kind] > counts[most]) {
        most = kind;
      }
    }
    return counts[most] == 0 ? 0 : DELIMITERS.charAt(most);
  }

  /// The column that each run with digits stands in.
  private static byte[] columns(Reading reading, int header, char delimiter) {
    var columns = new byte[reading.runs()];
    int column = 0;
    int place = header;
    for (int run = 0; run < columns.length; run++) {
      for (; place < reading.start(run); place++) {
        char c = reading.at(place);
        column = c == '\n' ? 0 : c == delimiter ? Math.min(column + 1, MOST - 1) : column;
      }
      columns[run] = (byte) column;
    }
    return columns;
  }

  /// Where the first line ends.
  int header() {
    return header;
  }

  /// What the name of the column says in which a run stands.
  long topics(int run) {
    return topics[columns[run]];
  }
}
