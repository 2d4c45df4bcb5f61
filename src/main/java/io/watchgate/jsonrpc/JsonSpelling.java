package io.watchgate.jsonrpc;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// JSON as it is written, piece by piece, into bytes that grow.
final class JsonSpelling {
  private byte[] bytes = new byte[512];
  private int length;

  void add(char ascii) {
    reserve(1);
    bytes[length++] = (byte) ascii;
  }

  /// Adds characters of ASCII that stand for themselves.
  void addPlain(String ascii) {
    int end = ascii.length();
    reserve(end);
    for (int i = 0; i < end; i++) {
      bytes[length + i] = (byte) ascii.charAt(i);
    }
    length += end;
  }

  void addValue(Json value) {
    reserve(value.length());
    value.copyTo(bytes, length);
    length += value.length();
  }

  /// Adds a text as a literal.
  void addString(String text) {
    int before = length;
    reserve(text.length() + 2);
    bytes[length++] = '"';
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < ' ' || c >= 0x7F || c == '"' || c == '\\') {
        length = before;
        addQuoted(JsonString.quote(text));
        return;
      }
      bytes[length++] = (byte) c;
    }
    bytes[length++] = '"';
  }

  /// Few texts have more than plain characters in them.
  private void addQuoted(String literal) {
    var encoded = literal.getBytes(StandardCharsets.UTF_8);
    reserve(encoded.length);
    System.arraycopy(encoded, 0, bytes, length, encoded.length);
    length += encoded.length;
  }

  private void reserve(int more) {
    if (bytes.length - length < more) {
      bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, length + more));
    }
  }

  Json toJson() {
    return new Json(bytes, 0, length);
  }
}
