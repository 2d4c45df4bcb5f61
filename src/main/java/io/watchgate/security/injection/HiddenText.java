package io.watchgate.security.injection;

import io.watchgate.scanning.Finding;
import java.util.ArrayList;
import java.util.List;

/// Finds what people do not see and machines read: characters that only hide others, and codes that
/// make a terminal erase, hide, link or copy.
final class HiddenText {
  static final String HIDDEN = "hidden_text";
  static final String TERMINAL = "terminal_escape";

  private static final int FEWEST_INVISIBLE = 6;
  private static final int FEWEST_SELECTORS = 3;
  private static final int BLACK_FLAG = 0x1F3F4;
  private static final int LONGEST_PARAMETERS = 64;
  private static final int LONGEST_STRING = 2048;
  private static final char ESCAPE = 0x1B;
  private static final char BELL = 7;

  private final String text;
  private final boolean colours;
  private final List<Finding> found = new ArrayList<>(0);

  private HiddenText(String text, boolean colours) {
    this.text = text;
    this.colours = colours;
  }

  /// @param colours whether codes that only colour a text count
  static List<Finding> find(String text, boolean colours) {
    return new HiddenText(text, colours).find();
  }

  private List<Finding> find() {
    for (int at = 0; at < text.length(); ) {
      char c = text.charAt(at);
      if ((c >= ' ' && c < 0x7F) || c == '\n' || c == '\r' || c == '\t') {
        at++;
      } else if (c == ESCAPE || (c >= 0x80 && c < 0xA0) || c == BELL || c == '\b') {
        at = terminal(at);
      } else {
        at = invisible(at);
      }
    }
    return found;
  }

  private int invisible(int from) {
    int tags = 0;
    int selectors = 0;
    int others = 0;
    int at = from;
    while (at < text.length()) {
      int point = text.codePointAt(at);
      if (point >= 0xE0000 && point <= 0xE007F) {
        tags++;
      } else if (isSelector(point)) {
        selectors++;
      } else if (isZeroWidth(point)) {
        others++;
      } else {
        break;
      }
      at += Character.charCount(point);
    }
    boolean flag = from >= 2 && text.codePointBefore(from) == BLACK_FLAG;
    boolean hides = selectors >= FEWEST_SELECTORS || others >= FEWEST_INVISIBLE;
    if (hides || (tags > 0 && !flag)) {
      found.add(new Finding(HIDDEN, from, at, 1));
    }
    return at == from ? at + Character.charCount(text.codePointAt(at)) : at;
  }

  private static boolean isSelector(int point) {
    return (point >= 0xFE00 && point <= 0xFE0F) || (point >= 0xE0100 && point <= 0xE01EF);
  }

  private static boolean isZeroWidth(int point) {
    return (point >= 0x200B && point <= 0x200F)
        || (point >= 0x2060 && point <= 0x2064)
        || (point >= 0x202A && point <= 0x202E)
        || point == 0xFEFF
        || point == 0x180E
        || point == 0xAD;
  }

  private int terminal(int from) {
    char first = text.charAt(from);
    char kind = first;
    int at = from + 1;
    if (first == ESCAPE && at < text.length()) {
      kind = (char) (text.charAt(at++) + 0x40); // ESC and a letter is the same as one C1 control
    }
    if (kind == 0x9B) {
      return sequence(from, at);
    }
    if (kind == 0x9D || kind == 0x90 || kind == 0x9E || kind == 0x9F || kind == 0x98) {
      at = endOfString(at);
    }
    if (kind != 0x85) { // a new line
      found.add(new Finding(TERMINAL, from, at, 1));
    }
    return at;
  }

  private int sequence(int from, int parameters) {
    int at = parameters;
    int limit = Math.min(text.length(), at + LONGEST_PARAMETERS);
    while (at < limit && text.charAt(at) >= ' ' && text.charAt(at) < '@') {
      at++;
    }
    boolean colour = at < limit && text.charAt(at) == 'm';
    int end = Math.min(text.length(), at + 1);
    if (colours || !colour || hides(text.substring(parameters, at))) {
      found.add(new Finding(TERMINAL, from, end, 1));
    }
    return end;
  }

  /// Whether the parameters of a colour make what follows invisible.
  private static boolean hides(String parameters) {
    return List.of(parameters.split(";")).contains("8");
  }

  private int endOfString(int from) {
    int limit = Math.min(text.length(), from + LONGEST_STRING);
    for (int i = from; i < limit; i++) {
      char c = text.charAt(i);
      if (c == BELL || c == 0x9C) {
        return i + 1;
      }
      if (c == ESCAPE) {
        return Math.min(text.length(), i + 2);
      }
    }
    return from;
  }
}
