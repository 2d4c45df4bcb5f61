package io.watchgate.bench;

import java.nio.ByteBuffer;
import java.util.Arrays;

/// One HTTP/1.1 request or response that comes in, piece by piece: knows when it is whole, and
/// where in it the body is. Bodies with a length stay where they are; chunks are put together.
final class HttpMessage {
  private static final byte[] HEAD_END = Bytes.of("\r\n\r\n");
  private static final byte[] LENGTH = Bytes.of("content-length:");
  private static final byte[] ENCODING = Bytes.of("transfer-encoding:");
  private static final byte[] TYPE = Bytes.of("content-type:");
  private static final byte[] SESSION = Bytes.of("mcp-session-id:");
  private static final byte[] CONNECTION = Bytes.of("connection:");
  private static final byte[] EVENTS = Bytes.of("text/event-stream");
  private static final byte[] CLOSE = Bytes.of("close");

  private byte[] bytes = new byte[4096];
  private int length;
  private int bodyFrom; // 0 until the head is there
  private int bodyLength;
  private boolean chunked;
  private boolean events;
  private boolean closing;
  private int chunkAt; // where the next chunk's size is
  private String session = "";
  private byte[] joined = new byte[0];
  private int joinedLength;

  /// Makes room for so many bytes more and takes them in.
  void take(ByteBuffer from) {
    int more = from.remaining();
    if (length + more > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
    }
    from.get(bytes, length, more);
    length += more;
  }

  boolean isWhole() throws BenchFailure {
    if (bodyFrom == 0 && !readHead()) {
      return false;
    }
    return chunked ? joinChunks() : length >= bodyFrom + bodyLength;
  }

  private boolean readHead() throws BenchFailure {
    int end = Bytes.find(bytes, 0, length, HEAD_END);
    if (end < 0) {
      return false;
    }
    bodyFrom = end + HEAD_END.length;
    int line = Bytes.find(bytes, 0, end + 2, (byte) '\n') + 1;
    while (line < bodyFrom - 2) {
      int next = Bytes.find(bytes, line, bodyFrom, (byte) '\n') + 1;
      readHeader(line, next - 2);
      line = next;
    }
    if (bytes[0] == 'H' && (status() == 204 || status() == 304)) {
      bodyLength = 0;
      chunked = false;
    }
    chunkAt = bodyFrom;
    return true;
  }

  private void readHeader(int from, int to) throws BenchFailure {
    if (Bytes.isHeader(bytes, from, to, LENGTH)) {
      bodyLength = number(from + LENGTH.length, to, 10);
    } else if (Bytes.isHeader(bytes, from, to, ENCODING)) {
      chunked = true;
    } else if (Bytes.isHeader(bytes, from, to, TYPE)) {
      events = Bytes.find(bytes, from, to, EVENTS) > 0;
    } else if (Bytes.isHeader(bytes, from, to, SESSION)) {
      session = Bytes.text(bytes, from + SESSION.length, to).strip();
    } else if (Bytes.isHeader(bytes, from, to, CONNECTION)) {
      closing = Bytes.find(bytes, from, to, CLOSE) > 0;
    }
  }

  private int number(int from, int to, int base) throws BenchFailure {
    try {
      var text = Bytes.text(bytes, from, to).strip();
      int extension = text.indexOf(';');
      return Integer.parseInt(extension < 0 ? text : text.substring(0, extension), base);
    } catch (NumberFormatException _) {
      throw new BenchFailure("no number where a length should be: " + start());
    }
  }

  private boolean joinChunks() throws BenchFailure {
    while (true) {
      int line = Bytes.find(bytes, chunkAt, length, (byte) '\n');
      if (line < 0) {
        return false;
      }
      int size = number(chunkAt, line, 16);
      if (length < line + 1 + size + 2) {
        return false;
      }
      if (joinedLength + size > joined.length) {
        joined = Arrays.copyOf(joined, Math.max(joined.length * 2, joinedLength + size));
      }
      System.arraycopy(bytes, line + 1, joined, joinedLength, size);
      joinedLength += size;
      chunkAt = line + 1 + size + 2;
      if (size == 0) {
        return true;
      }
    }
  }

  byte[] body() {
    return chunked ? joined : bytes;
  }

  int bodyFrom() {
    return chunked ? 0 : bodyFrom;
  }

  int bodyTo() {
    return chunked ? joinedLength : bodyFrom + bodyLength;
  }

  int status() {
    return 100 * (bytes[9] - '0') + 10 * (bytes[10] - '0') + bytes[11] - '0';
  }

  byte[] head() {
    return bytes;
  }

  boolean isEvents() {
    return events;
  }

  boolean isClosing() {
    return closing;
  }

  /// What the header `Mcp-Session-Id` says, or nothing.
  String session() {
    return session;
  }

  /// Its first bytes, for people.
  String start() {
    return Bytes.text(bytes, 0, Math.min(length, 600)).replace("\r\n", " | ");
  }

  String bodyText() {
    return Bytes.text(body(), bodyFrom(), bodyTo());
  }

  /// Makes ready for the next one, which may have come with it.
  void clear() {
    int end = chunked ? chunkAt : bodyFrom + bodyLength;
    System.arraycopy(bytes, end, bytes, 0, length - end);
    length -= end;
    bodyFrom = 0;
    bodyLength = 0;
    joinedLength = 0;
    chunked = false;
    events = false;
    closing = false;
    session = "";
  }
}
