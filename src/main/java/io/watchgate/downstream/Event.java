package io.watchgate.downstream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

/// One server-sent event (HTML standard, server-sent events).
final class Event {
  private static final byte[] AFTER = "\n\n".getBytes(StandardCharsets.US_ASCII);

  private final byte[] before;
  private final byte[] data;

  private Event(String before, byte[] data) {
    this.before = (before + "data: ").getBytes(StandardCharsets.US_ASCII);
    this.data = data;
  }

  /// A message that nobody can ask for again.
  static Event message(byte[] message) {
    return new Event("event: message\n", oneLine(message));
  }

  static Event message(EventId id, byte[] message) {
    return new Event("event: message\nid: " + id + "\n", oneLine(message));
  }

  /// What is no message of MCP.
  static Event of(String type, String data) {
    return new Event("event: " + type + "\n", data.getBytes(StandardCharsets.UTF_8));
  }

  /// What opens a stream (2025-11-25): a client can go on from here before anything was said.
  ///
  /// @param retry how long a client is to wait before it connects again; empty where no server said
  ///   so, because there are clients that take the field for an error
  static Event priming(EventId id, Optional<Duration> retry) {
    var field = retry.map(time -> "retry: " + time.toMillis() + "\n").orElse("");
    return new Event("id: " + id + "\n" + field, new byte[0]);
  }

  int size() {
    return before.length + data.length + AFTER.length;
  }

  ByteBuf encoded() {
    return Unpooled.wrappedBuffer(before, data, AFTER);
  }

  /// A line end can stand only between the tokens of JSON; in an event it would end the data.
  private static byte[] oneLine(byte[] message) {
    for (int i = 0; i < message.length; i++) {
      if (message[i] == '\n' || message[i] == '\r') {
        return new String(message, StandardCharsets.UTF_8)
            .replace('\n', ' ')
            .replace('\r', ' ')
            .getBytes(StandardCharsets.UTF_8);
      }
    }
    return message;
  }
}
