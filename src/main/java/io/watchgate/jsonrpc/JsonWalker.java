package io.watchgate.jsonrpc;

/// Steps through the members of an object or the elements of an array that was checked before.
final class JsonWalker {
  private final byte[] in;
  private final boolean inObject;
  private int at;
  private int keyStart;
  private int keyEnd;
  private int valueStart;
  private int valueEnd;

  JsonWalker(byte[] in, int start) {
    this.in = in;
    this.inObject = in[start] == '{';
    this.at = start + 1;
  }

  boolean next() {
    at = skipSpace(in, at);
    if (in[at] == '}' || in[at] == ']') {
      return false;
    }
    if (in[at] == ',') {
      at = skipSpace(in, at + 1);
    }
    if (inObject) {
      keyStart = at;
      keyEnd = skip(in, at);
      at = skipSpace(in, skipSpace(in, keyEnd) + 1);
    }
    valueStart = at;
    valueEnd = skip(in, at);
    at = valueEnd;
    return true;
  }

  int keyStart() {
    return keyStart;
  }

  int keyEnd() {
    return keyEnd;
  }

  int valueStart() {
    return valueStart;
  }

  int valueEnd() {
    return valueEnd;
  }

  static int skipSpace(byte[] in, int from) {
    int at = from;
    while (at < in.length
        && (in[at] == ' ' || in[at] == '\n' || in[at] == '\r' || in[at] == '\t')) {
      at++;
    }
    return at;
  }

  /// Where the value that starts at `from` ends.
  static int skip(byte[] in, int from) {
    return switch (in[from]) {
      case '"' -> skipString(in, from);
      case '{', '[' -> skipNested(in, from);
      default -> skipScalar(in, from);
    };
  }

  private static int skipString(byte[] in, int from) {
    int at = from + 1;
    while (in[at] != '"') {
      at += in[at] == '\\' ? 2 : 1;
    }
    return at + 1;
  }

  private static int skipNested(byte[] in, int from) {
    int depth = 0;
    int at = from;
    do {
      switch (in[at]) {
        case '"' -> at = skipString(in, at) - 1;
        case '{', '[' -> depth++;
        case '}', ']' -> depth--;
        default -> {}
      }
      at++;
    } while (depth > 0);
    return at;
  }

  private static int skipScalar(byte[] in, int from) {
    int at = from;
    while (at < in.length && !endsScalar(in[at])) {
      at++;
    }
    return at;
  }

  private static boolean endsScalar(byte b) {
    return switch (b) {
      case ',', '}', ']', ' ', '\n', '\r', '\t' -> true;
      default -> false;
    };
  }
}
