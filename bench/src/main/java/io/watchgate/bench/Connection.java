package io.watchgate.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;

/// A kept connection of the generator, with one request at a time on it.
final class Connection implements AutoCloseable {
  private static final int PATIENCE = 30_000;

  final HttpMessage response = new HttpMessage();
  private final Endpoint endpoint;
  private SocketChannel channel;
  private String session = "";
  private Request request = new Request(new byte[0], -1);
  private ByteBuffer out = ByteBuffer.allocateDirect(0);
  private final byte[] digits = new byte[Ids.DIGITS];
  private boolean fresh = true; // nothing was sent on this socket yet
  private int step;
  int id = Ids.FIRST;
  long since;

  private Connection(Endpoint endpoint) throws IOException {
    this.endpoint = endpoint;
    this.channel = connect(endpoint.port());
  }

  /// Connects, and begins a session where there are such.
  static Connection open(Endpoint endpoint) throws IOException {
    var connection = new Connection(endpoint);
    if (endpoint.era() == Era.HANDSHAKE) {
      connection.begin();
    }
    return connection;
  }

  static Connection plain(Endpoint endpoint) throws IOException {
    return new Connection(endpoint);
  }

  private static SocketChannel connect(int port) throws IOException {
    var channel = SocketChannel.open(new InetSocketAddress("127.0.0.1", port));
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    return channel;
  }

  /// Begins a session.
  ///
  /// @return the header lines that say which
  String begin() throws IOException {
    exchange(endpoint.initialize());
    session = sessionHeaders(response);
    response.clear();
    exchange(endpoint.initialized(session));
    if (response.status() / 100 != 2) {
      throw new BenchFailure("the session was not begun: " + response.start());
    }
    response.clear();
    return session;
  }

  /// The header lines of a session, by the answer to its first request.
  static String sessionHeaders(HttpMessage response) throws BenchFailure {
    if (response.status() != 200) {
      throw new BenchFailure("no session: " + response.start());
    }
    var text = response.bodyText();
    var key = "\"protocolVersion\":\"";
    int at = text.indexOf(key) + key.length();
    if (at < key.length()) {
      throw new BenchFailure("no session: " + response.start());
    }
    var version = "MCP-Protocol-Version: " + text.substring(at, text.indexOf('"', at)) + "\r\n";
    var name = response.session();
    return name.isEmpty() ? version : "Mcp-Session-Id: " + name + "\r\n" + version;
  }

  /// Sends and waits; the connection must not belong to a generator yet.
  void exchange(Request toSend) throws IOException {
    id = Ids.after(id);
    if (!exchangeOnce(toSend)) {
      reconnect(); // it was kept for too long
      if (!exchangeOnce(toSend)) {
        throw new BenchFailure("the connection ended instead of an answer");
      }
    }
    if (response.isClosing()) {
      reconnect();
    }
  }

  /// Sends, and leaves what comes unread.
  void say(Request toSend) throws IOException {
    channel.write(ByteBuffer.wrap(toSend.bytes()));
  }

  private boolean exchangeOnce(Request toSend) throws IOException {
    var bytes = ByteBuffer.wrap(toSend.withId(id));
    var in = new byte[1 << 16];
    try {
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.socket().setSoTimeout(PATIENCE);
      while (!response.isWhole()) {
        int count = channel.socket().getInputStream().read(in);
        if (count < 0) {
          return false;
        }
        response.take(ByteBuffer.wrap(in, 0, count));
      }
    } catch (SocketException _) {
      return false;
    }
    fresh = false;
    return true;
  }

  private void reconnect() throws IOException {
    channel.close();
    channel = connect(endpoint.port());
    fresh = true;
  }

  /// Takes a request that is sent often.
  void use(Request next) {
    request = next;
    out = next.buffer();
  }

  /// Takes a request that is sent once, as a step of several.
  void useOnce(Request next, int number) {
    request = next;
    out = ByteBuffer.wrap(next.bytes());
    step = number;
  }

  int step() {
    return step;
  }

  void inSession(String headers) {
    session = headers;
  }

  Endpoint endpoint() {
    return endpoint;
  }

  String session() {
    return session;
  }

  void register(Selector selector) throws IOException {
    channel.configureBlocking(false);
    if (!fresh && channel.read(ByteBuffer.allocate(1)) < 0) {
      reconnect();
      channel.configureBlocking(false);
    }
    channel.register(selector, SelectionKey.OP_READ, this);
  }

  /// Sends the request under the next id.
  void send(Selector selector) throws IOException {
    id = Ids.after(id);
    resend(selector);
  }

  private void resend(Selector selector) throws IOException {
    if (request.idAt() >= 0) {
      Ids.write(id, digits, 0);
      out.put(request.idAt(), digits);
    }
    out.rewind();
    channel.write(out);
    if (out.hasRemaining()) {
      channel.keyFor(selector).interestOps(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
    }
  }

  void writable(SelectionKey key) throws IOException {
    channel.write(out);
    if (!out.hasRemaining()) {
      key.interestOps(SelectionKey.OP_READ);
    }
  }

  /// Reads what is there.
  ///
  /// @return whether the answer is whole
  boolean read(ByteBuffer in, Selector selector) throws IOException {
    int count = channel.read(in.clear());
    if (count < 0) {
      again(selector);
      return false;
    }
    response.take(in.flip());
    if (!response.isWhole()) {
      return false;
    }
    fresh = false;
    return true;
  }

  /// A server may close what it kept, just when it is used again: once more, on a new one.
  private void again(Selector selector) throws IOException {
    if (fresh) {
      throw new BenchFailure("the connection ended instead of an answer to request " + id);
    }
    renew(selector);
    resend(selector);
  }

  void renew(Selector selector) throws IOException {
    reconnect();
    response.clear();
    channel.configureBlocking(false);
    channel.register(selector, SelectionKey.OP_READ, this);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
