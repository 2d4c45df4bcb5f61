package io.watchgate.bench;

import java.nio.ByteBuffer;

/// A request as it goes out, but for its id.
///
/// @param idAt where its id is, -1 when it has none
record Request(byte[] bytes, int idAt) {
  private static final byte[] PLACE = Bytes.of("\"id\":" + Ids.FIRST);

  static Request of(String text) {
    var bytes = Bytes.of(text);
    int place = Bytes.find(bytes, 0, bytes.length, PLACE);
    return new Request(bytes, place < 0 ? -1 : place + PLACE.length - Ids.DIGITS);
  }

  /// Memory that a channel writes from without a copy.
  ByteBuffer buffer() {
    return ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
  }

  byte[] withId(int id) {
    var copy = bytes.clone();
    if (idAt >= 0) {
      Ids.write(id, copy, idAt);
    }
    return copy;
  }
}
