package io.watchgate.security.toolguard;

/// Text of strangers in a form that a terminal and a person can be shown: what cannot be seen
/// stands there as its code.
final class Printable {
  private Printable() {}

  static String of(String text, int longest) {
    var out = new StringBuilder();
    int at = 0;
    while (at < text.length() && out.length() < longest) {
      int point = text.codePointAt(at);
      at += Character.charCount(point);
      if (point == '\n') {
        out.append("\\n");
      } else if (isVisible(point)) {
        out.appendCodePoint(point);
      } else {
        out.append("\\u{").append(Integer.toHexString(point)).append('}');
      }
    }
    return at < text.length() ? out.append('…').toString() : out.toString();
  }

  private static boolean isVisible(int point) {
    return switch (Character.getType(point)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      case Character.NON_SPACING_MARK -> point < 0xE0100 && (point < 0xFE00 || point > 0xFE0F);
      default -> true;
    };
  }
}
