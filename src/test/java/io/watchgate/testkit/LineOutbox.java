package io.watchgate.testkit;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/// Messages as lines on one stream, one writer at a time.
final class LineOutbox implements Outbox {
  private static final List<String> GARBAGE =
      List.of("Server starting ...", "", "{\"jsonrpc\":\"2.0\",", "[1,", "\ufffd npm WARN old");
  private static final int PIECES = 16;

  private final ReentrantLock lock = new ReentrantLock();
  private final OutputStream out;
  private final boolean garbage;
  private int written;

  LineOutbox(OutputStream out, boolean garbage) {
    this.out = out;
    this.garbage = garbage;
  }

  @Override
  public void send(String message) {
    line(message.getBytes(StandardCharsets.UTF_8), 1);
  }

  @Override
  public void answer(String message) {
    send(message);
  }

  @Override
  public void answerInPieces(String message) {
    line(message.getBytes(StandardCharsets.UTF_8), PIECES);
  }

  @Override
  public void raw(byte[] bytes) {
    line(bytes, 1);
  }

  private void line(byte[] message, int pieces) {
    lock.lock();
    try {
      if (garbage) {
        String noise = GARBAGE.get(written++ % GARBAGE.size()) + "\n";
        out.write(noise.getBytes(StandardCharsets.UTF_8));
      }
      writeInPieces(out, terminated(message), pieces);
    } catch (IOException e) {
      throw new UncheckedIOException("the reader of the fixture's messages is gone", e);
    } finally {
      lock.unlock();
    }
  }

  private static byte[] terminated(byte[] message) {
    byte[] line = Arrays.copyOf(message, message.length + 1);
    line[message.length] = '\n';
    return line;
  }

  /// Writes bytes in pieces, 2 ms apart when there is more than one.
  static void writeInPieces(OutputStream out, byte[] bytes, int pieces) throws IOException {
    int size = Math.max(1, (bytes.length + pieces - 1) / pieces);
    for (int from = 0; from < bytes.length; from += size) {
      if (from > 0) {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
      }
      out.write(bytes, from, Math.min(size, bytes.length - from));
      out.flush();
    }
  }
}
