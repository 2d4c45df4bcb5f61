package io.watchgate.testkit;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingDeque;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// Events that wait until the client opens a stream for them. The newest stream gets them.
final class QueueOutbox implements Outbox {
  private static final byte[] END = {};
  private static final byte[] COMMENT = ":\n\n".getBytes(StandardCharsets.UTF_8);
  private static final int BEAT_MILLIS = 200;

  private final CountDownLatch ended = new CountDownLatch(1);
  private final BlockingDeque<byte[]> events = new LinkedBlockingDeque<>(10_000);
  private final AtomicReference<@Nullable Thread> drainer = new AtomicReference<>();

  @Override
  public void send(String message) {
    raw(message.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public void answer(String message) {
    send(message);
  }

  @Override
  public void answerInPieces(String message) {
    send(message);
  }

  @Override
  public void raw(byte[] bytes) {
    events.add(EventOutbox.event(bytes));
  }

  /// Writes events until [#end], until the stream breaks, or until another stream takes over.
  void drain(OutputStream out) throws InterruptedException {
    Thread former = drainer.getAndSet(Thread.currentThread());
    if (former != null) {
      former.interrupt();
    }
    try {
      for (byte[] event = events.take(); event.length > 0; event = events.take()) {
        if (!isWritten(out, event)) {
          return;
        }
      }
    } finally {
      drainer.compareAndSet(Thread.currentThread(), null);
    }
  }

  /// An event that could not be written is kept for the next stream.
  private boolean isWritten(OutputStream out, byte[] event) {
    try {
      out.write(event);
      out.flush();
      return true;
    } catch (IOException e) {
      events.addFirst(event);
      return false;
    }
  }

  /// Adds comments to the stream until it has ended: who writes notices that the other is gone.
  void beat() {
    try {
      while (!ended.await(BEAT_MILLIS, TimeUnit.MILLISECONDS)) {
        events.add(COMMENT);
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  void end() {
    ended.countDown();
    events.add(END);
  }
}
