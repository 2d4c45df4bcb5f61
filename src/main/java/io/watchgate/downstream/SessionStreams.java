package io.watchgate.downstream;

import io.watchgate.flow.Time;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The streams of one session: those that GET opens for what belongs to no call, and those that
/// answer calls. Every message goes out on one of them. A stream that lost its connection waits
/// some time for its client to come back (specification, resumability). Safe for any number of
/// threads.
///
/// | a stream is | from | to |
/// |---|---|---|
/// | connected | its first response, or the next one | lost, ended |
/// | lost | its connection broke | connected, ended, forgotten when nobody comes for it |
/// | ended | its last event | forgotten some time later, or when its last event made room |
final class SessionStreams implements Outlet {
  private static final Logger log = LoggerFactory.getLogger(SessionStreams.class);

  private static final int MAX_WAITING = 100;
  private static final int MAX_LISTENING = 16;
  private static final int MAX_KNOWN = 1000;

  /// Streams are numbered from anywhere: a session that is rebuilt knows none of those before.
  private static final long NUMBERS = 1L << 40;

  private final String session;
  private final BooleanSupplier primed;
  private final Time time;
  private final Map<Long, SessionStream> known = new HashMap<>();
  private final Deque<SessionStream> listening = new ArrayDeque<>();
  private final Deque<byte[]> waiting = new ArrayDeque<>();
  private final Deque<Long> unanswered = new ArrayDeque<>();
  private final ReplayBuffer buffer = new ReplayBuffer();
  private long lastNumber = ThreadLocalRandom.current().nextLong(NUMBERS);
  private long listenedNanos;
  private boolean closed;

  /// @param key the session's
  /// @param primed whether the client knows priming events
  SessionStreams(String key, BooleanSupplier primed, Time time) {
    this.session = EventId.session(key);
    this.primed = primed;
    this.time = time;
    this.listenedNanos = time.nanos();
  }

  /// Whether a stream may be opened before there is anything to say on it.
  boolean arePrimed() {
    return primed.getAsBoolean();
  }

  /// Whether the client has listened for nothing that belongs to no call for some time.
  synchronized boolean areSilentFor(Duration patience) {
    return listening.isEmpty() && time.nanos() - listenedNanos > patience.toNanos();
  }

  /// Sends what belongs to no call, on the newest stream that is connected; keeps a little for the
  /// next one while there is none.
  @Override
  public synchronized boolean send(byte[] message) {
    if (closed) {
      return false;
    }
    for (var stream : List.copyOf(listening)) {
      if (deliver(stream, message)) {
        return true;
      }
    }
    return waiting.size() < MAX_WAITING && waiting.add(message);
  }

  /// Only what was written belongs to the stream: the rest may go on another one.
  private boolean deliver(SessionStream stream, byte[] message) {
    var event = Event.message(stream.next(), message);
    if (!stream.response().send(event)) {
      return false;
    }
    keep(stream, event);
    return true;
  }

  private void keep(SessionStream stream, Event event) {
    stream.advance();
    buffer.add(
        stream,
        event,
        dropped -> {
          var of = dropped.stream();
          if (of.isEnded() && dropped.position() == of.newest().position()) {
            known.remove(of.number());
          }
        });
  }

  /// Opens a stream for what belongs to no call; empty when there are too many, or the session has
  /// just ended.
  synchronized Optional<SessionStream> listen(Supplier<EventStream> opening) {
    if (closed || listening.size() >= MAX_LISTENING || known.size() >= MAX_KNOWN) {
      return Optional.empty();
    }
    var stream = begin(false, opening.get(), Optional.empty(), () -> {});
    attach(stream);
    return Optional.of(stream);
  }

  private SessionStream begin(
      boolean ofCall, EventStream response, Optional<Duration> retry, Runnable abandon) {
    var start = new EventId(session, ofCall, ++lastNumber, 0);
    var stream = new SessionStream(start, response, abandon);
    known.put(stream.number(), stream);
    if (arePrimed()) {
      boolean _ = response.send(Event.priming(start, retry));
    }
    return stream;
  }

  private void attach(SessionStream stream) {
    listening.remove(stream);
    listening.addFirst(stream);
    while (!waiting.isEmpty() && deliver(stream, waiting.peek())) {
      waiting.remove();
    }
  }

  /// Opens the stream that answers a call; empty when the session has ended.
  ///
  /// @param retry when a client is to come back that lost the stream, empty when it may decide
  /// @param abandon ends the call, when nobody comes back for its answer
  synchronized Optional<SessionStream> answer(
      EventStream response, Optional<Duration> retry, Runnable abandon) {
    return closed ? Optional.empty() : Optional.of(begin(true, response, retry, abandon));
  }

  /// Sends what belongs to a call; keeps it while the client is not there.
  synchronized boolean send(SessionStream stream, byte[] message) {
    if (!known.containsKey(stream.number()) || stream.isEnded()) {
      return false;
    }
    var event = Event.message(stream.next(), message);
    keep(stream, event);
    if (stream.isConnected()) {
      boolean _ = stream.response().send(event);
    }
    return true;
  }

  /// Ends the stream of a call with its answer.
  synchronized void finish(SessionStream stream, byte[] answer) {
    if (!known.containsKey(stream.number())) {
      return;
    }
    var event = Event.message(stream.next(), answer);
    stream.end();
    keep(stream, event);
    if (stream.isConnected()) {
      stream.response().end(event);
      stream.disconnect();
    }
    forgetLater(stream);
  }

  /// Ends the stream of a call that has no answer.
  synchronized void finish(SessionStream stream) {
    if (forget(stream)) {
      unanswered.addLast(stream.number());
      if (unanswered.size() > MAX_KNOWN) {
        unanswered.removeFirst();
      }
    }
    if (stream.isConnected()) {
      stream.response().end(null);
      stream.disconnect();
    }
  }

  /// Lets a stream go on in a new response after the last event that its client got. One of a
  /// session's that is not known any more cannot go on, but a stream of GET can begin anew.
  ///
  /// @return empty when the id is none of this session, or its stream is gone
  synchronized Optional<SessionStream> resume(String lastId, Supplier<EventStream> opening) {
    var last = EventId.parse(lastId).filter(id -> id.session().equals(session)).orElse(null);
    if (closed || last == null) {
      return Optional.empty();
    }
    var stream = known.get(last.stream());
    if (stream == null) {
      return last.ofCall() ? Optional.empty() : listen(opening);
    }
    if (stream.isOfCall() != last.ofCall() || last.position() > stream.newest().position()) {
      return Optional.empty();
    }
    if (!stream.isOfCall() && !stream.isConnected() && listening.size() >= MAX_LISTENING) {
      return Optional.empty();
    }
    goOn(stream, last, opening.get());
    return Optional.of(stream);
  }

  /// Whether a stream ended without an answer, because its call was cancelled.
  synchronized boolean isUnanswered(String lastId) {
    return EventId.parse(lastId)
        .filter(id -> id.session().equals(session) && unanswered.contains(id.stream()))
        .isPresent();
  }

  private void goOn(SessionStream stream, EventId last, EventStream response) {
    if (stream.isConnected()) {
      stream.response().close(); // the client knows better than we that it is dead
    }
    stream.connect(response);
    var missed = buffer.after(stream, last.position());
    if (missed.size() < stream.newest().position() - last.position()) {
      log.info("a client came back for more events than are kept: it gets the newest");
    }
    missed.forEach(event -> {
      boolean _ = response.send(event.event());
    });
    if (stream.isEnded()) {
      response.end(null);
      stream.disconnect();
      forgetLater(stream);
    } else if (!stream.isOfCall()) {
      attach(stream);
    }
  }

  /// The connection of a response broke: the stream waits for its client.
  synchronized void lost(SessionStream stream, EventStream response) {
    if (stream.response() == response && stream.isConnected()) {
      stream.disconnect();
      listening.remove(stream);
      listenedNanos = time.nanos();
      forgetLater(stream);
    }
  }

  private void forgetLater(SessionStream stream) {
    int responses = stream.responses();
    stream.response().afterAbsence(() -> forgetUnless(stream, responses));
  }

  private void forgetUnless(SessionStream stream, int responses) {
    synchronized (this) {
      if (stream.isConnected() || stream.responses() != responses || !forget(stream)) {
        return;
      }
    }
    if (!stream.isEnded()) {
      stream.abandon();
    }
  }

  private boolean forget(SessionStream stream) {
    buffer.forget(stream);
    return known.remove(stream.number(), stream);
  }

  synchronized void close() {
    closed = true;
    known.values().stream()
        .filter(SessionStream::isConnected)
        .forEach(stream -> stream.response().end(null));
    known.clear();
    listening.clear();
    waiting.clear();
    buffer.clear();
  }
}
