package io.watchgate.everything;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// An answer that is a JSON-RPC error, with the HTTP status that the stateless revision gives it.
final class Failure extends RuntimeException {
  static final int PARSE_ERROR = -32700;
  static final int INVALID_REQUEST = -32600;
  static final int METHOD_NOT_FOUND = -32601;
  static final int INVALID_PARAMS = -32602;
  static final int INTERNAL_ERROR = -32603;
  static final int HEADER_MISMATCH = -32020;
  static final int MISSING_CAPABILITY = -32021;
  static final int UNSUPPORTED_VERSION = -32022;

  private static final long serialVersionUID = 1;

  private final int code;
  private final int status;
  private final transient @Nullable ObjectNode data;

  private Failure(int code, int status, String message, @Nullable ObjectNode data) {
    super(message);
    this.code = code;
    this.status = status;
    this.data = data;
  }

  static Failure of(int code, String message) {
    return of(code, message, null);
  }

  static Failure of(int code, String message, @Nullable ObjectNode data) {
    return new Failure(code, status(code), message, data);
  }

  static Failure invalidParams(String message) {
    return of(INVALID_PARAMS, message);
  }

  /// The one kind of invalid parameters that is a bad request to HTTP too.
  static Failure invalidEnvelope(String message) {
    return new Failure(INVALID_PARAMS, 400, message, null);
  }

  static Failure methodNotFound(String method) {
    return of(METHOD_NOT_FOUND, "Method not found: " + method);
  }

  static Failure headerMismatch(String message) {
    return of(HEADER_MISMATCH, "Header mismatch: " + message);
  }

  static Failure missingCapability(ObjectNode required) {
    var data = Tree.object();
    data.set("requiredCapabilities", required);
    return of(MISSING_CAPABILITY, "Missing required client capability", data);
  }

  private static int status(int code) {
    return switch (code) {
      case PARSE_ERROR, INVALID_REQUEST, HEADER_MISMATCH, MISSING_CAPABILITY, UNSUPPORTED_VERSION ->
          400;
      case METHOD_NOT_FOUND -> 404;
      default -> 200;
    };
  }

  int status() {
    return status;
  }

  /// The `error` member.
  ObjectNode error() {
    var error = Tree.object().put("code", code).put("message", String.valueOf(getMessage()));
    if (data != null) {
      error.set("data", data);
    }
    return error;
  }

  /// The whole answer to a request; one that could not be read has no id.
  ObjectNode response(@Nullable JsonNode id) {
    var message = Tree.object().put("jsonrpc", "2.0");
    if (id != null) {
      message.set("id", id);
    }
    message.set("error", error());
    return message;
  }
}
