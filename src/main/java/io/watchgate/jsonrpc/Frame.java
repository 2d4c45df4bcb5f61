package io.watchgate.jsonrpc;

import io.watchgate.jsonrpc.Field.Place;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The bytes of a message, where its fields are, and the fields that leave with another value.
/// Replacements are gathered and written in one copy, when the message goes out. Immutable.
final class Frame {
  private static final Limits TRUSTED =
      new Limits(Integer.MAX_VALUE, Limits.MAX_DEPTH, Integer.MAX_VALUE);

  private final byte[] bytes;
  private final Envelope envelope;
  private final @Nullable EnumMap<Field, Json> replaced;
  private final int length;

  Frame(byte[] bytes, Envelope envelope) {
    this(bytes, envelope, null, bytes.length);
  }

  private Frame(
      byte[] bytes, Envelope envelope, @Nullable EnumMap<Field, Json> replaced, int length) {
    this.bytes = bytes;
    this.envelope = envelope;
    this.replaced = replaced;
    this.length = length;
  }

  /// A frame of text that the program itself wrote.
  static Frame trusted(String json) {
    var bytes = json.getBytes(StandardCharsets.UTF_8);
    return new Frame(bytes, trustedEnvelope(bytes));
  }

  /// The frame of a result, whose fields are where this puts them: a result may be large, and is
  /// copied once and not read again.
  static Frame success(RequestId id, Json result) {
    var head = "{\"jsonrpc\":\"2.0\",\"id\":".getBytes(StandardCharsets.US_ASCII);
    var middle = ",\"result\":".getBytes(StandardCharsets.US_ASCII);
    var spelledId = Json.trusted(id.json());
    int idEnd = head.length + spelledId.length();
    int resultStart = idEnd + middle.length;
    var bytes = new byte[resultStart + result.length() + 1];
    System.arraycopy(head, 0, bytes, 0, head.length);
    spelledId.copyTo(bytes, head.length);
    System.arraycopy(middle, 0, bytes, idEnd, middle.length);
    result.copyTo(bytes, resultStart);
    bytes[bytes.length - 1] = '}';
    var envelope = new Envelope();
    int version = "{\"jsonrpc\":".length();
    envelope.put(Field.JSONRPC, version, version + "\"2.0\"".length());
    envelope.put(Field.ID, head.length, idEnd);
    envelope.put(Field.RESULT, resultStart, bytes.length - 1);
    return new Frame(bytes, envelope);
  }

  private static Envelope trustedEnvelope(byte[] bytes) {
    try {
      return Scanner.scan(bytes, TRUSTED);
    } catch (MalformedMessage e) {
      throw new IllegalArgumentException(
          "the gateway wrote no message, but %s: %s"
              .formatted(JsonString.printable(bytes, 0, bytes.length), e.getMessage()),
          e);
    }
  }

  Optional<Json> field(Field field) {
    if (replaced != null && replaced.containsKey(field)) {
      return Optional.ofNullable(replaced.get(field));
    }
    if (!envelope.has(field)) {
      return Optional.empty();
    }
    int start = envelope.start(field);
    int end = envelope.end(field);
    return replaced != null && field.inside != Place.ELSEWHERE
        ? Optional.of(splice(start, end, replaced).toJson())
        : Optional.of(new Json(bytes, start, end));
  }

  /// Whether a field leaves with another value.
  boolean isReplaced(Field field) {
    return replaced != null && replaced.containsKey(field);
  }

  Frame with(Field field, Json value) {
    if (!envelope.has(field)) {
      throw new IllegalStateException("no " + field + " to replace");
    }
    var all = replaced == null ? new EnumMap<Field, Json>(Field.class) : new EnumMap<>(replaced);
    all.put(field, value);
    if (field.inside == Place.ELSEWHERE) {
      return new Frame(bytes, envelope, all, length);
    }
    // The fields inside are others now: theirs are forgotten and the new ones found.
    all.keySet().removeIf(other -> other != field && isWithin(other, field));
    return reread(new Frame(bytes, envelope, all, length).toBytes());
  }

  /// This frame with an id as its first member, for one that has no id.
  Frame withNewId(Json id) {
    var sent = toBytes();
    int first = JsonWalker.skipSpace(sent, 0) + 1;
    var member = Json.trusted("\"id\":" + id + ",");
    return reread(new Splice(sent, 0, sent.length).replace(first, first, member).toBytes());
  }

  private Frame reread(byte[] edited) {
    return new Frame(edited, trustedEnvelope(edited), null, length);
  }

  private boolean isWithin(Field field, Field container) {
    return envelope.start(field) >= envelope.start(container)
        && envelope.end(field) <= envelope.end(container);
  }

  int length() {
    return length;
  }

  /// Bytes that will leave.
  int wireLength() {
    return replaced == null ? bytes.length : splice(0, bytes.length, replaced).length();
  }

  byte[] toBytes() {
    return replaced == null ? bytes : splice(0, bytes.length, replaced).toBytes();
  }

  private Splice splice(int start, int end, Map<Field, Json> values) {
    var splice = new Splice(bytes, start, end);
    values.forEach((field, value) -> {
      if (envelope.start(field) >= start && envelope.end(field) <= end) {
        splice.replace(envelope.start(field), envelope.end(field), value);
      }
    });
    return splice;
  }
}
