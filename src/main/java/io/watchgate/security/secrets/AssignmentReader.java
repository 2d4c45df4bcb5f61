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
      List.of(
          "===", "!==", ":::=", "::=", ":=", "==", "!=", "=>", "?=", ".=", "+=", "||", "??", "=",
          ":", ">");

  /// Types that a language writes between a name and its value.
  private static final List<String> TYPES =
      List.of("string", "str", "String", "&str", "&'static str", "char*", "Optional[str]", "any");

  /// What stands before the value in an `Authorization` header.
  private static final List<String> SCHEMES =
      List.of("bearer ", "basic ", "token ", "apikey ", "key ", "bot ", "digest ");

  /// What stands before a name and a value in scripts.
  private static final List<String> SHELL =
      List.of("ENV ", "ARG ", "setx ", "SETX ", "export ", "set ", "SET ");

  /// What stands between a name and its value in sentences.
  private static final List<String> VERBS =
      List.of("is ", "is: ", "was ", "to ", "as ", "of ", "with ");

  private static final int LONGEST_SCHEME = 8;
  private static final int VALUE = "value".length();

  private final String text;

  AssignmentReader(String text) {
    this.text = text;
  }

  /// Behind the name that a word is in.
  int nameEnd(int wordEnd) {
    int end = wordEnd;
    while (end < Math.min(text.length(), wordEnd + LONGEST_NAME) && isName(end)) {
      end++;
    }
    return end;
  }

  /// Reads the value that the name with a word is given.
  ///
  /// @return null when it is given none
  @Nullable Assignment read(int wordStart, int nameEnd) {
    int start = wordStart;
    while (start > Math.max(0, wordStart - LONGEST_NAME) && isName(start - 1)) {
      start--;
    }
    return value(start, nameEnd);
  }

  /// The rest of the text as the value of its beginning.
  @Nullable Assignment whole(int nameEnd) {
    int start = skipScheme(nameEnd + 1);
    boolean fits = text.length() > start && text.length() - start <= LONGEST_VALUE;
    return fits ? new Assignment(text, 0, nameEnd, start, text.length(), Form.WHOLE) : null;
  }

  private @Nullable Assignment value(int nameStart, int nameEnd) {
    if (text.charAt(nameEnd - 1) == '-') {
      return null;
    }
    int closed = skipAny(nameEnd, "\"'`]\\*", 4);
    int i = skipNamedType(skipBlanks(closed));
    var sign = signAt(i);
    if (sign.isEmpty()) {
      return unsigned(nameStart, nameEnd, closed, i);
    }
    if (sign.equals(">") ? !isTag(nameStart) : isUserOfAddress(sign, nameStart)) {
      return null;
    }
    boolean tag = sign.equals(">");
    i = tag ? skipAny(i + 1, " \t\r\n", MOST_BLANKS) : skipBlanks(skipType(i + sign.length()));
    return valueAt(nameStart, nameEnd, i, Form.BARE);
  }

  /// A value without a sign of assignment: `--password x`, `("password", "x")`, `Bearer x`,
  /// `password is x`.
  private @Nullable Assignment unsigned(int nameStart, int nameEnd, int closed, int i) {
    int named = pairValue(closed);
    if (named > closed) {
      return valueAt(nameStart, nameEnd, named, Form.BARE);
    }
    if (closed > nameEnd && charAt(i) == ',') {
      int next = skipBlanks(i + 1);
      return isQuote(charAt(next)) ? valueAt(nameStart, nameEnd, next, Form.LISTED) : null;
    }
    if (charAt(i) == '(' && isQuote(charAt(i + 1)) && !text.startsWith("pass", nameEnd - 4)) {
      return valueAt(nameStart, nameEnd, i + 1, Form.BARE);
    }
    if (i == closed || i >= text.length()) {
      return null;
    }
    if (isOption(nameStart) || isShell(nameStart)) {
      return valueAt(nameStart, nameEnd, i, Form.BARE);
    }
    if (charAt(i) == '"' || charAt(i) == '\'') {
      return valueAt(nameStart, nameEnd, i, Form.LISTED);
    }
    for (var verb : VERBS) {
      if (text.startsWith(verb, i)) {
        return prose(nameStart, nameEnd, skipBlanks(i + verb.length()));
      }
    }
    return prose(nameStart, nameEnd, i);
  }

  /// Where the value begins in `"name": "X", "value": "x"`, also on the next line; the place itself
  /// when there is none.
  private int pairValue(int closed) {
    int i = skipAny(closed, ", \t\r\n\"'", MOST_BLANKS);
    if (i == closed || !text.regionMatches(true, i, "value", 0, VALUE)) {
      return closed;
    }
    int sign = skipBlanks(skipAny(i + VALUE, "\"'\\", 2));
    return charAt(sign) == ':' || charAt(sign) == '=' ? skipBlanks(sign + 1) : closed;
  }

  /// The next word of a sentence is a value only when it has digits.
  private @Nullable Assignment prose(int nameStart, int nameEnd, int at) {
    for (int i = at; i < text.length() && i < at + LONGEST_NAME; i++) {
      if (Character.isDigit(text.charAt(i))) {
        return valueAt(nameStart, nameEnd, at, Form.PROSE);
      }
      if (text.charAt(i) <= ' ' && i > at + LONGEST_SCHEME) {
        return null;
      }
    }
    return null;
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
        var kept = form == Form.BARE ? Form.QUOTED : form;
        return new Assignment(text, nameStart, nameEnd, start, end, kept);
      }
      i = start;
    }
    int end = bareEnd(i, isQuery(nameStart));
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

  /// Whether the name is a parameter of an address.
  private boolean isQuery(int nameStart) {
    return nameStart > 0 && "?&;".indexOf(text.charAt(nameStart - 1)) >= 0;
  }

  private int bareEnd(int start, boolean query) {
    int limit = Math.min(text.length(), start + LONGEST_VALUE);
    int i = start;
    while (i < limit && !endsBare(i) && !(query && text.charAt(i) == '&')) {
      i++;
    }
    if (i < limit && text.charAt(i) == '=') {
      i = beforeParameter(start, i);
    }
    while (i > start && isTrailing(start, i - 1)) {
      i--;
    }
    return i;
  }

  /// The `&` in front of the name that ends at the place, the place itself when there is none.
  private int beforeParameter(int start, int end) {
    for (int i = end - 1; i > start; i--) {
      if (text.charAt(i) == '&') {
        return i;
      }
    }
    return end;
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
      case '"', '\'', '`', '<', '>', ',', ';', '|' -> true;
      case '&' -> charAt(i + 1) == '&';
      case '=' -> isLetter(charAt(i + 1)) || Character.isDigit(charAt(i + 1));
      case '\\' -> "nrt\"'".indexOf(charAt(i + 1)) >= 0;
      default -> c <= ' ' || Character.isWhitespace(c);
    };
  }

  private String signAt(int i) {
    if ("=!:?|+>.".indexOf(charAt(i)) < 0) {
      return "";
    }
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
    if ("sS&cOa".indexOf(charAt(i)) < 0) {
      return at;
    }
    for (var type : TYPES) {
      if (text.startsWith(type, i)) {
        int sign = skipBlanks(i + type.length());
        return charAt(sign) == '=' ? sign + 1 : at;
      }
    }
    return at;
  }

  /// Skips `string` in `var name string = "x"`.
  private int skipNamedType(int at) {
    if (text.startsWith("string ", at) && charAt(at + 7) == '=') {
      return at + 7;
    }
    return at;
  }

  private int skipScheme(int at) {
    if ("bBtTaAkKdD".indexOf(charAt(at)) < 0) {
      return at;
    }
    for (var scheme : SCHEMES) {
      if (text.regionMatches(true, at, scheme, 0, scheme.length())) {
        return skipBlanks(at + scheme.length());
      }
    }
    return at;
  }

  /// `https://token:…@host` is an address, and not a name with its value.
  private boolean isUserOfAddress(String sign, int nameStart) {
    return sign.equals(":") && nameStart > 0 && text.charAt(nameStart - 1) == '/';
  }

  private boolean isTag(int nameStart) {
    return nameStart > 0 && "<:".indexOf(text.charAt(nameStart - 1)) >= 0;
  }

  private boolean isOption(int nameStart) {
    return charAt(nameStart) == '-' && (nameStart == 0 || text.charAt(nameStart - 1) <= ' ');
  }

  /// `ENV NAME value` of a Dockerfile, `setx NAME value`, or the like.
  private boolean isShell(int nameStart) {
    for (var word : SHELL) {
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
    return isLetter(c)
        || (c >= '0' && c <= '9')
        || c == '_'
        || c == '-'
        || c == 'ñ'
        || (c == '.' && dotInName(i));
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
