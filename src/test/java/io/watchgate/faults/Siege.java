package io.watchgate.faults;

import io.watchgate.flow.Time;
import io.watchgate.testkit.RawHttp;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/// Many connections that send a request drop by drop, and some that never read their answers. Those
/// that are cut come again.
final class Siege implements AutoCloseable {
  private static final Duration STEP = Duration.ofMillis(50);

  /// In so many steps every connection is looked after once, and in ten times as many it sends a
  /// byte: not all at the same moment, as those of many machines would not.
  private static final int STEPS = 20;

  private static final int ROUNDS_PER_DROP = 10;
  private static final byte[] REQUEST =
      ("POST /mcp HTTP/1.1\r\nHost: localhost\r\nX-Slow: " + "x".repeat(1000))
          .getBytes(StandardCharsets.US_ASCII);

  private final InetSocketAddress target;
  private final List<Drip> drips = new ArrayList<>();
  private final List<RawHttp> lazy = new ArrayList<>();
  private final AtomicLong cut = new AtomicLong();
  private final Thread thread;

  /// One connection and how much of its request was sent.
  private static final class Drip {
    private SocketChannel channel;
    private int sent;

    Drip(SocketChannel channel) {
      this.channel = channel;
    }
  }

  private Siege(int port) {
    target = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    thread = Thread.ofPlatform().daemon().name("siege").unstarted(this::run);
  }

  /// Begins once all connections are made.
  ///
  /// @param slow connections that send a byte in ten seconds
  /// @param readers clients, each of which asks for a megabyte ten times and reads nothing
  static Siege begin(int port, int slow, List<Caller> readers, int each)
      throws IOException, InterruptedException {
    var siege = new Siege(port);
    for (int i = 0; i < slow; i++) {
      siege.drips.add(new Drip(siege.connect()));
      if (i % STEPS == 0) {
        Time.REAL.pass(Duration.ofMillis(10));
      }
    }
    for (var reader : readers) {
      for (int i = 0; i < each; i++) {
        siege.lazy.add(neverRead(port, reader));
      }
    }
    siege.thread.start();
    return siege;
  }

  private static RawHttp neverRead(int port, Caller caller) throws IOException {
    var connection = RawHttp.lazy(port);
    var params = "{\"name\":\"web2__big\",\"arguments\":{\"bytes\":1000000}}";
    for (int i = 0; i < 10; i++) {
      var call =
          Wire.request("\"lazy" + connection.hashCode() + "-" + i + "\"", "tools/call", params);
      connection.request("POST", "/mcp", call, caller.headers());
    }
    return connection;
  }

  private SocketChannel connect() throws IOException {
    var channel = SocketChannel.open();
    channel.configureBlocking(false);
    channel.connect(target);
    return channel;
  }

  private void run() {
    try {
      for (int step = 0; ; step++) {
        for (int i = step % STEPS; i < drips.size(); i += STEPS) {
          drip(drips.get(i), (i + step) / STEPS % ROUNDS_PER_DROP == 0);
        }
        Time.REAL.pass(STEP);
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } catch (IOException failure) {
      cut.set(-1); // no more connections can be made
    }
  }

  private void drip(Drip drip, boolean isDue) throws IOException {
    try {
      if (!drip.channel.isConnected()) {
        drip.channel.finishConnect();
        return;
      }
      if (drip.channel.read(ByteBuffer.allocate(256)) < 0) {
        throw new IOException("cut");
      }
      if (isDue && drip.sent < REQUEST.length) {
        drip.sent += drip.channel.write(ByteBuffer.wrap(REQUEST, drip.sent, 1));
      }
    } catch (IOException closed) {
      cut.incrementAndGet();
      drip.channel.close();
      drip.channel = connect();
      drip.sent = 0;
    }
  }

  /// Connections that the gateway closed.
  long cut() {
    return cut.get();
  }

  @Override
  public void close() throws IOException {
    thread.interrupt();
    try {
      thread.join();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    for (var drip : drips) {
      drip.channel.close();
    }
    for (var connection : lazy) {
      connection.close();
    }
  }
}
