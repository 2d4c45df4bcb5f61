package io.watchgate.everything;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.locks.ReentrantLock;
import tools.jackson.databind.node.ObjectNode;

/// The response to one stateless request: JSON with a status if the answer is all there is, else
/// events.
final class ResponseStream implements Outbox {
  private final ReentrantLock lock = new ReentrantLock();
  private final HttpExchange exchange;
  private boolean isOpen;

  ResponseStream(HttpExchange exchange) {
    this.exchange = exchange;
  }

  @Override
  public void send(ObjectNode message) {
    lock.lock();
    try {
      write("event: message\ndata: " + Tree.write(message) + "\n\n");
    } catch (IOException e) {
      throw new UncheckedIOException("the client has left", e);
    } finally {
      lock.unlock();
    }
  }

  /// Sends the answer; its status is lost if the stream is open already.
  void answer(ObjectNode message, int status) throws IOException {
    lock.lock();
    try {
      if (isOpen) {
        write("event: message\ndata: " + Tree.write(message) + "\n\n");
      } else {
        HttpServing.respond(exchange, status, message);
      }
    } finally {
      lock.unlock();
    }
  }

  /// Opens the stream if need be, and finds out whether the client is still there.
  void keepAlive() throws IOException {
    lock.lock();
    try {
      write(": keep-alive\n\n");
    } finally {
      lock.unlock();
    }
  }

  private void write(String text) throws IOException {
    if (!isOpen) {
      isOpen = true;
      HttpServing.startEvents(exchange);
    }
    exchange.getResponseBody().write(text.getBytes(StandardCharsets.UTF_8));
    exchange.getResponseBody().flush();
  }
}
