package io.watchgate.jsonrpc;

import org.jspecify.annotations.Nullable;

/// Says why bytes are not a JSON-RPC message that the gateway accepts.
public final class MalformedMessage extends Exception {

  /// What is wrong, in the terms of the errors that clients see.
  public enum Kind {
    PARSE_ERROR(ErrorCode.PARSE_ERROR, "parse_error"),
    TOO_LARGE(ErrorCode.PARSE_ERROR, "too_large"),
    TOO_DEEP(ErrorCode.PARSE_ERROR, "too_deep"),
    INVALID_REQUEST(ErrorCode.INVALID_REQUEST, "invalid_request");

    private final int code;
    private final String reason;

    Kind(int code, String reason) {
      this.code = code;
      this.reason = reason;
    }
  }

  private final Kind kind;
  private final @Nullable RequestId id;
  private final String what;

  MalformedMessage(Kind kind, @Nullable RequestId id, String message) {
    super(message, null, false, false);
    this.kind = kind;
    this.id = id;
    this.what = message;
  }

  public Kind kind() {
    return kind;
  }

  /// The error that answers the sender; its id is null unless the message's id was readable.
  public Response answer() {
    return Response.failure(id, kind.code, what, Json.object("reason", kind.reason));
  }

  /// A message over the size limit, which is never read whole.
  public static MalformedMessage tooLarge(int maxBytes) {
    return new MalformedMessage(
        Kind.TOO_LARGE, null, "message is larger than the limit of " + maxBytes + " bytes");
  }

  /// A well-formed value that is no request at this place.
  public static MalformedMessage invalidRequest(@Nullable RequestId id, String message) {
    return new MalformedMessage(Kind.INVALID_REQUEST, id, message);
  }
}
