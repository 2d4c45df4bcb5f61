package io.watchgate.upstream;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// Cuts a body of `text/event-stream` into events (HTML standard, server-sent events). Fed with the
/// body's bytes as they come; holds at most one event of the size limit. For one thread.
final class ServerSentEvents {
  private static final String MESSAGE = "message";

  /// What a line may have beyond its value: the field's name, a colon, a space.
  private static final int FIELD_NAME = 16;

  /// A buffer that one large event made large is not kept for the life of the stream.
  private static final int KEPT_BUFFER = 64 << 10;

  /// Takes each event as it is complete.
  @FunctionalInterface
  interface Sink {
    void event(String type, byte[] data) throws IOException;
  }

  private final int maxBytes;
  private final Sink sink;
  private ByteArrayOutputStream line = new ByteArrayOutputStream();
  private ByteArrayOutputStream data = new ByteArrayOutputStream();
  private boolean firstLine = true;
  private boolean hasData;
  private boolean afterReturn;
  private String type = MESSAGE;
  private @Nullable String newId;
  private @Nullable String lastId;
  private long retryMillis = -1;

  ServerSentEvents(int maxBytes, Sink sink) {
    this.maxBytes = maxBytes;
    this.sink = sink;
  }

  /// The id of the newest complete event, for `Last-Event-ID`; null when none had one.
  @Nullable String lastId() {
    return lastId;
  }

  /// How long the server wants a client to wait before it connects again, or -1.
  long retryMillis() {
    return retryMillis;
  }

  /// Takes the next part of the body.
  void feed(byte[] part) throws IOException {
    int from = 0;
    for (int i = 0; i < part.length; i++) {
      byte b = part[i];
      if (b == '\n' && afterReturn) {
        from = i + 1;
      } else if (b == '\n' || b == '\r') {
        appendToLine(part, from, i - from);
        endOfLine();
        from = i + 1;
      }
      afterReturn = b == '\r';
    }
    appendToLine(part, from, part.length - from);
  }

  private void endOfLine() throws IOException {
    var bytes = line.toByteArray();
    line = emptied(line);
    int start = firstLine && startsWithByteOrderMark(bytes) ? 3 : 0;
    firstLine = false;
    if (bytes.length == start) {
      dispatch();
      return;
    }
    int colon = indexOfColon(bytes, start);
    var field = new String(bytes, start, colon - start, StandardCharsets.UTF_8);
    int value = colon + 1 < bytes.length && bytes[colon + 1] == ' ' ? colon + 2 : colon + 1;
    field(field, bytes, Math.min(value, bytes.length));
  }

  private void field(String field, byte[] bytes, int from) throws IOException {
    switch (field) {
      case "data" -> appendToData(bytes, from);
      case "event" -> type = from == bytes.length ? MESSAGE : text(bytes, from);
      case "id" -> id(text(bytes, from));
      case "retry" -> retry(text(bytes, from));
      default -> {} // a comment, or a field that the standard ignores
    }
  }

  /// An id that could not go back in a header is none.
  private void id(String id) {
    if (id.chars().allMatch(c -> c >= ' ' && c <= '~')) {
      newId = id;
    }
  }

  private void retry(String digits) {
    if (digits.matches("\\d{1,9}")) {
      retryMillis = Long.parseLong(digits);
    }
  }

  private void dispatch() throws IOException {
    var eventType = type;
    type = MESSAGE;
    lastId = newId == null || newId.isEmpty() ? null : newId;
    if (hasData) {
      var bytes = data.toByteArray();
      data = emptied(data);
      hasData = false;
      sink.event(eventType, bytes);
    }
  }

  private void appendToLine(byte[] bytes, int from, int length) throws IOException {
    requireRoom((long) line.size() + data.size() + length - FIELD_NAME);
    line.write(bytes, from, length);
  }

  private void appendToData(byte[] bytes, int from) throws IOException {
    requireRoom((long) data.size() + bytes.length - from);
    if (hasData) {
      data.write('\n');
    }
    data.write(bytes, from, bytes.length - from);
    hasData = true;
  }

  private void requireRoom(long wanted) throws IOException {
    if (wanted > maxBytes) {
      throw new Transport.Unusable("event is larger than the limit of " + maxBytes + " bytes");
    }
  }

  private static ByteArrayOutputStream emptied(ByteArrayOutputStream buffer) {
    if (buffer.size() > KEPT_BUFFER) {
      return new ByteArrayOutputStream();
    }
    buffer.reset();
    return buffer;
  }

  private static boolean startsWithByteOrderMark(byte[] bytes) {
    return bytes.length >= 3
        && bytes[0] == (byte) 0xEF
        && bytes[1] == (byte) 0xBB
        && bytes[2] == (byte) 0xBF;
  }

  private static int indexOfColon(byte[] bytes, int from) {
    for (int i = from; i < bytes.length; i++) {
      if (bytes[i] == ':') {
        return i;
      }
    }
    return bytes.length;
  }

  private static String text(byte[] bytes, int from) {
    return new String(bytes, from, bytes.length - from, StandardCharsets.UTF_8);
  }
}
