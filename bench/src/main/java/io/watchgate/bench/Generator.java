package io.watchgate.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;

/// Clients on kept connections, all of them on one thread. Every answer is checked.
final class Generator implements AutoCloseable {
  private static final long PATIENCE = Duration.ofSeconds(30).toNanos();
  private static final long LOOK = Duration.ofNanos(50_000).toNanos();

  private final Selector selector = Selector.open();
  private final List<Connection> connections;
  private final Talk talk;
  private final ByteBuffer in = ByteBuffer.allocateDirect(1 << 20);
  private final ArrayDeque<Connection> idle = new ArrayDeque<>();
  private int inFlight;

  private Generator(List<Connection> connections, Talk talk) throws IOException {
    this.connections = connections;
    this.talk = talk;
    for (var connection : connections) {
      talk.begin(connection);
    }
  }

  /// Clients that ask for one thing, each in a session of its own.
  static Generator repeating(Endpoint endpoint, int connections, Operation operation)
      throws IOException {
    var opened = new ArrayList<Connection>();
    try {
      for (int i = 0; i < connections; i++) {
        opened.add(Connection.open(endpoint));
      }
      return new Generator(opened, Talk.Repeated.learn(opened.getFirst(), operation));
    } catch (IOException failure) {
      for (var connection : opened) {
        connection.close();
      }
      throw failure;
    }
  }

  /// Clients that begin and end sessions.
  static Generator sessions(Endpoint endpoint, int connections) throws IOException {
    Connection.open(endpoint).close();
    var opened = new ArrayList<Connection>();
    for (int i = 0; i < connections; i++) {
      opened.add(Connection.plain(endpoint));
    }
    return new Generator(opened, new Talk.Sessions());
  }

  /// Every connection sends its next request when the one before was answered.
  Sample closed(Duration time) throws IOException {
    begin();
    var latencies = Sample.histogram();
    long start = System.nanoTime();
    long end = start + time.toNanos();
    for (var connection : connections) {
      connection.since = System.nanoTime();
      send(connection);
    }
    long now = start;
    while (inFlight > 0) {
      turn(1000);
      now = System.nanoTime();
      Connection free = idle.poll();
      while (free != null) {
        now = System.nanoTime();
        boolean whole = finish(free, now, latencies);
        if (whole) {
          free.since = now;
        }
        if (!whole || now < end) {
          send(free);
        }
        free = idle.poll();
      }
      requirePatience(now, end);
    }
    return new Sample(latencies, now - start);
  }

  /// Requests are due at a steady pace, whatever becomes of those before. A latency counts from
  /// when its request was due, also when no connection was free then.
  Sample open(double perSecond, Duration time) throws IOException {
    begin();
    var latencies = Sample.histogram();
    long start = System.nanoTime();
    long count = (long) (perSecond * time.toNanos() / 1e9);
    double interval = 1e9 / perSecond;
    long next = 0;
    var free = new ArrayDeque<>(connections);
    long now = start;
    while (next < count || inFlight > 0) {
      now = System.nanoTime();
      while (next < count && !free.isEmpty() && start + (long) (next * interval) <= now) {
        var connection = free.poll();
        connection.since = start + (long) (next * interval);
        next++;
        send(connection);
      }
      turn(0);
      if (idle.isEmpty()) {
        LockSupport.parkNanos(LOOK);
      }
      while (!idle.isEmpty()) {
        var connection = idle.poll();
        now = System.nanoTime();
        finish(connection, now, latencies);
        free.add(connection);
      }
      requirePatience(now, start + time.toNanos());
    }
    return new Sample(latencies, now - start);
  }

  private void begin() throws IOException {
    inFlight = 0;
    idle.clear();
    for (var connection : connections) {
      connection.register(selector);
    }
  }

  private void send(Connection connection) throws IOException {
    inFlight++;
    connection.send(selector);
  }

  /// Takes in what came; whoever has its answer whole is idle.
  private void turn(long milliseconds) throws IOException {
    if (milliseconds == 0) {
      selector.selectNow();
    } else {
      selector.select(milliseconds);
    }
    for (var key : selector.selectedKeys()) {
      var connection = (Connection) key.attachment();
      if (key.isValid() && (key.readyOps() & SelectionKey.OP_WRITE) != 0) {
        connection.writable(key);
      }
      if (key.isValid() && key.isReadable() && connection.read(in, selector)) {
        idle.add(connection);
      }
    }
    selector.selectedKeys().clear();
  }

  private boolean finish(Connection connection, long now, Histogram latencies) throws IOException {
    inFlight--;
    boolean whole = talk.answered(connection);
    if (whole) {
      latencies.recordValue(Math.max(0, now - connection.since));
    }
    if (connection.response.isClosing()) {
      connection.renew(selector);
    } else {
      connection.response.clear();
    }
    return whole;
  }

  private void requirePatience(long now, long end) throws BenchFailure {
    if (now - end > PATIENCE) {
      throw new BenchFailure(
          "%d of %d requests were not answered within %d s"
              .formatted(inFlight, connections.size(), PATIENCE / 1_000_000_000));
    }
  }

  @Override
  public void close() throws IOException {
    for (var connection : connections) {
      connection.close();
    }
    selector.close();
  }
}
