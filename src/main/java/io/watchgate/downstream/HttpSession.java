package io.watchgate.downstream;

import io.watchgate.flow.Handler;
import io.watchgate.flow.Time;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/// A client's conversation over HTTP with what lives between its requests.
final class HttpSession {
  private final ClientSession client;
  private final Inbox inbox;
  private final SessionStreams streams;
  private final FutureTask<Boolean> ready;
  private final Time time;
  private volatile long usedNanos;
  private volatile Optional<String> id = Optional.empty();

  /// A session that a handshake is about to open.
  HttpSession(String key, String principal, Handler handler, Terms terms) {
    this.streams =
        new SessionStreams(key, () -> client().version().hasPrimingEvents(), terms.time());
    this.client = new ClientSession(key, principal, handler, streams, terms);
    this.inbox = new Inbox(client, terms);
    this.ready = new FutureTask<>(() -> true);
    this.time = terms.time();
    this.usedNanos = time.nanos();
  }

  /// A session whose handshake was with a gateway that is no more.
  HttpSession(SessionTicket ticket, String principal, Handler handler, Terms terms) {
    this.streams =
        new SessionStreams(ticket.key(), ticket.version()::hasPrimingEvents, terms.time());
    this.client = new ClientSession(ticket.key(), principal, handler, streams, terms);
    this.inbox = new Inbox(client, terms);
    this.ready = new FutureTask<>(() -> client.takeUp(ticket));
    this.time = terms.time();
    this.usedNanos = time.nanos();
  }

  /// Notes the id by which its client names it.
  void namedBy(String own) {
    id = Optional.of(own);
  }

  /// The id by which its client names it, empty as long as nobody did.
  Optional<String> id() {
    return id;
  }

  ClientSession client() {
    return client;
  }

  Inbox inbox() {
    return inbox;
  }

  SessionStreams streams() {
    return streams;
  }

  /// Waits until the servers know the client, which the first request of a session sees to.
  boolean isReady() throws InterruptedException {
    ready.run();
    try {
      return ready.get();
    } catch (ExecutionException failure) {
      return false;
    }
  }

  void used() {
    usedNanos = time.nanos();
  }

  boolean isAbandoned(Duration idle) {
    return streams.areSilentFor(idle)
        && client.isIdle()
        && time.nanos() - usedNanos > idle.toNanos();
  }

  void close() {
    client.close();
    streams.close();
  }
}
