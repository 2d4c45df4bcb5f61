package io.watchgate.jsonrpc;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// One JSON value as it stands in its bytes, which were checked before. Looking into it decodes
/// only what is asked for; its spelling is never changed. Immutable, as long as nobody writes to
/// the bytes.
public final class Json {
  /// The value `{}`.
  public static final Json EMPTY_OBJECT = trusted("{}");

  private final byte[] bytes;
  private final int start;
  private final int end;

  Json(byte[] bytes, int start, int end) {
    this.bytes = bytes;
    this.start = start;
    this.end = end;
  }

  /// Reads one value as strictly as messages are read; the keys of its objects are free.
  public static Json parse(byte[] bytes, Limits limits) throws MalformedMessage {
    Scanner.check(bytes, limits);
    int start = JsonWalker.skipSpace(bytes, 0);
    return new Json(bytes, start, JsonWalker.skip(bytes, start));
  }

  /// Text that the program itself wrote as JSON.
  public static Json trusted(String json) {
    var bytes = json.getBytes(StandardCharsets.UTF_8);
    return new Json(bytes, 0, bytes.length);
  }

  /// A string value.
  public static Json string(String text) {
    return trusted(JsonString.quote(text));
  }

  /// An object of members given in turn as key, value, key, value: values are {@link Json}, text,
  /// numbers or booleans.
  public static Json object(Object... keysAndValues) {
    var object = new JsonObject();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      var key = (String) keysAndValues[i];
      switch (keysAndValues[i + 1]) {
        case Json json -> object.add(key, json);
        case String text -> object.add(key, text);
        case Object plain -> object.addPlain(key, plain.toString());
      }
    }
    return object.toJson();
  }

  /// An array of values as they are spelled.
  public static Json array(List<Json> values) {
    var out = new ByteArrayOutputStream();
    out.write('[');
    for (var value : values) {
      if (out.size() > 1) {
        out.write(',');
      }
      value.writeTo(out);
    }
    return closed(out, ']');
  }

  private static Json closed(ByteArrayOutputStream out, char bracket) {
    out.write(bracket);
    var bytes = out.toByteArray();
    return new Json(bytes, 0, bytes.length);
  }

  private void writeTo(ByteArrayOutputStream out) {
    out.write(bytes, start, length());
  }

  public boolean isObject() {
    return bytes[start] == '{';
  }

  public boolean isArray() {
    return bytes[start] == '[';
  }

  public boolean isString() {
    return bytes[start] == '"';
  }

  public boolean isNumber() {
    return bytes[start] == '-' || (bytes[start] >= '0' && bytes[start] <= '9');
  }

  public boolean isTrue() {
    return bytes[start] == 't';
  }

  public boolean isNull() {
    return bytes[start] == 'n';
  }

  /// The text of a string value.
  public String text() {
    if (!isString()) {
      throw new IllegalStateException("not a string: " + this);
    }
    return JsonString.decodeText(bytes, start + 1, end - 1);
  }

  /// The value of a member, empty when this is no object or has no such key.
  public Optional<Json> member(String key) {
    if (!isObject()) {
      return Optional.empty();
    }
    var wanted = key.getBytes(StandardCharsets.UTF_8);
    var walker = new JsonWalker(bytes, start);
    while (walker.next()) {
      if (JsonString.isText(bytes, walker.keyStart() + 1, walker.keyEnd() - 1, key, wanted)) {
        return Optional.of(new Json(bytes, walker.valueStart(), walker.valueEnd()));
      }
    }
    return Optional.empty();
  }

  /// The text of a member that is a string.
  public Optional<String> textMember(String key) {
    return member(key).filter(Json::isString).map(Json::text);
  }

  /// The members of an object in their order, none when this is no object.
  public List<Member> members() {
    var members = new ArrayList<Member>();
    if (isObject()) {
      var walker = new JsonWalker(bytes, start);
      while (walker.next()) {
        var key = JsonString.decodeText(bytes, walker.keyStart() + 1, walker.keyEnd() - 1);
        members.add(new Member(key, new Json(bytes, walker.valueStart(), walker.valueEnd())));
      }
    }
    return members;
  }

  /// The elements of an array in their order, none when this is no array.
  public List<Json> elements() {
    var elements = new ArrayList<Json>();
    if (isArray()) {
      var walker = new JsonWalker(bytes, start);
      while (walker.next()) {
        elements.add(new Json(bytes, walker.valueStart(), walker.valueEnd()));
      }
    }
    return elements;
  }

  /// This object with the value of one present member replaced and every other byte as it was.
  public Json with(String key, Json value) {
    var old = member(key).orElseThrow(() -> new IllegalStateException("no member " + key));
    return new Splice(bytes, start, end).replace(old.start, old.end, value).toJson();
  }

  /// This object with one more member, in front of the others.
  public Json plus(String key, Json value) {
    var comma = members().isEmpty() ? "" : ",";
    var member = trusted("{" + JsonString.quote(key) + ":" + value + comma);
    return new Splice(bytes, start, end).replace(start, start + 1, member).toJson();
  }

  /// This object with a member that has this value, replaced or in front of the others.
  public Json set(String key, Json value) {
    return member(key).isPresent() ? with(key, value) : plus(key, value);
  }

  /// This object without some members, and every other byte as it was but for their commas; the
  /// object itself when it has none of them.
  public Json without(Set<String> keys) {
    var left = members().stream().filter(member -> !keys.contains(member.key())).toList();
    if (left.size() == members().size()) {
      return this;
    }
    var out = new ByteArrayOutputStream();
    out.write('{');
    for (var member : left) {
      if (out.size() > 1) {
        out.write(',');
      }
      string(member.key()).writeTo(out);
      out.write(':');
      member.value().writeTo(out);
    }
    return closed(out, '}');
  }

  /// One member of an object.
  public record Member(String key, Json value) {}

  /// Goes over all keys, strings and numbers of this value.
  public JsonCursor cursor() {
    return new JsonCursor(bytes, start, end);
  }

  /// This value with other values in some places, and every other byte as it was.
  ///
  /// @param edits at the places that a cursor showed, none of them inside another
  public Json edited(List<Edit> edits) {
    var splice = new Splice(bytes, start, end);
    edits.forEach(edit -> splice.replace(start + edit.start, start + edit.end, edit.value));
    return edits.isEmpty() ? this : splice.toJson();
  }

  /// Another value in one place.
  ///
  /// @param start in bytes from the beginning of the value that is edited
  /// @param end behind what goes
  public record Edit(int start, int end, Json value) {}

  /// The bytes of the spelling. The array may be the one that the value is in: do not write to it.
  public byte[] toBytes() {
    return start == 0 && end == bytes.length ? bytes : Arrays.copyOfRange(bytes, start, end);
  }

  /// Bytes of the spelling.
  public int length() {
    return end - start;
  }

  /// Puts the spelling into an array that has room for it.
  public void copyTo(byte[] target, int at) {
    System.arraycopy(bytes, start, target, at, length());
  }

  /// Whether this means the same as another value, however both are spelled: the order of keys,
  /// white space and escapes do not matter; numbers are compared as they are written.
  public boolean isSameAs(Json other) {
    if (isObject()) {
      var theirs = other.members();
      return other.isObject()
          && theirs.size() == members().size()
          && members().stream()
              .allMatch(m -> other.member(m.key()).filter(m.value()::isSameAs).isPresent());
    }
    if (isArray()) {
      var mine = elements();
      var theirs = other.elements();
      return other.isArray()
          && mine.size() == theirs.size()
          && IntStream.range(0, mine.size()).allMatch(i -> mine.get(i).isSameAs(theirs.get(i)));
    }
    return (isString() && other.isString()) ? text().equals(other.text()) : equals(other);
  }

  /// Equal spelling.
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Json json
        && Arrays.equals(bytes, start, end, json.bytes, json.start, json.end);
  }

  @Override
  public int hashCode() {
    int hash = 1;
    for (int i = start; i < end; i++) {
      hash = 31 * hash + bytes[i];
    }
    return hash;
  }

  /// The JSON text.
  @Override
  public String toString() {
    return new String(bytes, start, end - start, StandardCharsets.UTF_8);
  }
}
