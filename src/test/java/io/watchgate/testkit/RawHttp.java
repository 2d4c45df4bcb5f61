package io.watchgate.testkit;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/// One HTTP connection as bytes, for what no HTTP client would send. Every read ends after 20 s.
public final class RawHttp implements AutoCloseable {
  private static final int PATIENCE_MILLIS = 20_000;

  private final Socket socket;
  private final InputStream in;
  private String lastId = "";
  private String retry = "";

  /// What came back: header names in lower case.
  public record Answer(int status, Map<String, String> headers, String body) {
    /// A header's value, or the empty text.
    public String header(String name) {
      return headers.getOrDefault(name.toLowerCase(Locale.ROOT), "");
    }
  }

  /// One server-sent event.
  public record Event(String name, String data) {}

  private RawHttp(Socket socket) throws IOException {
    this.socket = socket;
    this.in = new BufferedInputStream(socket.getInputStream(), 64 << 10);
    socket.setSoTimeout(PATIENCE_MILLIS);
    socket.setTcpNoDelay(true);
  }

  /// Connects to a port of loopback.
  public static RawHttp connect(int port) throws IOException {
    return new RawHttp(new Socket(InetAddress.getLoopbackAddress(), port));
  }

  /// Connects with a small receive buffer, to be a reader that does not read.
  public static RawHttp lazy(int port) throws IOException {
    var socket = new Socket();
    socket.setReceiveBufferSize(4096);
    socket.connect(new java.net.InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    return new RawHttp(socket);
  }

  /// Sends text as it is; line ends become CRLF.
  public RawHttp send(String text) throws IOException {
    return send(text.replace("\n", "\r\n").getBytes(StandardCharsets.UTF_8));
  }

  /// Sends bytes as they are.
  public RawHttp send(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
    socket.getOutputStream().flush();
    return this;
  }

  /// Sends a request with `Host` of loopback.
  ///
  /// @param headers lines as `Name: value`
  public RawHttp request(String method, String path, String body, String... headers)
      throws IOException {
    return request(method, path, body.getBytes(StandardCharsets.UTF_8), headers);
  }

  /// Sends a request with a body of any bytes.
  public RawHttp request(String method, String path, byte[] body, String... headers)
      throws IOException {
    var head = new StringBuilder(method + " " + path + " HTTP/1.1\r\nHost: localhost\r\n");
    for (var header : headers) {
      head.append(header).append("\r\n");
    }
    head.append("Content-Length: ").append(body.length).append("\r\n\r\n");
    var whole = new ByteArrayOutputStream();
    whole.writeBytes(head.toString().getBytes(StandardCharsets.UTF_8));
    whole.writeBytes(body);
    return send(whole.toByteArray());
  }

  /// Reads a whole response.
  public Answer read() throws IOException {
    var head = readHead();
    return new Answer(head.status(), head.headers(), readBody(head));
  }

  /// Reads the head of a response whose body follows.
  public Answer readHead() throws IOException {
    int status = Integer.parseInt(line().split(" ", 3)[1]);
    var headers = new TreeMap<String, String>();
    for (var line = line(); !line.isEmpty(); line = line()) {
      var parts = line.split(":", 2);
      headers.merge(
          parts[0].toLowerCase(Locale.ROOT), parts[1].strip(), (one, two) -> one + ", " + two);
    }
    return new Answer(status, headers, "");
  }

  private String readBody(Answer head) throws IOException {
    if (!head.header("transfer-encoding").equals("chunked")) {
      var length = head.header("content-length");
      return text(exactly(length.isEmpty() ? 0 : Integer.parseInt(length)));
    }
    var body = new ByteArrayOutputStream();
    for (byte[] chunk = chunk(); chunk.length > 0; chunk = chunk()) {
      body.writeBytes(chunk);
    }
    return text(body.toByteArray());
  }

  /// The id of the newest event that had one, or the empty text.
  public String lastId() {
    return lastId;
  }

  /// The newest `retry` of an event, or the empty text.
  public String retry() {
    return retry;
  }

  /// Reads the next event of a stream that has data, which the gateway sends as a chunk; comments
  /// have the name `comment`, the end of the stream has `end`.
  public Event readEvent() throws IOException {
    var event = readAnyEvent();
    return event.name().equals("priming") ? readAnyEvent() : event;
  }

  /// Reads the next event also when it has no data; then its name is `priming`.
  public Event readAnyEvent() throws IOException {
    var text = text(chunk());
    if (text.isEmpty()) {
      return new Event("end", "");
    }
    if (text.startsWith(":")) {
      return new Event("comment", text.substring(1).strip());
    }
    var fields = new TreeMap<String, String>();
    for (var line : text.lines().filter(line -> !line.isEmpty()).toList()) {
      var parts = line.split(": ?", 2);
      fields.put(parts[0], parts[1].strip());
    }
    lastId = fields.getOrDefault("id", lastId);
    retry = fields.getOrDefault("retry", retry);
    var data = fields.getOrDefault("data", "");
    return new Event(fields.getOrDefault("event", data.isEmpty() ? "priming" : "message"), data);
  }

  private byte[] chunk() throws IOException {
    var chunk = exactly(Integer.parseInt(line(), 16));
    line();
    return chunk;
  }

  private byte[] exactly(int length) throws IOException {
    var bytes = in.readNBytes(length);
    if (bytes.length < length) {
      throw new EOFException("closed after " + bytes.length + " of " + length + " bytes");
    }
    return bytes;
  }

  private String line() throws IOException {
    var line = new ByteArrayOutputStream();
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) {
        throw new EOFException("the connection was closed after \"" + text(line) + "\"");
      }
      line.write(b);
    }
    return text(line).stripTrailing();
  }

  private static String text(ByteArrayOutputStream bytes) {
    return bytes.toString(StandardCharsets.UTF_8);
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /// Whether the other side closes the connection; what comes before that is thrown away.
  public boolean isClosed() throws IOException {
    try {
      in.skip(Long.MAX_VALUE);
      while (in.read() >= 0) {
        in.skip(Long.MAX_VALUE);
      }
      return true;
    } catch (java.net.SocketTimeoutException _) {
      return false;
    } catch (IOException reset) {
      return true;
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
