package io.watchgate.testkit;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.locks.ReentrantLock;

/// Messages as events on the stream that answers one POST.
final class EventOutbox implements Outbox {
  private static final int PIECES = 16;

  private final ReentrantLock lock = new ReentrantLock();
  private final OutputStream out;

  EventOutbox(OutputStream out) {
    this.out = out;
  }

  @Override
  public void send(String message) {
    write(event(message.getBytes(StandardCharsets.UTF_8)), 1);
  }

  @Override
  public void answer(String message) {
    send(message);
  }

  @Override
  public void answerInPieces(String message) {
    write(event(message.getBytes(StandardCharsets.UTF_8)), PIECES);
  }

  @Override
  public void raw(byte[] bytes) {
    write(event(bytes), 1);
  }

  /// An event with an id and no data, which tells the client only that the stream is open.
  void prime() {
    write("id: 1\nretry: 1000\ndata: \n\n".getBytes(StandardCharsets.UTF_8), 1);
  }

  static byte[] event(byte[] data) {
    return event("message", data);
  }

  static byte[] event(String type, byte[] data) {
    byte[] head = ("event: " + type + "\ndata: ").getBytes(StandardCharsets.UTF_8);
    var event = new ByteArrayOutputStream();
    event.writeBytes(head);
    event.writeBytes(data);
    event.writeBytes(new byte[] {'\n', '\n'});
    return event.toByteArray();
  }

  private void write(byte[] bytes, int pieces) {
    lock.lock();
    try {
      LineOutbox.writeInPieces(out, bytes, pieces);
    } catch (IOException e) {
      throw new UncheckedIOException("the client closed the stream of its POST", e);
    } finally {
      lock.unlock();
    }
  }
}
