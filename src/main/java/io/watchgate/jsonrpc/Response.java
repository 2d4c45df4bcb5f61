package io.watchgate.jsonrpc;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The answer to a request: a result, or an error. Immutable.
public final class Response implements Message {
  private final Frame frame;
  private final @Nullable RequestId id;

  Response(Frame frame, @Nullable RequestId id) {
    this.frame = frame;
    this.id = id;
  }

  /// A result of the gateway's own.
  public static Response success(RequestId id, Json result) {
    return new Response(Frame.success(id, result), id);
  }

  /// An error of the gateway's own; the id is null when the request's could not be read.
  public static Response failure(@Nullable RequestId id, int code, String message, Json data) {
    var json =
        "{\"jsonrpc\":\"2.0\",\"id\":%s,\"error\":{\"code\":%s,\"message\":%s,\"data\":%s}}"
            .formatted(id, code, JsonString.quote(message), data);
    return new Response(Frame.trusted(json), id);
  }

  /// The id of the request that this answers, empty where that request's id could not be read.
  public Optional<RequestId> id() {
    return Optional.ofNullable(id);
  }

  /// The result, empty when this is an error.
  public Optional<Json> result() {
    return frame.field(Field.RESULT);
  }

  /// The error object, empty when this is a result.
  public Optional<Json> error() {
    return frame.field(Field.ERROR);
  }

  /// The error's code, or 0 when there is none that can be read.
  public int errorCode() {
    return error()
        .flatMap(error -> error.member("code"))
        .map(Json::toString)
        .filter(code -> code.matches("-?\\d{1,9}"))
        .map(Integer::parseInt)
        .orElse(0);
  }

  /// The error's message, empty when there is none.
  public String errorMessage() {
    return error().flatMap(error -> error.textMember("message")).orElse("");
  }

  /// Whether the result is that of a tool that failed.
  public boolean isToolError() {
    var flag =
        frame.isReplaced(Field.RESULT)
            ? result().flatMap(result -> result.member("isError"))
            : frame.field(Field.IS_ERROR);
    return flag.filter(Json::isTrue).isPresent();
  }

  /// This answer under another id, also when it had none.
  public Response withId(RequestId other) {
    var id = Json.trusted(other.json());
    return new Response(
        frame.field(Field.ID).isPresent() ? frame.with(Field.ID, id) : frame.withNewId(id), other);
  }

  /// This answer with another result.
  public Response withResult(Json result) {
    return new Response(frame.with(Field.RESULT, result), id);
  }

  /// This answer with another error object.
  public Response withError(Json error) {
    return new Response(frame.with(Field.ERROR, error), id);
  }

  /// This error with another code, and all else that it says.
  public Response withErrorCode(int code) {
    return withError(error().orElseThrow().with("code", Json.trusted(Integer.toString(code))));
  }

  /// The whole message as a value.
  public Json toJson() {
    var bytes = frame.toBytes();
    return new Json(bytes, 0, bytes.length);
  }

  @Override
  public Optional<Json> field(Field field) {
    return frame.field(field);
  }

  @Override
  public int length() {
    return frame.length();
  }

  @Override
  public int wireLength() {
    return frame.wireLength();
  }

  @Override
  public byte[] toBytes() {
    return frame.toBytes();
  }
}
