package io.watchgate.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;

/// The server behind the gateways: streamable HTTP, one thread, answers that were made before.
final class Upstream {
  private static final long DELAY = Duration.ofMillis(10).toNanos();
  private static final byte[] ACCEPTED = head("202 Accepted", "", 0);
  private static final byte[] NOT_ALLOWED = head("405 Method Not Allowed", "Allow: POST\r\n", 0);
  private static final byte[] GONE = head("200 OK", "", 0);

  private final Selector selector = Selector.open();
  private final Map<String, Site> sites = new HashMap<>();
  private final ArrayDeque<Later> later = new ArrayDeque<>();
  private final ByteBuffer in = ByteBuffer.allocateDirect(1 << 18);
  private final ByteBuffer out = ByteBuffer.allocateDirect(1 << 23);

  /// One connection with it.
  private static final class Peer {
    private final SocketChannel channel;
    private final HttpMessage request = new HttpMessage();
    private ByteBuffer rest = ByteBuffer.allocate(0);

    Peer(SocketChannel channel) {
      this.channel = channel;
    }
  }

  /// An answer that takes its time.
  private record Later(long due, Peer peer, byte[] answer) {}

  private Upstream() throws IOException {}

  /// Listens on a port of this machine until it is killed.
  public static void main(String[] arguments) throws IOException {
    new Upstream().run(Integer.parseInt(arguments[0]));
  }

  private void run(int port) throws IOException {
    try (var listener = ServerSocketChannel.open()) {
      listener.bind(new InetSocketAddress("127.0.0.1", port), 4096);
      listener.configureBlocking(false);
      listener.register(selector, SelectionKey.OP_ACCEPT);
      while (listener.isOpen()) {
        turn(listener);
      }
    }
  }

  private void turn(ServerSocketChannel listener) throws IOException {
    if (later.isEmpty()) {
      selector.select();
    } else {
      long left = later.peek().due() - System.nanoTime();
      selector.select(Math.max(1, left / 1_000_000));
    }
    for (var key : selector.selectedKeys()) {
      if (key.isAcceptable()) {
        accept(listener);
      } else {
        serve(key);
      }
    }
    selector.selectedKeys().clear();
    while (!later.isEmpty() && later.peek().due() <= System.nanoTime()) {
      var due = later.poll();
      if (due.peer().channel.isOpen()) {
        write(due.peer(), due.answer());
      }
    }
  }

  private void accept(ServerSocketChannel listener) throws IOException {
    for (var channel = listener.accept(); channel != null; channel = listener.accept()) {
      channel.configureBlocking(false);
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      channel.register(selector, SelectionKey.OP_READ, new Peer(channel));
    }
  }

  private void serve(SelectionKey key) throws IOException {
    var peer = (Peer) key.attachment();
    try {
      if (key.isWritable()) {
        peer.channel.write(peer.rest);
        if (!peer.rest.hasRemaining()) {
          key.interestOps(SelectionKey.OP_READ);
        }
      }
      if (key.isReadable()) {
        if (peer.channel.read(in.clear()) < 0) {
          peer.channel.close();
          return;
        }
        peer.request.take(in.flip());
        while (peer.request.isWhole()) {
          answer(peer);
          peer.request.clear();
        }
      }
    } catch (IOException _) {
      peer.channel.close(); // whoever is on the other side is gone
    }
  }

  private void answer(Peer peer) throws IOException {
    var request = peer.request;
    byte first = request.head()[0];
    if (first != 'P') {
      write(peer, first == 'D' ? GONE : NOT_ALLOWED);
      return;
    }
    var message = new Incoming(request.body(), request.bodyFrom(), request.bodyTo());
    var id = message.id();
    if (id.isEmpty()) {
      write(peer, ACCEPTED);
      return;
    }
    var method = message.method();
    var tool = method.equals("tools/call") ? message.tool() : "";
    boolean begins = method.equals("initialize");
    var result = begins ? Site.initialized(message.version()) : site(request).answer(method, tool);
    if (tool.equals(Site.EVENTS)) {
      writeEvent(peer, id, result);
      return;
    }
    prepare(id, begins ? "Mcp-Session-Id: bench\r\n" : "", result);
    if (tool.equals(Site.SLOW)) {
      var copy = new byte[out.remaining()];
      out.get(copy);
      later.add(new Later(System.nanoTime() + DELAY, peer, copy));
    } else {
      flush(peer);
    }
  }

  private Site site(HttpMessage request) {
    var head = request.head();
    int from = 5; // after POST and a blank
    int to = Bytes.find(head, from, head.length, (byte) ' ');
    return sites.computeIfAbsent(Bytes.text(head, from, to), Site::at);
  }

  private static byte[] head(String status, String headers, int length) {
    return Bytes.of(
        "HTTP/1.1 " + status + "\r\n" + headers + "Content-Length: " + length + "\r\n\r\n");
  }

  private void prepare(String id, String headers, byte[] result) {
    var start = Bytes.of("{\"jsonrpc\":\"2.0\",\"id\":" + id);
    var json = "Content-Type: application/json\r\n" + headers;
    out.clear().put(head("200 OK", json, start.length + result.length));
    out.put(start).put(result).flip();
  }

  private void writeEvent(Peer peer, String id, byte[] result) throws IOException {
    var start = Bytes.of("event: message\ndata: {\"jsonrpc\":\"2.0\",\"id\":" + id);
    out.clear()
        .put(
            Bytes.of(
                "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
                    + "Cache-Control: no-cache\r\nTransfer-Encoding: chunked\r\n\r\n"))
        .put(Bytes.of(Integer.toHexString(start.length + result.length + 2) + "\r\n"))
        .put(start)
        .put(result)
        .put(Bytes.of("\n\n\r\n0\r\n\r\n"))
        .flip();
    flush(peer);
  }

  private void write(Peer peer, byte[] answer) throws IOException {
    out.clear().put(answer).flip();
    flush(peer);
  }

  private void flush(Peer peer) throws IOException {
    peer.channel.write(out);
    if (out.hasRemaining()) {
      peer.rest = ByteBuffer.allocate(out.remaining()).put(out).flip();
      peer.channel.keyFor(selector).interestOps(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
    }
  }
}
