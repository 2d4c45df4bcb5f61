package io.watchgate.upstream;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;

/// A peer made of a bare socket on loopback: a test says byte by byte what it answers. Every
/// connection is served on a thread of its own.
final class RawServer implements AutoCloseable {
  private static final Pattern LENGTH = Pattern.compile("(?i)content-length: *(\\d+)");

  /// What the server does on one connection.
  @FunctionalInterface
  interface Script {
    void serve(Peer peer) throws IOException, InterruptedException;
  }

  private final ServerSocket socket;
  private final Script script;
  private final AtomicInteger accepted = new AtomicInteger();
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();

  private RawServer(ServerSocket socket, Script script) {
    this.socket = socket;
    this.script = script;
    Thread.ofVirtual().start(this::accept);
  }

  static RawServer start(Script script) throws IOException {
    return on("127.0.0.1", script);
  }

  static RawServer on(String address, Script script) throws IOException {
    var socket = new ServerSocket();
    socket.bind(new InetSocketAddress(InetAddress.getByName(address), 0), 500);
    return new RawServer(socket, script);
  }

  static RawServer on(ServerSocket socket, Script script) {
    return new RawServer(socket, script);
  }

  /// Answers every request on every connection with the same response.
  static RawServer answering(String response) throws IOException {
    return start(peer -> {
      while (!peer.readRequest().isEmpty()) {
        peer.write(response);
      }
    });
  }

  static String response(int status, String type, String body) {
    return "HTTP/1.1 %d Said\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n%s"
        .formatted(status, type, body.getBytes(StandardCharsets.UTF_8).length, body);
  }

  private void accept() {
    try {
      while (!socket.isClosed()) {
        var connection = socket.accept();
        open.add(connection);
        var peer = new Peer(connection, accepted.incrementAndGet());
        Thread.ofVirtual().start(() -> serve(peer));
      }
    } catch (IOException _) {
      // closed
    }
  }

  private void serve(Peer peer) {
    try (var connection = peer.connection) {
      script.serve(peer);
      connection.shutdownOutput();
    } catch (IOException | InterruptedException _) {
      // the other side left
    }
  }

  int port() {
    return socket.getLocalPort();
  }

  URI uri(String path) {
    return URI.create("http://127.0.0.1:" + port() + path);
  }

  int accepted() {
    return accepted.get();
  }

  /// The requests so far, heads and bodies.
  List<String> requests() {
    return List.copyOf(requests);
  }

  long count(String part) {
    return requests.stream().filter(request -> request.contains(part)).count();
  }

  /// Breaks all connections.
  void cut() throws IOException {
    for (var connection : open) {
      connection.close();
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
    cut();
  }

  /// One connection from the server's side.
  final class Peer {
    private final Socket connection;
    private final int number;

    private Peer(Socket connection, int number) {
      this.connection = connection;
      this.number = number;
    }

    /// 1 for the first connection.
    int number() {
      return number;
    }

    /// The next request, `""` when the client sends no more.
    String readRequest() throws IOException {
      var in = connection.getInputStream();
      var head = readHead(in);
      var length = LENGTH.matcher(head);
      var body = length.find() ? in.readNBytes(Integer.parseInt(length.group(1))) : new byte[0];
      var request = head + new String(body, StandardCharsets.UTF_8);
      if (!request.isEmpty()) {
        requests.add(request);
      }
      return request;
    }

    private static String readHead(InputStream in) throws IOException {
      var head = new ByteArrayOutputStream();
      for (int b = in.read(); b >= 0; b = in.read()) {
        head.write(b);
        if (b == '\n' && head.toString(StandardCharsets.UTF_8).endsWith("\r\n\r\n")) {
          break;
        }
      }
      return head.toString(StandardCharsets.UTF_8);
    }

    void write(String text) throws IOException {
      write(text.getBytes(StandardCharsets.UTF_8));
    }

    void write(byte[] bytes) throws IOException {
      connection.getOutputStream().write(bytes);
      connection.getOutputStream().flush();
    }

    /// Waits until the client closes the connection.
    void awaitEnd() throws IOException {
      while (connection.getInputStream().read() >= 0) {
        // what comes meanwhile is of no interest
      }
    }

    void close() throws IOException {
      connection.close();
    }

    /// Ends the connection with a reset, as a crash with unread data does.
    void reset() throws IOException {
      connection.setSoLinger(true, 0);
      connection.close();
    }
  }
}
