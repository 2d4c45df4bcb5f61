package io.watchgate.jsonrpc;

import java.nio.charset.StandardCharsets;

/// The key of a member as it is written, for objects of which many are made.
public final class JsonKey {
  final byte[] spelled;

  /// @param key of characters that stand for themselves
  public JsonKey(String key) {
    this.spelled = (",\"" + key + "\":").getBytes(StandardCharsets.US_ASCII);
  }
}
