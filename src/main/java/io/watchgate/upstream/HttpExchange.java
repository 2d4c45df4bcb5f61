package io.watchgate.upstream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.watchgate.flow.Deadline;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// One HTTP request and its response, read by blocking: the event loop fills it, one thread takes.
/// What is not taken yet is bounded by back-pressure on the connection.
final class HttpExchange implements AutoCloseable {
  private static final int HIGH_WATER = 1 << 20;
  private static final int EXCERPT = 200;
  private static final int MAX_DIGITS = 9;

  /// The connection's side of an exchange.
  interface Connection {
    /// Wakes whoever waits on an exchange, by then at the latest.
    void wakeWithin(long nanos, HttpExchange waiting);

    void resumeReading();

    void pauseReading();

    /// Nobody reads the rest of this exchange.
    void abandon(HttpExchange left);

    /// The server must see at once that nobody reads the rest.
    void cut(HttpExchange left);
  }

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final ArrayDeque<byte[]> parts = new ArrayDeque<>();
  private @Nullable Connection connection;
  private int buffered;
  private boolean paused;
  private boolean left;
  private boolean overdue;
  private int status;
  private @Nullable HttpHeaders headers;
  private volatile byte @Nullable [] gathered;
  private int filled;
  private boolean ended;
  private @Nullable IOException failure;

  /// Takes the connection that carries the exchange from now on; false when nobody waits any more.
  boolean carriedBy(Connection carrier) {
    lock.lock();
    try {
      connection = carrier;
      return !left;
    } finally {
      lock.unlock();
    }
  }

  /// The head of the response came.
  void head(int code, HttpHeaders fields) {
    lock.lock();
    try {
      status = code;
      headers = fields;
      gathered = code < 300 && isOfType(RemoteEndpoint.JSON) ? room(fields) : null;
    } finally {
      lock.unlock();
    }
  }

  /// Where a body goes that is of use only as a whole, and says how long it is.
  private static byte @Nullable [] room(HttpHeaders fields) {
    var length = fields.get(HttpHeaderNames.CONTENT_LENGTH, "");
    boolean isShort = !length.isEmpty() && length.length() <= MAX_DIGITS;
    int bytes = isShort ? Integer.parseInt(length) : 0; // the decoder has seen to it that it is one
    return bytes > 0 && bytes <= HIGH_WATER ? new byte[bytes] : null;
  }

  /// A part of the body came.
  void body(ByteBuf part) {
    lock.lock();
    try {
      if (left) {
        return;
      }
      buffered += part.readableBytes();
      var whole = gathered;
      if (whole == null) {
        parts.add(ByteBufUtil.getBytes(part));
      } else {
        part.getBytes(part.readerIndex(), whole, filled, part.readableBytes());
        filled += part.readableBytes();
        if (filled == whole.length) {
          parts.add(whole);
        }
      }
      if (buffered > HIGH_WATER && !paused && connection != null) {
        paused = true;
        connection.pauseReading();
      }
    } finally {
      lock.unlock();
    }
  }

  /// All that was read at once is there: wakes whoever waits, but not for a part of what is of use
  /// only as a whole.
  void arrived() {
    if (gathered == null) {
      wake();
    }
  }

  /// Wakes whoever waits, to see what there is.
  void wake() {
    signal(() -> {});
  }

  void end() {
    signal(() -> ended = true);
  }

  void fail(IOException cause) {
    signal(() -> {
      if (!ended && failure == null) {
        failure = cause;
      }
    });
  }

  private void signal(Runnable change) {
    lock.lock();
    try {
      change.run();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// Waits for the head of the response.
  ///
  /// @return the status code
  /// @throws TimeOver when the time is over
  int awaitStatus(LongSupplier remainingNanos) throws IOException, InterruptedException {
    lock.lockInterruptibly();
    try {
      while (headers == null) {
        awaitChange(remainingNanos);
      }
      return status;
    } finally {
      lock.unlock();
    }
  }

  /// A field of the response's head.
  Optional<String> header(String name) {
    lock.lock();
    try {
      return Optional.ofNullable(headers).map(fields -> fields.get(name));
    } finally {
      lock.unlock();
    }
  }

  boolean isOfType(String contentType) {
    return header("Content-Type").orElse("").toLowerCase(Locale.ROOT).startsWith(contentType);
  }

  /// The next part of the body, or null at its end.
  ///
  /// @throws TimeOver when the time is over
  byte @Nullable [] next(LongSupplier remainingNanos) throws IOException, InterruptedException {
    lock.lockInterruptibly();
    try {
      while (parts.isEmpty() && !ended) {
        awaitChange(remainingNanos);
      }
      var part = parts.poll();
      buffered -= part == null ? 0 : part.length;
      if (paused && buffered < HIGH_WATER / 2 && connection != null) {
        paused = false;
        connection.resumeReading();
      }
      return part;
    } finally {
      lock.unlock();
    }
  }

  /// The whole body.
  ///
  /// @throws IOException also when it is larger than the limit
  byte[] readAll(int maxBytes, LongSupplier remainingNanos)
      throws IOException, InterruptedException {
    var all = new ArrayList<byte[]>();
    int length = 0;
    for (var part = next(remainingNanos); part != null; part = next(remainingNanos)) {
      if (part.length > maxBytes - length) {
        throw new Transport.Unusable("answer is larger than the limit of " + maxBytes + " bytes");
      }
      length += part.length;
      all.add(part);
    }
    return all.size() == 1 ? all.getFirst() : joined(all, length);
  }

  private static byte[] joined(List<byte[]> parts, int length) {
    var whole = new byte[length];
    int at = 0;
    for (var part : parts) {
      System.arraycopy(part, 0, whole, at, part.length);
      at += part.length;
    }
    return whole;
  }

  /// The beginning of the body of an error, as much as comes in time.
  byte[] readStart(int maxBytes, Deadline deadline) throws InterruptedException {
    var body = new ByteArrayOutputStream();
    try {
      var part = next(deadline::remainingNanos);
      while (part != null && body.size() < maxBytes) {
        body.write(part, 0, part.length);
        part = next(deadline::remainingNanos);
      }
    } catch (IOException _) {
      // what came until then says more than nothing
    }
    return body.toByteArray();
  }

  /// Hands the body to a reader of events until its end, or until there is enough.
  ///
  /// @throws Broken when the connection ends before the body
  void feed(ServerSentEvents events, LongSupplier remainingNanos, BooleanSupplier enough)
      throws IOException, InterruptedException {
    while (!enough.getAsBoolean()) {
      var part = next(remainingNanos);
      if (part == null) {
        return;
      }
      events.feed(part);
    }
  }

  /// The beginning of a body, in one line, for a message to a person.
  static String excerpt(byte[] body) {
    var start = new String(body, 0, Math.min(body.length, EXCERPT * 8), StandardCharsets.UTF_8);
    var text = start.replaceAll("[\\s\\p{Cntrl}]+", " ").strip();
    return text.length() <= EXCERPT ? text : text.substring(0, EXCERPT) + "…";
  }

  @SuppressWarnings("WaitNotInLoop") // every caller is the loop
  private void awaitChange(LongSupplier remainingNanos) throws IOException, InterruptedException {
    if (left) {
      throw new IOException("nobody waits for the answer any more");
    }
    if (failure != null) {
      throw new Broken(failure);
    }
    long remaining = remainingNanos.getAsLong();
    if (remaining <= 0) {
      overdue = true;
      throw new TimeOver();
    }
    Objects.requireNonNull(connection, "nobody carries it").wakeWithin(remaining, this);
    changed.await();
  }

  /// Leaves the exchange, from any thread; a connection whose response ends soon is used again, but
  /// one that kept somebody waiting in vain is not expected to be.
  @Override
  public void close() {
    leave();
  }

  /// The same, in the words of whoever ends another thread's wait.
  void leave() {
    leave((carrier, self) -> {
      if (overdue) {
        carrier.cut(self);
      } else {
        carrier.abandon(self);
      }
    });
  }

  /// Leaves the exchange by ending its connection, unless the response has ended: where that is how
  /// a request is cancelled.
  void cut() {
    leave(Connection::cut);
  }

  private void leave(BiConsumer<Connection, HttpExchange> how) {
    signal(() -> {
      if (!left) {
        left = true;
        parts.clear();
        if (!ended && failure == null && connection != null) {
          how.accept(connection, this);
        }
      }
    });
  }

  /// The connection did not carry the exchange to its end.
  static final class Broken extends IOException {
    Broken(IOException cause) {
      super(cause.getMessage(), cause);
    }
  }

  /// The time for an exchange is over.
  static final class TimeOver extends IOException {
    TimeOver() {
      super("no answer in time");
    }
  }
}
