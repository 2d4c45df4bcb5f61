package io.watchgate.demo;

/// A request that cannot be served; it is answered with a JSON-RPC error.
final class ProtocolError extends RuntimeException {
  static final int INVALID_REQUEST = -32600;
  static final int METHOD_NOT_FOUND = -32601;
  static final int INVALID_PARAMS = -32602;
  static final int PARSE_ERROR = -32700;

  /// What MCP up to revision 2025-11-25 says for a resource that is not there.
  static final int RESOURCE_NOT_FOUND = -32002;

  private static final long serialVersionUID = 1;

  private final int code;
  private final String text;

  ProtocolError(int code, String text) {
    super(text);
    this.code = code;
    this.text = text;
  }

  int code() {
    return code;
  }

  String text() {
    return text;
  }
}
