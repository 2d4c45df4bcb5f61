package io.watchgate.bench;

/// The members of a JSON-RPC message that a server of the bench needs, found by looking for their
/// keys: enough for messages whose arguments are known.
final class Incoming {
  private static final byte[] ID = Bytes.of("\"id\":");
  private static final byte[] METHOD = Bytes.of("\"method\":");
  private static final byte[] VERSION = Bytes.of("\"protocolVersion\":");
  private static final byte[] NAME = Bytes.of("\"name\":");

  private final byte[] bytes;
  private final int from;
  private final int to;

  Incoming(byte[] bytes, int from, int to) {
    this.bytes = bytes;
    this.from = from;
    this.to = to;
  }

  /// Its id as it is written, or nothing.
  String id() {
    return value(ID, from);
  }

  String method() {
    return unquoted(value(METHOD, from));
  }

  /// The version that a client wants, as it is written.
  String version() {
    return value(VERSION, from);
  }

  /// The name of the tool that is called, whatever stands before the arguments.
  String tool() {
    int params = Bytes.find(bytes, from, to, Bytes.of("\"params\":"));
    return params < 0 ? "" : unquoted(value(NAME, params));
  }

  private static String unquoted(String value) {
    return value.length() < 2 ? "" : value.substring(1, value.length() - 1);
  }

  private String value(byte[] key, int start) {
    int at = Bytes.find(bytes, start, to, key);
    if (at < 0) {
      return "";
    }
    at += key.length;
    while (at < to && bytes[at] == ' ') {
      at++;
    }
    boolean quoted = bytes[at] == '"';
    int end = quoted ? Bytes.find(bytes, at + 1, to, (byte) '"') + 1 : at;
    while (!quoted && end < to && bytes[end] != ',' && bytes[end] != '}') {
      end++;
    }
    return Bytes.text(bytes, at, end).strip();
  }
}
