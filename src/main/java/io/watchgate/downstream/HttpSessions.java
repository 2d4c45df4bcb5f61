package io.watchgate.downstream;

import io.watchgate.flow.Handler;
import io.watchgate.flow.Refusals.Kind;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// The open sessions of HTTP clients. A client names its session by an id that is sealed and
/// carries what the session is made of, so that one that is not known any more, because the gateway
/// was started again or nobody used it, is taken up. Bounded: an abandoned session makes room.
final class HttpSessions {
  private static final int MAX_SESSIONS = 10_000;
  private static final int MAX_ENDED = 100_000;
  private static final Duration MAX_IDLE = Duration.ofMinutes(30);
  private static final int KEY_BYTES = 24;

  private final Terms terms;
  private final SecureRandom random = new SecureRandom();
  private final Map<String, HttpSession> sessions = new ConcurrentHashMap<>();
  private final Map<String, Named> named = new ConcurrentHashMap<>();
  private final Set<String> ended = Collections.synchronizedSet(newest(MAX_ENDED));
  private volatile boolean stopping;

  HttpSessions(Terms terms) {
    this.terms = terms;
  }

  /// A session that is known by an id which was opened before, and for whom and where that was.
  private record Named(HttpSession session, String principal, String endpoint) {}

  /// There is no place for one more session.
  static final class NoRoom extends Exception {
    private static final long serialVersionUID = 1L;

    NoRoom() {
      super(null, null, false, false);
    }
  }

  private static Set<String> newest(int count) {
    return Collections.newSetFromMap(
        new LinkedHashMap<>() {
          private static final long serialVersionUID = 1L;

          @Override
          protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
            return size() > count;
          }
        });
  }

  /// Makes a session, which is found once it is kept.
  HttpSession open(String principal, Handler handler) {
    var session = new HttpSession(newKey(), principal, handler, terms);
    stopIfLate(session);
    return session;
  }

  /// Whoever comes before the end is in the map when that stops all, or sees that it has begun.
  private void stopIfLate(HttpSession session) {
    if (stopping) {
      session.client().stop();
    }
  }

  /// Has no session take requests any more.
  void stop() {
    stopping = true;
    clients().forEach(ClientSession::stop);
  }

  /// A key that nobody can guess.
  String newKey() {
    var bytes = new byte[KEY_BYTES];
    random.nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  /// Keeps a session whose handshake succeeded.
  ///
  /// @return the id under which the client names it
  String keep(HttpSession session, String endpoint) throws NoRoom {
    makeRoom();
    var client = session.client();
    sessions.put(client.key(), session);
    stopIfLate(session);
    var id =
        SessionTicket.of(client, terms.clock().instant())
            .seal(terms.seal(), client.principal(), endpoint);
    name(id, new Named(session, client.principal(), endpoint));
    return id;
  }

  /// Has the session found by its id without opening that again, as long as it is kept.
  private void name(String id, Named one) {
    one.session.namedBy(id);
    named.put(id, one);
    if (!sessions.containsKey(one.session.client().key())) {
      named.remove(id, one); // it ended meanwhile
    }
  }

  private void makeRoom() throws NoRoom {
    if (sessions.size() >= MAX_SESSIONS && sweep() == 0) {
      throw new NoRoom();
    }
  }

  /// The session that an id names, taken up when it is not known any more; empty when the id is
  /// none of the principal's for the endpoint, too old, or was ended by its client.
  Optional<HttpSession> find(String id, String principal, String endpoint, Handler handler)
      throws NoRoom, InterruptedException {
    var known = named.get(id);
    var session =
        known != null && known.principal.equals(principal) && known.endpoint.equals(endpoint)
            ? Optional.of(known.session)
            : open(id, principal, endpoint, handler);
    if (session.isPresent() && !session.get().isReady()) {
      end(session.get());
      throw new NoRoom();
    }
    return session;
  }

  private Optional<HttpSession> open(String id, String principal, String endpoint, Handler handler)
      throws NoRoom {
    var ticket = SessionTicket.open(terms.seal(), id, principal, endpoint);
    if (ticket.isEmpty()) {
      refused("it was not made here, or for another client or path");
      return Optional.empty();
    }
    var known = sessions.get(ticket.get().key());
    var session = known == null ? takeUp(ticket.get(), principal, handler) : Optional.of(known);
    session.ifPresent(found -> name(id, new Named(found, principal, endpoint)));
    return session;
  }

  private Optional<HttpSession> takeUp(SessionTicket ticket, String principal, Handler handler)
      throws NoRoom {
    if (!ticket.isGoodAt(terms.clock().instant())) {
      refused("it is too old, or the client's capabilities did not fit into it");
      return Optional.empty();
    }
    makeRoom();
    var session =
        sessions.compute(
            ticket.key(),
            (key, known) ->
                known != null || ended.contains(key)
                    ? known
                    : new HttpSession(ticket, principal, handler, terms));
    if (session == null) {
      refused("its client ended it");
    } else {
      stopIfLate(session);
    }
    return Optional.ofNullable(session);
  }

  private void refused(String why) {
    terms.refusals().add(Kind.SESSION_ID, why);
  }

  /// Ends a session for good, because its client says so; false when there is none.
  boolean end(String id, String principal, String endpoint) {
    var ticket = SessionTicket.open(terms.seal(), id, principal, endpoint);
    if (ticket.isEmpty() || !ended.add(ticket.get().key())) {
      refused("nothing can be ended by it");
      return false;
    }
    var session = sessions.get(ticket.get().key());
    if (session != null) {
      end(session);
    }
    return true;
  }

  private void end(HttpSession session) {
    sessions.remove(session.client().key(), session);
    session.id().ifPresent(named::remove);
    session.close();
  }

  /// Ends the sessions whose clients are gone without a word; returns how many.
  int sweep() {
    var abandoned =
        sessions.values().stream().filter(session -> session.isAbandoned(MAX_IDLE)).toList();
    abandoned.forEach(this::end);
    return abandoned.size();
  }

  /// Ends the sessions of those who are not known any more.
  void endUnless(Predicate<String> known) {
    sessions.values().stream()
        .filter(session -> !known.test(session.client().principal()))
        .forEach(this::end);
  }

  int count() {
    return sessions.size();
  }

  Stream<ClientSession> clients() {
    return sessions.values().stream().map(HttpSession::client);
  }

  void closeAll() {
    sessions.values().forEach(this::end);
  }
}
