package io.watchgate.middleware;

/// Text of strangers as a person may see it on a terminal or in a dialog: what moves the cursor,
/// turns the direction of writing or cannot be seen at all is spelled out.
public final class Printable {
  private Printable() {}

  /// The text as it may be seen.
  ///
  /// @param most characters, then it is said how many more there are
  public static String of(String text, int most) {
    int end = Math.min(text.length(), most);
    var shown = new StringBuilder(end);
    text.substring(0, end).codePoints().forEach(point -> append(point, shown));
    return end == text.length()
        ? shown.toString()
        : shown + "… (" + (text.length() - end) + " more characters)";
  }

  private static void append(int point, StringBuilder shown) {
    switch (Character.getType(point)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED ->
          shown.append(String.format("\\u{%x}", point));
      default -> shown.appendCodePoint(point);
    }
  }
}
