package io.watchgate.jsonrpc;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// Replaces parts of a byte range in one copy and leaves every other byte as it is.
final class Splice {
  private final byte[] source;
  private final int start;
  private final int end;
  private final List<Part> parts = new ArrayList<>(4);

  private record Part(int start, int end, Json replacement) {
    int growth() {
      return replacement.length() - (end - start);
    }
  }

  Splice(byte[] source, int start, int end) {
    this.source = source;
    this.start = start;
    this.end = end;
  }

  Splice replace(int from, int to, Json replacement) {
    parts.add(new Part(from, to, replacement));
    return this;
  }

  byte[] toBytes() {
    parts.sort(Comparator.comparingInt(Part::start));
    var result = new byte[length()];
    int from = start;
    int to = 0;
    for (var part : parts) {
      int kept = part.start - from;
      System.arraycopy(source, from, result, to, kept);
      to += kept;
      part.replacement.copyTo(result, to);
      to += part.replacement.length();
      from = part.end;
    }
    System.arraycopy(source, from, result, to, end - from);
    return result;
  }

  int length() {
    int length = end - start;
    for (var part : parts) {
      length += part.growth();
    }
    return length;
  }

  Json toJson() {
    var bytes = toBytes();
    return new Json(bytes, 0, bytes.length);
  }
}
