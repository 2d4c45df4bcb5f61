package io.watchgate.security.secrets;

import io.watchgate.security.secrets.Assignment.Form;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads one assignment from the name to the end of the value. Every step is bounded.
final class AssignmentReader {
  private static final int LONGEST_NAME = 80;
  private static final int LONGEST_VALUE = 512;
  private static final int MOST_BLANKS = 16;

  /// What stands between a name and its value, the longer before the shorter.
  private static final List<String> SIGNS =
      List.of("===", "!==", ":::", "==", "!=", ":=", "=>", "?=", "||", "??", "=", ":", ">", "+=");

  /// Types that a language writes between a name and its value.
  private static final List<String> TYPES =
      List.of("string", "str", "String", "&str", "&'static str", "char*", "Optional[str]", "any");

  /// What stands before the value in an `Authorization` header.
  private static final List<String> SCHEMES =
      List.of("bearer ", "basic ", "token ", "apikey ", "key ", "bot ", "digest ");

  private final String text;

  AssignmentReader(String text) {
    this.text = text;
  }

  @Nullable Assignment read(int wordStart, int wordEnd) {
    int nameStart = wordStart;
    while (nameStart > Math.max(0, wordStart - LONGEST_NAME) && isName(nameStart - 1)) {
      nameStart--;
    }
    int nameEnd = wordEnd;
    while (nameEnd < Math.min(text.length(), wordEnd + LONGEST_NAME) && isName(nameEnd)) {
      nameEnd++;
    }
    return value(nameStart, nameEnd);
  }

  /// The rest of the text as the value of its beginning.
  @Nullable Assignment whole(int nameEnd) {
    int start = skipScheme(nameEnd + 1);
    boolean fits = text.length() > start && text.length() - start <= LONGEST_VALUE;
    return fits ? new Assignment(text, 0, nameEnd, start, text.length(), Form.QUOTED) : null;
  }

  private @Nullable Assignment value(int nameStart, int nameEnd) {
    if (text.charAt(nameEnd - 1) == '-') {
      return null;
    }
    int closed = skipAny(nameEnd, "\"'`]\\*", 4);
    int i = skipBlanks(closed);
    var sign = signAt(i);
    if (sign.isEmpty()) {
      return unsigned(nameStart, nameEnd, closed, i);
    }
    if (sign.equals(">") && !isTag(nameStart)) {
      return null;
    }
    i = skipBlanks(skipType(i + sign.length()));
    return valueAt(nameStart, nameEnd, i, Form.BARE);
  }

  /// A value without a sign of assignment: `--password x`, `("password", "x")`, `Bearer x`,
  /// `password is x`.
  private @Nullable Assignment unsigned(int nameStart, int nameEnd, int closed, int i) {
    if (closed > nameEnd && charAt(i) == ',') {
      int next = skipBlanks(i + 1);
      return isQuote(charAt(next)) ? valueAt(nameStart, nameEnd, next, Form.BARE) : null;
    }
    if (charAt(i) == '(' && isQuote(charAt(i + 1))) {
      return valueAt(nameStart, nameEnd, i + 1, Form.BARE);
    }
    if (i == closed || i >= text.length()) {
      return null;
    }
    if (isOption(nameStart) || "\"'".indexOf(charAt(i)) >= 0 || isShell(nameStart)) {
      return valueAt(nameStart, nameEnd, i, Form.BARE);
    }
    for (var verb : List.of("is ", "is: ", "was ", "to ", "as ", "of ", "with ")) {
      if (text.startsWith(verb, i)) {
        return valueAt(nameStart, nameEnd, skipBlanks(i + verb.length()), Form.PROSE);
      }
    }
    return valueAt(nameStart, nameEnd, i, Form.PROSE);
  }

  private @Nullable Assignment valueAt(int nameStart, int nameEnd, int at, Form form) {
    int i = skipScheme(at);
    if (isLetter(charAt(i)) && isQuote(charAt(i + 1))) {
      i++;
    }
    boolean escaped = charAt(i) == '\\' && isQuote(charAt(i + 1));
    int open = escaped ? i + 1 : i;
    if (isQuote(charAt(open))) {
      int start = skipScheme(open + 1);
      int end = quotedEnd(start, charAt(open), escaped);
      if (end > start) {
        var kept = form == Form.PROSE ? form : Form.QUOTED;
        return new Assignment(text, nameStart, nameEnd, start, end, kept);
      }
      i = start;
    }
    int end = bareEnd(i);
    return end > i ? new Assignment(text, nameStart, nameEnd, i, end, form) : null;
  }

  /// @return the place of the closing quote, or -1 when there is none in the line
  private int quotedEnd(int start, char quote, boolean escaped) {
    int limit = Math.min(text.length(), start + LONGEST_VALUE);
    for (int i = start; i < limit; i++) {
      char c = text.charAt(i);
      if (c == quote) {
        return escaped && text.charAt(i - 1) == '\\' ? i - 1 : i;
      }
      if (c == '\n') {
        return -1;
      }
      if (c == '\\' && !escaped) {
        i++;
      }
    }
    return -1;
  }

  private int bareEnd(int start) {
    int limit = Math.min(text.length(), start + LONGEST_VALUE);
    int i = start;
    while (i < limit && !endsBare(i)) {
      i++;
    }
    while (i > start && isTrailing(start, i - 1)) {
      i--;
    }
    return i;
  }

  /// Whether a character is of the sentence around the value: a bracket that the value closes but
  /// does not open is.
  private boolean isTrailing(int start, int last) {
    char c = text.charAt(last);
    int bracket = ")]}".indexOf(c);
    return c == '.'
        || c == ':'
        || (bracket >= 0 && text.indexOf("([{".charAt(bracket), start, last) < 0);
  }

  private boolean endsBare(int i) {
    char c = text.charAt(i);
    return switch (c) {
      case '"', '\'', '`', '<', '>', ',', ';', '&', '|' -> true;
      case '=' -> isLetter(charAt(i + 1)) || Character.isDigit(charAt(i + 1));
      case '\\' -> "nrt\"'".indexOf(charAt(i + 1)) >= 0;
      default -> c <= ' ' || Character.isWhitespace(c);
    };
  }

  private String signAt(int i) {
    for (var sign : SIGNS) {
      if (text.startsWith(sign, i)) {
        return sign;
      }
    }
    return "";
  }

  /// Skips `string =` behind the colon of a declaration.
  private int skipType(int at) {
    int i = skipBlanks(at);
    for (var type : TYPES) {
      if (text.startsWith(type, i)) {
        int sign = skipBlanks(i + type.length());
        return charAt(sign) == '=' ? sign + 1 : at;
      }
    }
    return at;
  }

  private int skipScheme(int at) {
    for (var scheme : SCHEMES) {
      if (text.regionMatches(true, at, scheme, 0, scheme.length())) {
        return skipBlanks(at + scheme.length());
      }
    }
    return at;
  }

  private boolean isTag(int nameStart) {
    return nameStart > 0 && "<:".indexOf(text.charAt(nameStart - 1)) >= 0;
  }

  private boolean isOption(int nameStart) {
    return charAt(nameStart) == '-' && (nameStart == 0 || text.charAt(nameStart - 1) <= ' ');
  }

  /// `ENV NAME value` of a Dockerfile, `setx NAME value`, or the like.
  private boolean isShell(int nameStart) {
    for (var word : List.of("ENV ", "ARG ", "setx ", "SETX ", "export ", "set ", "SET ")) {
      if (text.startsWith(word, nameStart - word.length())) {
        return true;
      }
    }
    return false;
  }

  private int skipBlanks(int i) {
    return skipAny(i, " \t", MOST_BLANKS);
  }

  private int skipAny(int from, String chars, int most) {
    int i = from;
    while (i < text.length() && i < from + most && chars.indexOf(text.charAt(i)) >= 0) {
      i++;
    }
    return i;
  }

  private boolean isName(int i) {
    char c = text.charAt(i);
    return isLetter(c) || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.' && dotInName(i);
  }

  private boolean dotInName(int i) {
    return isLetter(charAt(i + 1)) || charAt(i + 1) == '_';
  }

  private char charAt(int i) {
    return i < text.length() ? text.charAt(i) : '\0';
  }

  private static boolean isLetter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  }

  private static boolean isQuote(char c) {
    return c == '"' || c == '\'' || c == '`';
  }
}
