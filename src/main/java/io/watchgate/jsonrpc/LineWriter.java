package io.watchgate.jsonrpc;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Writes messages as lines, on a thread of its own: whoever hands a message over waits for room in
/// a bounded queue, never for the pipe. Safe for any number of threads.
public final class LineWriter implements AutoCloseable {
  private static final int MAX_QUEUED_BYTES = 16 << 20;

  private final OutputStream out;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final ArrayDeque<byte[]> queue = new ArrayDeque<>();
  private final Thread thread;
  private long queuedBytes;
  private boolean writing;
  private boolean closing;
  private @Nullable IOException failure;

  public LineWriter(String name, OutputStream out) {
    this.out = new BufferedOutputStream(out, 64 * 1024);
    this.thread = Thread.ofPlatform().name(name).daemon().start(this::run);
  }

  /// Hands a message over, waiting while the queue is full.
  ///
  /// @param nanos longest wait
  /// @throws IOException when the stream is closed or broken, or the wait was too long
  public void write(byte[] message, long nanos) throws IOException, InterruptedException {
    long left = nanos;
    lock.lockInterruptibly();
    try {
      while (failure == null && !closing && !hasRoom(message)) {
        if (left <= 0) {
          throw new IOException("the reader does not read: " + queuedBytes + " bytes wait for it");
        }
        left = changed.awaitNanos(left);
      }
      add(message);
    } finally {
      lock.unlock();
    }
  }

  /// Hands a message over if there is room right now.
  public boolean offer(byte[] message) {
    lock.lock();
    try {
      if (failure != null || closing || !hasRoom(message)) {
        return false;
      }
      add(message);
      return true;
    } catch (IOException _) {
      return false;
    } finally {
      lock.unlock();
    }
  }

  /// Writes what is queued, within the time, and closes the stream.
  public void close(long nanos) {
    lock.lock();
    try {
      closing = true;
      changed.signalAll();
      long left = nanos;
      while (failure == null && (writing || !queue.isEmpty()) && left > 0) {
        left = changed.awaitNanos(left);
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
      thread.interrupt();
    }
  }

  @Override
  public void close() {
    close(0);
  }

  private boolean hasRoom(byte[] message) {
    return queue.isEmpty() || queuedBytes + message.length <= MAX_QUEUED_BYTES;
  }

  private void add(byte[] message) throws IOException {
    if (failure != null) {
      throw new IOException(failure.getMessage(), failure);
    }
    if (closing) {
      throw new IOException("stream closed");
    }
    queue.add(message);
    queuedBytes += message.length;
    changed.signalAll();
  }

  private void run() {
    try (out) {
      for (var message = take(); message != null; message = take()) {
        out.write(oneLine(message));
        out.write('\n');
        written(message);
      }
    } catch (IOException | UncheckedIOException broken) {
      fail(new IOException("stream closed by the reader: " + broken.getMessage(), broken));
    } catch (InterruptedException _) {
      fail(new IOException("stream closed"));
    }
  }

  private byte @Nullable [] take() throws IOException, InterruptedException {
    if (isIdle()) {
      out.flush();
      markIdle();
    }
    lock.lockInterruptibly();
    try {
      while (queue.isEmpty() && !closing) {
        changed.await();
      }
      writing = !queue.isEmpty();
      return queue.poll();
    } finally {
      lock.unlock();
    }
  }

  private boolean isIdle() {
    lock.lock();
    try {
      return queue.isEmpty();
    } finally {
      lock.unlock();
    }
  }

  private void markIdle() {
    lock.lock();
    try {
      writing = false;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void written(byte[] message) {
    lock.lock();
    try {
      queuedBytes -= message.length;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void fail(IOException cause) {
    lock.lock();
    try {
      failure = cause;
      queue.clear();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// A line end can stand only between the tokens of JSON, where a space means the same.
  private static byte[] oneLine(byte[] message) {
    for (int i = 0; i < message.length; i++) {
      if (message[i] == '\n' || message[i] == '\r') {
        return withSpaces(message.clone(), i);
      }
    }
    return message;
  }

  private static byte[] withSpaces(byte[] message, int from) {
    for (int i = from; i < message.length; i++) {
      if (message[i] == '\n' || message[i] == '\r') {
        message[i] = ' ';
      }
    }
    return message;
  }
}
