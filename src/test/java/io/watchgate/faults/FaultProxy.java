package io.watchgate.faults;

import io.watchgate.flow.Time;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// A TCP proxy on loopback that harms the connections through it. What it does to them can be
/// changed while it runs, and then concerns the open ones too.
final class FaultProxy implements AutoCloseable {
  private static final int BACKLOG = 1024;
  private static final int CHUNK = 16 << 10;

  private final int target;
  private final int port;
  private final Random random = new Random(7);
  private final Set<Pair> pairs = ConcurrentHashMap.newKeySet();
  private final AtomicInteger accepted = new AtomicInteger();
  private final AtomicInteger requests = new AtomicInteger();
  private final AtomicInteger highest = new AtomicInteger();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private volatile Toxic toxic = new Pass();
  private volatile ServerSocket listening;
  private volatile CompletableFuture<@Nullable Void> accepting = new CompletableFuture<>();

  /// What is done to connections.
  sealed interface Toxic {}

  /// Nothing.
  record Pass() implements Toxic {}

  /// Answers come later, each piece by a time and up to some more.
  record Delay(Duration time, Duration jitter) implements Toxic {}

  /// Answers come byte by byte.
  record Trickle(int bytesPerSecond) implements Toxic {}

  /// Whoever sends something gets a reset.
  record Reset() implements Toxic {}

  /// Connections are accepted, and nothing goes through them, until that ends.
  record BlackHole() implements Toxic {}

  /// Instead of the next piece of an answer comes the end of the stream; requests still go through.
  record HalfClose() implements Toxic {}

  /// The connection is closed when this many bytes of answers went through it.
  record Limit(int bytes) implements Toxic {}

  /// Nobody listens; open connections go on.
  record Refuse() implements Toxic {}

  /// @param target the port of loopback that connections are passed on to
  FaultProxy(int target) throws IOException {
    this.target = target;
    this.listening = new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress());
    this.port = listening.getLocalPort();
    accept(listening);
  }

  int port() {
    return port;
  }

  /// Changes what is done.
  void become(Toxic other) throws IOException {
    lock.lock();
    try {
      if (other instanceof Refuse) {
        listening.close();
        accepting.join(); // until then the port may still take connections
      } else if (listening.isClosed()) {
        listening = new ServerSocket();
        listening.setReuseAddress(true);
        listening.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), BACKLOG);
        accept(listening);
      }
      toxic = other;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    if (!(other instanceof BlackHole)) {
      pairs.forEach(Pair::passHeld);
    }
  }

  /// Resets all open connections.
  void cut() {
    pairs.forEach(Pair::reset);
  }

  /// Connections so far.
  int accepted() {
    return accepted.get();
  }

  /// Connections so far on which a request that wants an answer went into a black hole.
  int requests() {
    return requests.get();
  }

  /// Connections that are open now.
  int open() {
    return pairs.size();
  }

  /// The most requests that waited in a black hole at once since this was asked last.
  int highest() {
    return highest.getAndSet(waiting());
  }

  private int waiting() {
    return (int) pairs.stream().filter(pair -> pair.isWaiting).count();
  }

  private void accept(ServerSocket from) {
    var ended = new CompletableFuture<@Nullable Void>();
    accepting = ended;
    Thread.ofVirtual()
        .name("fault proxy")
        .start(() -> {
          try {
            while (true) {
              begin(from.accept());
            }
          } catch (IOException closed) {
            ended.complete(null);
          }
        });
  }

  private void begin(Socket client) {
    accepted.incrementAndGet();
    Thread.ofVirtual()
        .start(() -> {
          try {
            var pair = new Pair(client, new Socket(InetAddress.getLoopbackAddress(), target));
            pairs.add(pair);
            pair.client.setTcpNoDelay(true);
            pair.server.setTcpNoDelay(true);
            Thread.ofVirtual().start(() -> pump(pair, true));
            pump(pair, false);
          } catch (IOException notThere) {
            close(client);
          }
        });
  }

  private void pump(Pair pair, boolean isAnswer) {
    var from = isAnswer ? pair.server : pair.client;
    var to = isAnswer ? pair.client : pair.server;
    var piece = new byte[CHUNK];
    try {
      var in = from.getInputStream();
      for (int n = in.read(piece); n >= 0; n = in.read(piece)) {
        if (!passed(pair, piece, n, isAnswer)) {
          return;
        }
      }
      to.shutdownOutput();
      pair.halfDone();
    } catch (IOException gone) {
      pair.close();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      pair.close();
    }
  }

  /// False when nothing more goes this way.
  private boolean passed(Pair pair, byte[] piece, int length, boolean isAnswer)
      throws IOException, InterruptedException {
    var to = isAnswer ? pair.client : pair.server;
    var out = to.getOutputStream();
    if (!isAnswer && pair.isHeld(piece, length)) {
      return true; // and reads on, to see whether the client is still there
    }
    switch (awaitWay()) {
      case Delay(var time, var jitter) when isAnswer -> {
        Time.REAL.pass(time.plus(jitter.multipliedBy(random.nextInt(100)).dividedBy(100)));
        out.write(piece, 0, length);
      }
      case Trickle(int bytesPerSecond) when isAnswer -> {
        for (int i = 0; i < length; i++) {
          out.write(piece, i, 1);
          Time.REAL.pass(Duration.ofSeconds(1).dividedBy(bytesPerSecond));
        }
      }
      case HalfClose() when isAnswer -> {
        to.shutdownOutput();
        return false;
      }
      case Limit(int bytes) when isAnswer -> {
        out.write(piece, 0, Math.min(length, bytes - pair.answered));
        pair.answered += Math.min(length, bytes - pair.answered);
        if (pair.answered == bytes) {
          pair.close();
          return false;
        }
      }
      case Reset() -> {
        pair.reset();
        return false;
      }
      case Pass(), Delay _, Trickle _, HalfClose(), Limit _, BlackHole(), Refuse() ->
          out.write(piece, 0, length);
    }
    return true;
  }

  private Toxic awaitWay() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (toxic instanceof BlackHole) {
        changed.await();
      }
      return toxic;
    } finally {
      lock.unlock();
    }
  }

  /// The two connections that one connection through the proxy is made of.
  private final class Pair {
    private final Socket client;
    private final Socket server;
    private final AtomicInteger halves = new AtomicInteger(2);
    private final ByteArrayOutputStream held = new ByteArrayOutputStream();
    private int answered;
    private volatile boolean isWaiting;

    Pair(Socket client, Socket server) {
      this.client = client;
      this.server = server;
    }

    /// Whether a piece of a request stays here for now.
    synchronized boolean isHeld(byte[] piece, int length) {
      if (toxic instanceof BlackHole) {
        held.write(piece, 0, length);
        if (!isWaiting && held.toString(StandardCharsets.UTF_8).contains("\"id\":")) {
          isWaiting = true;
          requests.incrementAndGet();
          highest.accumulateAndGet(waiting(), Math::max);
        }
        return true;
      }
      return false;
    }

    synchronized void passHeld() {
      try {
        held.writeTo(server.getOutputStream());
        held.reset();
      } catch (IOException gone) {
        close();
      }
    }

    /// Who leaves a black hole leaves it for good.
    void halfDone() {
      if (halves.decrementAndGet() == 0 || toxic instanceof BlackHole) {
        close();
      }
    }

    void reset() {
      try {
        client.setSoLinger(true, 0);
        server.setSoLinger(true, 0);
      } catch (IOException closed) {
        // then there is nothing to reset
      }
      close();
    }

    void close() {
      pairs.remove(this);
      FaultProxy.close(client);
      FaultProxy.close(server);
    }
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException closed) {
      // it is what was wanted
    }
  }

  @Override
  public void close() throws IOException {
    listening.close();
    pairs.forEach(Pair::close);
  }
}
