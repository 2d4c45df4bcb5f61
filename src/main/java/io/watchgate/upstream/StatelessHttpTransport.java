package io.watchgate.upstream;

import io.watchgate.flow.Deadline;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Streamable HTTP of 2026-07-28: every request is a POST that repeats in headers what it is, and
/// is answered by JSON or by a stream of events that ends with the answer. There is no session; who
/// no longer wants an answer hangs up.
final class StatelessHttpTransport implements Transport {
  private final RemoteEndpoint endpoint;
  private final Duration patience;
  private final int maxBytes;
  private @Nullable Receiver receiver;
  private volatile boolean agreed;
  private volatile boolean closed;

  /// @param patience longest wait for a connection
  StatelessHttpTransport(RemoteEndpoint endpoint, Duration patience, int maxBytes) {
    this.endpoint = endpoint;
    this.patience = patience;
    this.maxBytes = maxBytes;
  }

  @Override
  public void open(Receiver messages, Deadline deadline) {
    receiver = messages;
  }

  /// What wants no answer is not sent: the one thing that a client could say, that it cancels, is
  /// said by hanging up.
  @Override
  public void send(byte[] message, @Nullable Pending pending)
      throws IOException, SessionGone, InterruptedException {
    if (closed) {
      throw new SessionGone("the connection is closed");
    }
    if (pending != null) {
      ask(message, pending);
    }
  }

  private void ask(byte[] message, Pending pending)
      throws IOException, SessionGone, InterruptedException {
    var exchange =
        endpoint.post(
            endpoint.posting(endpoint.url(), pending.headers()),
            message,
            pending.isRepeatable(),
            pending.connectBy(patience));
    try {
      pending.onSettled(() -> part(exchange, pending));
      answer(exchange, pending);
    } catch (IOException e) {
      if (!pending.isSettled()) {
        throw e;
      }
    } finally {
      exchange.cut();
    }
  }

  /// A connection whose answer is there may be used again; of a call that was given up the server
  /// hears at once.
  private static void part(HttpExchange exchange, Pending pending) {
    if (pending.isFailed()) {
      exchange.cut();
    } else {
      exchange.leave();
    }
  }

  private void answer(HttpExchange exchange, Pending pending)
      throws IOException, SessionGone, InterruptedException {
    int status = exchange.awaitStatus(pending::remainingNanos);
    if (status >= 300) {
      refused(HttpRefusal.read(exchange, status), pending);
    } else if (exchange.isOfType(RemoteEndpoint.EVENTS)) {
      var events = new ServerSentEvents(maxBytes, (_, data) -> deliver(data, pending));
      exchange.feed(events, pending::remainingNanos, pending::isSettled);
    } else if (exchange.isOfType(RemoteEndpoint.JSON)) {
      deliver(exchange.readAll(maxBytes, pending::remainingNanos), pending);
    } else {
      throw new Unusable(HttpRefusal.wrongType(exchange, status));
    }
    if (!pending.isSettled()) {
      throw new IOException("the answer ended before the result");
    }
  }

  /// A status that is an error: the body says it in JSON-RPC, or the server is one of the other era
  /// by now, which says so in its own way. Before anything is agreed on, a status that tells
  /// nothing of what the server speaks counts more than the body.
  private void refused(HttpRefusal refusal, Pending pending) throws IOException, SessionGone {
    boolean foreign = refusal.isOfAnotherEra() && refusal.meaningfulError().isEmpty();
    boolean counts = agreed ? !foreign : refusal.isOfTheRequest();
    if (refusal.error().isPresent() && counts) {
      deliver(refusal.body(), pending);
    }
    if (pending.isSettled()) {
      return;
    }
    if (agreed && refusal.isOfAnotherEra()) {
      closed = true;
      receiver().expired(refusal.description());
      throw new SessionGone(refusal.description());
    }
    throw refusal.failure();
  }

  private void deliver(byte[] data, Pending pending) {
    if (data.length > 0) {
      receiver().received(data, pending);
    }
  }

  private Receiver receiver() {
    return Objects.requireNonNull(receiver, "not open");
  }

  @Override
  public void agreed(String protocolVersion) {
    agreed = true;
  }

  @Override
  public void listen() {}

  @Override
  public void close() {
    closed = true;
  }
}
