package io.watchgate.demo;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import tools.jackson.databind.node.ObjectNode;

/// The answer to one POST. It is plain JSON when the first message is the answer, and an event
/// stream from the first notification on. Only the thread of the request uses it.
final class HttpReply implements Consumer<ObjectNode> {
  private final HttpExchange exchange;
  private boolean streaming;
  private boolean answered;

  HttpReply(HttpExchange exchange) {
    this.exchange = exchange;
  }

  @Override
  public void accept(ObjectNode message) {
    try {
      boolean isAnswer = !message.has("method");
      if (isAnswer && !streaming) {
        json(exchange, 200, message);
      } else {
        stream(message);
      }
      answered |= isAnswer;
    } catch (IOException e) {
      throw new UncheckedIOException("the client left before its answer was written", e);
    }
  }

  private void stream(ObjectNode message) throws IOException {
    startStream();
    String event = "event: message\ndata: " + Json.write(message) + "\n\n";
    OutputStream body = exchange.getResponseBody();
    body.write(event.getBytes(StandardCharsets.UTF_8));
    body.flush();
  }

  private void startStream() throws IOException {
    if (!streaming) {
      streaming = true;
      exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
      exchange.getResponseHeaders().set("Cache-Control", "no-store");
      exchange.sendResponseHeaders(200, 0);
    }
  }

  /// Ends the stream. A call that was cancelled leaves an empty one.
  void finish() throws IOException {
    if (!answered) {
      startStream();
    }
    exchange.close();
  }

  static void json(HttpExchange exchange, int status, ObjectNode message) throws IOException {
    byte[] bytes = Json.write(message).getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
  }
}
