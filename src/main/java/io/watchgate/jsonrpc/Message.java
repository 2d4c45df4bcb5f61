package io.watchgate.jsonrpc;

import io.watchgate.jsonrpc.MalformedMessage.Kind;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One JSON-RPC 2.0 message: its original bytes and an index of the fields that routing needs. What
/// the gateway does not know stays as it is, to the byte.
public sealed interface Message permits Request, Notification, Response {

  /// Reads one message strictly: UTF-8, no duplicate keys, one value, within the limits.
  ///
  /// @throws MalformedMessage with the error that answers the sender
  static Message read(byte[] bytes, Limits limits) throws MalformedMessage {
    var envelope = Scanner.scan(bytes, limits);
    var frame = new Frame(bytes, envelope);
    var id = envelope.id(bytes);
    if (!frame.field(Field.JSONRPC).filter(Message::isVersion2).isPresent()) {
      throw invalid(id, "\"jsonrpc\" must be \"2.0\"");
    }
    return frame.field(Field.METHOD).isPresent() ? asked(frame, id) : answered(frame, id);
  }

  /// The messages of a batch, or empty when the bytes are no array.
  ///
  /// @throws MalformedMessage when the array as a whole is not well-formed
  static Optional<List<Json>> readBatch(byte[] bytes, Limits limits) throws MalformedMessage {
    int start = JsonWalker.skipSpace(bytes, 0);
    return start < bytes.length && bytes[start] == '['
        ? Optional.of(Json.parse(bytes, limits).elements())
        : Optional.empty();
  }

  /// The message as it goes out. The array may be the original one: do not write to it.
  byte[] toBytes();

  /// A field's value, replaced or original.
  Optional<Json> field(Field field);

  /// The text of a field that is a string.
  default Optional<String> text(Field field) {
    return field(field).filter(Json::isString).map(Json::text);
  }

  /// Bytes of the message as it came in.
  int length();

  /// Bytes of the message as it goes out.
  int wireLength();

  private static Message asked(Frame frame, @Nullable RequestId id) throws MalformedMessage {
    var method = frame.field(Field.METHOD).filter(Json::isString);
    if (method.isEmpty() || method.get().text().isEmpty()) {
      throw invalid(id, "\"method\" must be a non-empty string");
    }
    if (frame.field(Field.RESULT).isPresent() || frame.field(Field.ERROR).isPresent()) {
      throw invalid(id, "a message has either \"method\" or \"result\" or \"error\"");
    }
    if (frame.field(Field.PARAMS).filter(p -> !p.isObject() && !p.isArray()).isPresent()) {
      throw invalid(id, "\"params\" must be an object or an array");
    }
    if (frame.field(Field.ID).isEmpty()) {
      return new Notification(frame, method.get().text());
    }
    if (id == null) {
      throw invalid(null, "\"id\" must be a string or a number");
    }
    return new Request(frame, id, method.get().text());
  }

  private static Message answered(Frame frame, @Nullable RequestId id) throws MalformedMessage {
    boolean success = frame.field(Field.RESULT).isPresent();
    boolean failure = frame.field(Field.ERROR).isPresent();
    if (success == failure) {
      throw invalid(id, "a message has either \"method\" or \"result\" or \"error\"");
    }
    // An error whose sender could not read the id has null or none (schema of 2025-11-25).
    boolean unreadable = frame.field(Field.ID).filter(f -> !f.isNull()).isEmpty();
    if (id == null && (success || !unreadable)) {
      throw invalid(null, "a response must have the id of its request");
    }
    return new Response(frame, id);
  }

  private static boolean isVersion2(Json version) {
    return version.isString() && version.text().equals("2.0");
  }

  private static MalformedMessage invalid(@Nullable RequestId id, String what) {
    return new MalformedMessage(Kind.INVALID_REQUEST, id, what);
  }
}
