package io.watchgate.testkit;

/// An answer that is a JSON-RPC error.
final class FixtureError extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final int code;

  FixtureError(int code, String message) {
    super(message);
    this.code = code;
  }

  static FixtureError invalidParams(String message) {
    return new FixtureError(-32602, message);
  }

  int code() {
    return code;
  }

  String text() {
    return String.valueOf(getMessage());
  }
}
