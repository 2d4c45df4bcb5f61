package io.watchgate.upstream;

import io.watchgate.flow.Deadline;
import io.watchgate.flow.Time;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// HTTP+SSE (specification 2024-11-05, transports): one stream brings everything from the server,
/// its first event says where messages are posted. The end of the stream is the end of the session.
final class SseTransport implements Transport {
  private static final Duration SHORT = Duration.ofSeconds(5);
  private static final int MAX_ERROR_BYTES = 1024;

  private final RemoteEndpoint endpoint;
  private final Duration patience;
  private final int maxBytes;
  private final CompletableFuture<URI> postUrl = new CompletableFuture<>();
  private volatile @Nullable Thread reader;
  private volatile boolean closed;

  /// @param patience longest wait for the answer to a POST
  SseTransport(RemoteEndpoint endpoint, Duration patience, int maxBytes) {
    this.endpoint = endpoint;
    this.patience = patience;
    this.maxBytes = maxBytes;
  }

  @Override
  public void open(Receiver receiver, Deadline deadline) throws IOException, InterruptedException {
    var exchange = endpoint.stream(Map.of(), null, deadline);
    try {
      requireEvents(exchange, deadline);
    } catch (IOException | InterruptedException e) {
      exchange.close();
      throw e;
    }
    reader = Thread.ofVirtual().name("events of " + endpoint).start(() -> read(exchange, receiver));
    awaitPostUrl(deadline);
  }

  private static void requireEvents(HttpExchange exchange, Deadline deadline)
      throws IOException, InterruptedException {
    int status = exchange.awaitStatus(deadline::remainingNanos);
    if (status != 200 || !exchange.isOfType(RemoteEndpoint.EVENTS)) {
      var type = exchange.header("Content-Type").orElse("no type");
      throw new IOException(
          "HTTP status %d with %s in place of a stream of events: %s"
              .formatted(status, type, excerpt(exchange)));
    }
  }

  private static String excerpt(HttpExchange exchange) throws InterruptedException {
    return HttpExchange.excerpt(
        exchange.readStart(MAX_ERROR_BYTES, Deadline.after(SHORT, Time.REAL)));
  }

  private void awaitPostUrl(Deadline deadline) throws IOException, InterruptedException {
    try {
      URI _ = postUrl.get(deadline.remainingNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException _) {
      throw NotSent.tooLate("the server does not say in time where messages are posted", null);
    } catch (ExecutionException e) {
      throw new IOException(Objects.requireNonNull(e.getCause()).getMessage(), e);
    }
  }

  private void read(HttpExchange exchange, Receiver receiver) {
    var cause = "the server ended the stream of events";
    try (exchange) {
      var events = new ServerSentEvents(maxBytes, (type, data) -> event(type, data, receiver));
      exchange.feed(events, Deadline.NEVER::remainingNanos, () -> false);
    } catch (IOException broken) {
      cause = "the stream of events broke off: " + broken.getMessage();
    } catch (InterruptedException _) {
      cause = "closed";
    }
    closed = true;
    postUrl.completeExceptionally(new IOException(cause));
    receiver.closed(cause);
  }

  private void event(String type, byte[] data, Receiver receiver) throws IOException {
    if (type.equals("endpoint")) {
      postUrl.complete(endpoint.resolve(new String(data, StandardCharsets.UTF_8).strip()));
    } else if (type.equals("message")) {
      receiver.received(data, null);
    }
  }

  @Override
  public void send(byte[] message, @Nullable Pending pending)
      throws IOException, SessionGone, InterruptedException {
    if (closed) {
      throw new SessionGone("the stream of events is over");
    }
    var deadline = Deadline.after(patience, Time.REAL);
    boolean repeatable = pending == null || pending.isRepeatable();
    var url = postUrl.resultNow();
    var headers = pending == null ? Map.<String, String>of() : pending.headers();
    var head = endpoint.posting(url, headers);
    try (var exchange = endpoint.post(head, message, repeatable, deadline)) {
      int status = exchange.awaitStatus(deadline::remainingNanos);
      if (status == 404) {
        throw new SessionGone("the server does not know the session any more");
      }
      if (status >= 300) {
        var why = "HTTP status " + status + ": " + excerpt(exchange);
        throw status >= 500 ? new IOException(why) : new Unusable(why);
      }
    }
  }

  @Override
  public void agreed(String protocolVersion) {}

  @Override
  public void listen() {}

  @Override
  public void close() {
    closed = true;
    var stream = reader;
    if (stream != null) {
      stream.interrupt();
    }
  }
}
