package io.watchgate.audit.sinks;

import io.watchgate.jsonrpc.Json;

/// Text of strangers in one line that does nothing to whoever looks at it: no character that
/// controls a terminal, turns the direction of writing or cannot be seen stands there as itself.
final class Plain {
  private Plain() {}

  /// Any text. A backslash is written as two, so that what is escaped can be told from what was
  /// there.
  static String text(String text) {
    if (isPlain(text) && text.indexOf('\\') < 0) {
      return text;
    }
    var plain = new StringBuilder(text.length() + 16);
    text.codePoints()
        .forEach(point -> {
          switch (point) {
            case '\\' -> plain.append("\\\\");
            case '\n' -> plain.append("\\n");
            case '\r' -> plain.append("\\r");
            case '\t' -> plain.append("\\t");
            default -> append(point, plain);
          }
        });
    return plain.toString();
  }

  /// JSON that means the same: escapes stand inside its strings, where alone such characters can
  /// be, and what is white space between its parts is a space.
  static String json(Json json) {
    var text = json.toString();
    if (isPlain(text)) {
      return text;
    }
    var plain = new StringBuilder(text.length() + 16);
    text.codePoints()
        .forEach(point -> {
          switch (point) {
            case '\n', '\r', '\t' -> plain.append(' ');
            default -> append(point, plain);
          }
        });
    return plain.toString();
  }

  private static boolean isPlain(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < ' ' || c >= 0x7F) {
        return text.codePoints().noneMatch(Plain::isUnseen);
      }
    }
    return true;
  }

  private static void append(int point, StringBuilder plain) {
    if (isUnseen(point)) {
      for (char half : Character.toChars(point)) {
        plain.append(String.format("\\u%04x", (int) half));
      }
    } else {
      plain.appendCodePoint(point);
    }
  }

  private static boolean isUnseen(int point) {
    return switch (Character.getType(point)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED ->
          true;
      default -> false;
    };
  }
}
