package io.watchgate.jsonrpc;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/// Bytes and messages as the tests of this package write them.
final class Samples {
  private Samples() {}

  static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /// A string literal around bytes given in hexadecimal.
  static byte[] literal(String hex) {
    return HexFormat.of().parseHex("22" + hex.replace(" ", "") + "22");
  }

  static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  static Message message(String json) throws MalformedMessage {
    return Message.read(utf8(json), Limits.DEFAULT);
  }

  static Json json(String json) throws MalformedMessage {
    return Json.parse(utf8(json), Limits.DEFAULT);
  }
}
