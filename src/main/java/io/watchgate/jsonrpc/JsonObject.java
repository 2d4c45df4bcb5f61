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
  public JsonObject add(JsonKey key, String text) {
    key(key);
    string(text);
    return this;
  }

  /// Adds a member with a number.
  public JsonObject add(JsonKey key, int number) {
    key(key);
    plain(Integer.toString(number));
    return this;
  }

  /// Adds a member with a value as it is spelled.
  public JsonObject add(JsonKey key, Json value) {
    key(key);
    value(value);
    return this;
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
    value(value);
    return this;
  }

  private void value(Json value) {
    reserve(value.length());
    value.copyTo(bytes, length);
    length += value.length();
  }

  /// Adds a member whose value needs no quotes.
  JsonObject addPlain(String key, String value) {
    key(key);
    plain(value);
    return this;
  }

  private void plain(String value) {
    reserve(value.length());
    for (int i = 0; i < value.length(); i++) {
      bytes[length++] = (byte) value.charAt(i);
    }
  }

  private void key(JsonKey key) {
    int start = length;
    reserve(key.spelled.length);
    System.arraycopy(key.spelled, 0, bytes, start, key.spelled.length);
    length += key.spelled.length;
    if (start == 0) {
      bytes[0] = '{';
    }
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
    reserve(text.length() + 2);
    var out = bytes;
    int at = length;
    out[at++] = '"';
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < ' ' || c > '~' || c == '"' || c == '\\') {
        quoted(JsonString.quote(text));
        return;
      }
      out[at++] = (byte) c;
    }
    out[at++] = '"';
    length = at;
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
