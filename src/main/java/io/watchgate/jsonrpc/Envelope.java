package io.watchgate.jsonrpc;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Where the fields of one message are in its bytes.
final class Envelope {
  private static final int SIZE = Field.values().length * 2;

  private final int[] spans = new int[SIZE];

  Envelope() {
    Arrays.fill(spans, -1);
  }

  void put(Field field, int start, int end) {
    spans[field.ordinal() * 2] = start;
    spans[field.ordinal() * 2 + 1] = end;
  }

  boolean has(Field field) {
    return start(field) >= 0;
  }

  int start(Field field) {
    return spans[field.ordinal() * 2];
  }

  int end(Field field) {
    return spans[field.ordinal() * 2 + 1];
  }

  /// The message's id in its own spelling, null when it has none that is a string or a number.
  @Nullable RequestId id(byte[] in) {
    if (!has(Field.ID)) {
      return null;
    }
    var id = new Json(in, start(Field.ID), end(Field.ID));
    return id.isString() || id.isNumber() ? new RequestId(id.toString()) : null;
  }
}
