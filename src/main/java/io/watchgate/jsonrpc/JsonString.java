package io.watchgate.jsonrpc;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// JSON string literals, to and from text.
final class JsonString {
  private static final int PRINTABLE_LENGTH = 60;

  private JsonString() {}

  /// The UTF-8 text of a checked literal's inside. A lone surrogate escape, which UTF-8 has no form
  /// for, becomes the three bytes that it would have, so that different texts stay different.
  static byte[] decode(byte[] in, int start, int end) {
    var text = decodeText(in, start, end);
    if (text.codePoints().noneMatch(JsonString::isSurrogate)) {
      return text.getBytes(StandardCharsets.UTF_8);
    }
    var out = new ByteArrayOutputStream(text.length() + 16);
    text.codePoints().forEach(point -> encode(point, out));
    return out.toByteArray();
  }

  private static boolean isSurrogate(int codePoint) {
    return codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
  }

  private static void encode(int codePoint, ByteArrayOutputStream out) {
    if (isSurrogate(codePoint)) {
      out.write(0xE0 | (codePoint >> 12));
      out.write(0x80 | ((codePoint >> 6) & 0x3F));
      out.write(0x80 | (codePoint & 0x3F));
    } else {
      out.writeBytes(Character.toString(codePoint).getBytes(StandardCharsets.UTF_8));
    }
  }

  static String decodeText(byte[] in, int start, int end) {
    var raw = new String(in, start, end - start, StandardCharsets.UTF_8);
    int escape = raw.indexOf('\\');
    if (escape < 0) {
      return raw;
    }
    var text = new StringBuilder(raw.length());
    int from = 0;
    while (escape >= 0) {
      text.append(raw, from, escape);
      char kind = raw.charAt(escape + 1);
      if (kind == 'u') {
        text.append((char) Integer.parseInt(raw, escape + 2, escape + 6, 16));
        from = escape + 6;
      } else {
        text.append(unescaped(kind));
        from = escape + 2;
      }
      escape = raw.indexOf('\\', from);
    }
    return text.append(raw, from, raw.length()).toString();
  }

  /// Whether a checked literal's inside is this text, decoding only what holds an escape.
  static boolean isText(byte[] in, int start, int end, String text, byte[] utf8) {
    for (int i = start; i < end; i++) {
      if (in[i] == '\\') {
        return decodeText(in, start, end).equals(text);
      }
    }
    return Arrays.equals(in, start, end, utf8, 0, utf8.length);
  }

  private static char unescaped(char kind) {
    return switch (kind) {
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      default -> kind;
    };
  }

  /// Text as a JSON literal with its quotes.
  static String quote(String text) {
    var literal = new StringBuilder(text.length() + 2).append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> literal.append("\\\"");
        case '\\' -> literal.append("\\\\");
        case '\n' -> literal.append("\\n");
        case '\r' -> literal.append("\\r");
        case '\t' -> literal.append("\\t");
        default -> {
          if (c < 0x20 || (Character.isSurrogate(c) && isLone(text, i))) {
            literal.append(String.format("\\u%04x", (int) c));
          } else {
            literal.append(c);
          }
        }
      }
    }
    return literal.append('"').toString();
  }

  private static boolean isLone(String text, int index) {
    char c = text.charAt(index);
    return Character.isHighSurrogate(c)
        ? index + 1 == text.length() || !Character.isLowSurrogate(text.charAt(index + 1))
        : index == 0 || !Character.isHighSurrogate(text.charAt(index - 1));
  }

  /// A key as it can stand in an error message: quoted and cut.
  static String printable(byte[] key, int start, int end) {
    var text = lenient(key, start, end);
    return quote(text.length() <= PRINTABLE_LENGTH ? text : text.substring(0, PRINTABLE_LENGTH));
  }

  /// Decoded text, with a replacement character where a lone surrogate was.
  static String lenient(byte[] text, int start, int end) {
    return new String(text, start, end - start, StandardCharsets.UTF_8);
  }

  static String text(byte[] ascii) {
    return new String(ascii, StandardCharsets.US_ASCII);
  }
}
