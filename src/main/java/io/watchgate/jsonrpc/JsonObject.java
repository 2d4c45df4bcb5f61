package io.watchgate.jsonrpc;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// An object that is written member by member, quickly. Not for several threads at once.
public final class JsonObject {
  private byte[] bytes;
  private int length;

  public JsonObject() {
    this(512);
  }

  /// @param bytes about as many as it will have
  public JsonObject(int bytes) {
    this.bytes = new byte[bytes];
  }

  /// Adds a member with a text.
  public JsonObject add(String key, String text) {
    key(key);
    string(text);
    return this;
  }

  /// Adds a member with a value as it is spelled.
  public JsonObject add(String key, Json value) {
    key(key);
    reserve(value.length());
    value.copyTo(bytes, length);
    length += value.length();
    return this;
  }

  /// Adds a member whose value needs no quotes.
  JsonObject addPlain(String key, String value) {
    key(key);
    reserve(value.length());
    for (int i = 0; i < value.length(); i++) {
      bytes[length++] = (byte) value.charAt(i);
    }
    return this;
  }

  private void key(String key) {
    put(length == 0 ? '{' : ',');
    string(key);
    put(':');
  }

  private void put(char ascii) {
    reserve(1);
    bytes[length++] = (byte) ascii;
  }

  private void string(String text) {
    int before = length;
    reserve(text.length() + 2);
    bytes[length++] = '"';
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < ' ' || c > '~' || c == '"' || c == '\\') {
        length = before;
        quoted(JsonString.quote(text));
        return;
      }
      bytes[length++] = (byte) c;
    }
    bytes[length++] = '"';
  }

  /// Few texts have more than plain characters in them.
  private void quoted(String literal) {
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

  /// The object with all that was added. Nothing is added to it afterwards.
  public Json toJson() {
    if (length == 0) {
      return Json.EMPTY_OBJECT;
    }
    put('}');
    return new Json(bytes, 0, length);
  }
}
