package io.watchgate.audit.sinks;

import io.watchgate.jsonrpc.Json;
import io.watchgate.plugin.AuditRecord;
import io.watchgate.plugin.Options;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// Records as lines of CSV. No cell makes a spreadsheet calculate, and none has a character that
/// controls anything; only numbers begin with a minus.
///
/// @param delimiter between cells
/// @param quote around cells; inside one it stands twice
/// @param escape before what would end a cell, where cells are never quoted
/// @param absent what a cell is where a record has nothing
record CsvFormat(char delimiter, char quote, Style style, char escape, String absent)
    implements LineFormat {

  /// Which cells are quoted.
  enum Style {
    MINIMAL,
    ALL,
    NONNUMERIC,
    NONE
  }

  /// What a spreadsheet takes for the beginning of a formula, in full width too.
  private static final String FORMULA = "=+-@\uFF1D\uFF0B\uFF0D\uFF20";

  /// What it may leave out before looking for one.
  private static final String SKIPPED = " \"'`\u00A0\u3000";

  /// Reads `csv_config`.
  static CsvFormat read(Options options) {
    var section = options.section("csv_config");
    if (section.isEmpty()) {
      return new CsvFormat(',', '"', Style.MINIMAL, '\\', "");
    }
    var csv = section.get();
    var style = csv.choice("quote_style", Style.MINIMAL);
    char delimiter = character(csv, "delimiter", ',');
    if (",\t;|".indexOf(delimiter) < 0) {
      csv.problem("delimiter", "must be \",\", \";\", \"|\" or a tab");
    }
    char quote = character(csv, "quote_char", '"');
    char escape = character(csv, "escape_char", '\\');
    if (quote == delimiter || escape == delimiter || quote == escape) {
      csv.problem("delimiter", "must differ from quote_char and escape_char, and they differ");
    }
    return new CsvFormat(delimiter, quote, style, escape, text(csv, "null_value", ""));
  }

  /// Also an empty one, or a tab.
  private static String text(Options options, String key, String standard) {
    var value = options.json(key);
    if (value.isPresent() && !value.get().isString()) {
      options.problem(key, "must be a text");
    }
    return value.filter(Json::isString).map(Json::text).orElse(standard);
  }

  private static char character(Options options, String key, char standard) {
    var text = text(options, key, String.valueOf(standard));
    if (text.length() != 1 || (text.charAt(0) < ' ' && text.charAt(0) != '\t')) {
      options.problem(key, "must be one character");
      return standard;
    }
    return text.charAt(0);
  }

  @Override
  public Optional<String> header() {
    return Optional.of(joined(Column.labels().stream().map(label -> cell(label, false)).toList()));
  }

  @Override
  public String line(AuditRecord record) {
    return joined(Arrays.stream(Column.values()).map(column -> cell(column, record)).toList());
  }

  private String joined(List<String> cells) {
    return cells.stream().collect(Collectors.joining(String.valueOf(delimiter)));
  }

  private String cell(Column column, AuditRecord record) {
    var value = column.of(record);
    return value.isEmpty() ? cell(absent, false) : cell(value.get());
  }

  private String cell(Object value) {
    return switch (value) {
      case Number number -> cell(number.toString(), true);
      case Json json -> cell(harmless(Plain.json(json)), false);
      default -> cell(harmless(Plain.text(value.toString())), false);
    };
  }

  /// The text, with an apostrophe before what could be taken for a formula.
  static String harmless(String text) {
    int first = 0;
    while (first < text.length() && SKIPPED.indexOf(text.charAt(first)) >= 0) {
      first++;
    }
    return first < text.length() && FORMULA.indexOf(text.charAt(first)) >= 0 ? "'" + text : text;
  }

  private String cell(String text, boolean isNumber) {
    return switch (style) {
      case ALL -> quoted(text);
      case NONNUMERIC -> isNumber ? text : quoted(text);
      case MINIMAL -> needsQuotes(text) ? quoted(text) : text;
      case NONE -> escaped(text);
    };
  }

  private boolean needsQuotes(String text) {
    return text.indexOf(delimiter) >= 0
        || text.indexOf(quote) >= 0
        || text.startsWith(" ")
        || text.endsWith(" ");
  }

  private String quoted(String text) {
    var mark = String.valueOf(quote);
    return mark + text.replace(mark, mark + mark) + mark;
  }

  private String escaped(String text) {
    var safe = new StringBuilder(text.length() + 8);
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == delimiter || c == quote || c == escape) {
        safe.append(escape);
      }
      safe.append(c);
    }
    return safe.toString();
  }
}
