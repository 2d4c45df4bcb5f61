package io.watchgate.audit;

import io.watchgate.jsonrpc.Json;
import io.watchgate.jsonrpc.Limits;
import io.watchgate.jsonrpc.MalformedMessage;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;

/// A line of a log where {@link Lines} has it, and only until that goes on. What links it to others
/// stands in places that are found without reading what is between them.
final class Line {
  private static final Limits LIMITS =
      new Limits(Lines.MAX_BYTES, Limits.MAX_DEPTH, Limits.DEFAULT.maxTokens());
  private static final byte[] SEQ = ascii("{\"seq\":");
  private static final byte[] PREV = ascii(",\"prev\":\"");
  private static final byte[] END = ascii("\"}");
  private static final byte[] DIGITS = ascii("0123456789abcdef");
  private static final int HASH_CHARACTERS = 2 * Sha256.LENGTH;
  private static final int TAIL = PREV.length + HASH_CHARACTERS + END.length;
  private static final int MOST_DIGITS = 18;

  /// Where the event stands: behind the number and the time.
  private static final byte[] LIFECYCLE = ascii("\"event\":\"lifecycle\"");

  private static final int HEAD = 128;

  private final byte[] bytes;
  private final int start;
  private final int length;
  private final boolean whole;

  /// @param whole whether a line break stands behind it
  Line(byte[] bytes, int start, int length, boolean whole) {
    this.bytes = bytes;
    this.start = start;
    this.length = length;
    this.whole = whole;
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  boolean isWhole() {
    return whole;
  }

  /// Bytes without the line break.
  int length() {
    return length;
  }

  /// Its number, -1 when it does not begin or end like a line of a log.
  long seq() {
    if (length < SEQ.length + 2 + TAIL || !has(SEQ, start) || !has(PREV, start + length - TAIL)) {
      return -1;
    }
    long seq = 0;
    int at = start + SEQ.length;
    int first = at;
    while (bytes[at] >= '0' && bytes[at] <= '9' && at - first <= MOST_DIGITS) {
      seq = seq * 10 + bytes[at++] - '0';
    }
    boolean spelled = at > first && at - first <= MOST_DIGITS && bytes[first] != '0';
    return spelled && bytes[at] == ',' && has(END, start + length - END.length) ? seq : -1;
  }

  private boolean has(byte[] wanted, int at) {
    return Arrays.equals(bytes, at, at + wanted.length, wanted, 0, wanted.length);
  }

  /// Whether it names this hash as that of the line before it.
  boolean follows(byte[] hash) {
    int at = start + length - END.length - HASH_CHARACTERS;
    for (byte b : hash) {
      if (bytes[at++] != DIGITS[(b >> 4) & 0xf] || bytes[at++] != DIGITS[b & 0xf]) {
        return false;
      }
    }
    return true;
  }

  /// The hash that it names as that of the line before it, empty when that is none.
  Optional<byte[]> prev() {
    int at = start + length - END.length - HASH_CHARACTERS;
    var hex = new String(bytes, at, HASH_CHARACTERS, StandardCharsets.ISO_8859_1);
    boolean digits = hex.chars().allMatch(c -> (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'));
    return digits ? Optional.of(HexFormat.of().parseHex(hex)) : Optional.empty();
  }

  /// Writes its hash.
  void hash(Sha256 sha256, byte[] target) {
    sha256.of(bytes, start, length, target, 0);
  }

  /// Whether it may be about the gateway or the log itself; what it says has to be read for that.
  boolean mayBeLifecycle() {
    int end = start + Math.min(length, HEAD) - LIFECYCLE.length;
    for (int at = start; at <= end; at++) {
      if (bytes[at] == '"' && has(LIFECYCLE, at)) {
        return true;
      }
    }
    return false;
  }

  /// What it says, empty when that is no JSON object. A copy, to keep.
  Optional<Json> json() {
    try {
      return Optional.of(Json.parse(toBytes(), LIMITS)).filter(Json::isObject);
    } catch (MalformedMessage _) {
      return Optional.empty();
    }
  }

  /// A copy without the line break.
  byte[] toBytes() {
    return Arrays.copyOfRange(bytes, start, start + length);
  }
}
