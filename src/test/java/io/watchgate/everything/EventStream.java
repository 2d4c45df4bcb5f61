package io.watchgate.everything;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import tools.jackson.databind.node.ObjectNode;

/// Server-sent events that outlive the connection they are sent on. One connection reads at a time,
/// the newest; it can start after any event of the last 1000.
final class EventStream implements Outbox {
  private static final int KEPT_EVENTS = 1000;
  private static final int KEEP_ALIVE_SECONDS = 15;
  private static final int PATIENCE_SECONDS = 10;
  private static final int RETRY_MILLIS = 500;

  private final String name;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Deque<Event> events = new ArrayDeque<>();
  private int lastNumber;
  private int delivered;
  private int reader;
  private boolean isCut;
  private boolean isFinished;

  private record Event(int number, String data) {}

  EventStream(String name) {
    this.name = name;
  }

  @Override
  public void send(ObjectNode message) {
    lock.lock();
    try {
      events.add(new Event(++lastNumber, Tree.write(message)));
      if (events.size() > KEPT_EVENTS) {
        events.removeFirst();
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// Says that nothing follows.
  void finish() {
    lock.lock();
    try {
      isFinished = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// Closes the connection that reads, and waits for another.
  void cut() throws InterruptedException {
    lock.lock();
    try {
      int before = reader;
      isCut = true;
      changed.signalAll();
      long left = TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
      while (reader == before && !isFinished && left > 0) {
        left = changed.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }

  /// Writes the event that tells a client how to come back.
  void prime(OutputStream out) throws IOException {
    write(out, "id: %s-0\nretry: %d\ndata: \n\n".formatted(name, RETRY_MILLIS));
  }

  /// Makes a connection the reader of what no connection has got yet.
  ///
  /// @return the number of the reader, for [#deliver]
  int attach() {
    lock.lock();
    try {
      return attachAfter(delivered);
    } finally {
      lock.unlock();
    }
  }

  /// Makes a connection the reader of all that follows an event.
  int attachAfter(int number) {
    lock.lock();
    try {
      delivered = number;
      isCut = false;
      reader++;
      changed.signalAll();
      return reader;
    } finally {
      lock.unlock();
    }
  }

  /// Writes events until the stream is finished or cut, or until another connection takes over.
  void deliver(OutputStream out, int me) throws IOException, InterruptedException {
    for (String next = next(me); !next.isEmpty(); next = next(me)) {
      write(out, next);
    }
  }

  /// The next event as text, a comment when there was none for long, or nothing at the end.
  private String next(int me) throws InterruptedException {
    lock.lock();
    try {
      long left = TimeUnit.SECONDS.toNanos(KEEP_ALIVE_SECONDS);
      while (reader == me && !isCut && delivered >= lastNumber && !isFinished && left > 0) {
        left = changed.awaitNanos(left);
      }
      if (reader != me || isCut) {
        return "";
      }
      if (delivered >= lastNumber) {
        return isFinished ? "" : ": keep-alive\n\n";
      }
      int after = delivered;
      var event = events.stream().filter(one -> one.number() > after).findFirst().orElseThrow();
      delivered = event.number();
      return "event: message\nid: %s-%d\ndata: %s\n\n"
          .formatted(name, event.number(), event.data());
    } finally {
      lock.unlock();
    }
  }

  private static void write(OutputStream out, String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.UTF_8));
    out.flush();
  }
}
