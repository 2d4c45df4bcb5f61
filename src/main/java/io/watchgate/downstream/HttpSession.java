package io.watchgate.downstream;

import io.watchgate.flow.Handler;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// A client's conversation over HTTP with what lives between its requests: who may use it, the
/// streams it opened for what belongs to no call, and what waits for such a stream.
final class HttpSession implements Outlet {
  private static final int MAX_WAITING = 100;
  private static final int MAX_STREAMS = 16;

  private final String principal;
  private final String endpoint;
  private final ClientSession client;
  private final Inbox inbox;
  private final Deque<EventStream> streams = new ArrayDeque<>();
  private final Deque<byte[]> waiting = new ArrayDeque<>();
  private boolean closed;
  private volatile long usedNanos = System.nanoTime();

  /// @param endpoint the path that the session was opened on, and is bound to
  HttpSession(
      String id, String principal, String endpoint, Handler handler, HttpListener.Terms terms) {
    this.principal = principal;
    this.endpoint = endpoint;
    this.client = new ClientSession(id, handler, this, terms.self(), terms.patience());
    this.inbox = new Inbox(client, terms.limits());
  }

  ClientSession client() {
    return client;
  }

  Inbox inbox() {
    return inbox;
  }

  boolean isUsableBy(String who, String where) {
    return principal.equals(who) && endpoint.equals(where);
  }

  void used() {
    usedNanos = System.nanoTime();
  }

  synchronized boolean isAbandoned(Duration idle) {
    return streams.isEmpty() && client.isIdle() && System.nanoTime() - usedNanos > idle.toNanos();
  }

  /// Sends on the newest open stream; keeps a little for the next one while there is none.
  @Override
  public synchronized boolean send(byte[] message) {
    if (closed) {
      return false;
    }
    for (var stream : List.copyOf(streams)) { // a stream that is cut here leaves the list
      if (stream.send(message)) {
        return true;
      }
    }
    if (waiting.size() == MAX_WAITING) {
      return false;
    }
    return waiting.add(message);
  }

  /// Opens a stream for the client; empty when it has too many, or the session has just ended.
  synchronized Optional<EventStream> attach(Supplier<EventStream> opening) {
    if (closed || streams.size() == MAX_STREAMS) {
      return Optional.empty();
    }
    var stream = opening.get();
    streams.addFirst(stream);
    while (!waiting.isEmpty() && stream.send(waiting.peek())) {
      waiting.remove();
    }
    return Optional.of(stream);
  }

  synchronized void detach(EventStream stream) {
    streams.remove(stream);
    used();
  }

  void close() {
    client.close();
    synchronized (this) {
      closed = true;
      streams.forEach(stream -> stream.end(null));
      streams.clear();
    }
  }
}
