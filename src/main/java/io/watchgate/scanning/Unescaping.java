package io.watchgate.scanning;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads percent signs, the entities of HTML and backslashes for the characters they stand for.
final class Unescaping {
  private static final int LONGEST_ENTITY = 10;
  private static final Map<String, String> ENTITIES =
      Map.ofEntries(
          Map.entry("lt", "<"),
          Map.entry("gt", ">"),
          Map.entry("amp", "&"),
          Map.entry("quot", "\""),
          Map.entry("apos", "'"),
          Map.entry("nbsp", " "),
          Map.entry("num", "#"),
          Map.entry("sol", "/"),
          Map.entry("bsol", "\\"),
          Map.entry("colon", ":"),
          Map.entry("semi", ";"),
          Map.entry("comma", ","),
          Map.entry("period", "."),
          Map.entry("excl", "!"),
          Map.entry("quest", "?"),
          Map.entry("equals", "="),
          Map.entry("plus", "+"),
          Map.entry("hyphen", "-"),
          Map.entry("lowbar", "_"),
          Map.entry("commat", "@"),
          Map.entry("lpar", "("),
          Map.entry("rpar", ")"),
          Map.entry("lsqb", "["),
          Map.entry("rsqb", "]"),
          Map.entry("lcub", "{"),
          Map.entry("rcub", "}"),
          Map.entry("grave", "`"),
          Map.entry("Tab", "\t"),
          Map.entry("NewLine", "\n"),
          Map.entry("shy", ""),
          Map.entry("zwnj", ""),
          Map.entry("zwj", ""));

  private final String text;
  private final View.Builder out;
  private boolean tells;
  private int at;

  private Unescaping(View source) {
    this.text = source.text();
    this.out = new View.Builder(source, text.length());
  }

  /// Null when the text has no escapes, or none but those of control characters in code.
  static @Nullable View of(View source) {
    return new Unescaping(source).read();
  }

  static boolean mayEscape(char c) {
    return c == '%' || c == '&' || c == '\\';
  }

  private @Nullable View read() {
    int plainFrom = 0;
    while (at < text.length()) {
      int from = at;
      var meant = mayEscape(text.charAt(at)) ? meant() : null;
      if (meant == null) {
        at = from + 1;
      } else {
        out.copyNear(plainFrom, from);
        out.replace(meant, from, at);
        plainFrom = at;
      }
    }
    out.copyNear(plainFrom, at);
    return tells ? out.build(Disguise.ESCAPES) : null;
  }

  /// What the escape at hand stands for, behind which it leaves off; null when it is none.
  private @Nullable String meant() {
    return switch (text.charAt(at++)) {
      case '%' -> percent();
      case '&' -> entity();
      default -> backslash();
    };
  }

  private @Nullable String percent() {
    if (peek() == 'u') {
      at++;
      return character(4);
    }
    int value = hex(at, 2);
    if (value < 0) {
      return null;
    }
    if (value < 0x80) {
      return character(2);
    }
    tells = true;
    return bytes();
  }

  /// One character of UTF-8 that is written byte by byte, empty for bytes that are none.
  private String bytes() {
    var bytes = new byte[4];
    int count = 0;
    for (at--; count < bytes.length && peek() == '%' && isNext(hex(at + 1, 2), count); at += 3) {
      bytes[count++] = (byte) hex(at + 1, 2);
    }
    at = count == 0 ? at + 3 : at;
    return new String(bytes, 0, count, StandardCharsets.UTF_8);
  }

  private static boolean isNext(int value, int count) {
    return count == 0 ? value >= 0xC0 : value >= 0x80 && value < 0xC0;
  }

  private @Nullable String entity() {
    int end = at;
    while (end < text.length() && end - at < LONGEST_ENTITY && isOfEntity(text.charAt(end))) {
      end++;
    }
    if (end == at || end == text.length() || text.charAt(end) != ';') {
      return null;
    }
    var name = text.substring(at, end);
    var meant = name.charAt(0) == '#' ? numbered(name) : ENTITIES.get(name);
    if (meant != null) {
      tells = true;
      at = end + 1;
    }
    return meant;
  }

  private static boolean isOfEntity(char c) {
    return c == '#' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  }

  private static @Nullable String numbered(String name) {
    boolean hexadecimal = name.length() > 1 && (name.charAt(1) | 0x20) == 'x';
    int from = hexadecimal ? 2 : 1;
    int point = 0;
    for (int i = from; i < name.length(); i++) {
      int digit = Character.digit(name.charAt(i), hexadecimal ? 16 : 10);
      point = digit < 0 ? -1 : point * (hexadecimal ? 16 : 10) + digit;
      if (point < 0 || point > Character.MAX_CODE_POINT) {
        return null;
      }
    }
    return name.length() == from ? null : Character.toString(point);
  }

  private @Nullable String backslash() {
    char kind = peek();
    at++;
    return switch (kind) {
      case 'u' -> peek() == '{' ? braced() : character(4);
      case 'U' -> character(8);
      case 'x' -> character(2);
      case '"' -> {
        tells = true;
        yield "\"";
      }
      case 'n' -> "\n";
      case 'r' -> "\r";
      case 't' -> "\t";
      case '/' -> "/";
      case '\\' -> "\\";
      default -> null;
    };
  }

  private @Nullable String braced() {
    int end = ++at;
    while (end < text.length() && end - at < 6 && Character.digit(text.charAt(end), 16) >= 0) {
      end++;
    }
    if (end == at || end == text.length() || text.charAt(end) != '}') {
      return null;
    }
    var meant = character(end - at);
    at = end + 1;
    return meant;
  }

  private @Nullable String character(int digits) {
    int point = hex(at, digits);
    if (point < 0 || point > Character.MAX_CODE_POINT) {
      return null;
    }
    tells = true;
    at += digits;
    return Character.toString(point);
  }

  private char peek() {
    return at < text.length() ? text.charAt(at) : 0;
  }

  /// The value of hexadecimal digits, -1 when there are not that many.
  private int hex(int from, int digits) {
    if (from + digits > text.length()) {
      return -1;
    }
    long value = 0;
    for (int i = from; i < from + digits; i++) {
      int digit = text.charAt(i) < 0x80 ? Character.digit(text.charAt(i), 16) : -1;
      if (digit < 0) {
        return -1;
      }
      value = value * 16 + digit;
    }
    return (int) Math.min(value, Integer.MAX_VALUE);
  }
}
