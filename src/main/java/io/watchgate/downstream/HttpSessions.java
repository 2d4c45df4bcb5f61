package io.watchgate.downstream;

import io.watchgate.flow.Handler;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/// The open sessions of HTTP clients, by the id that the gateway gave them. Bounded: an abandoned
/// session makes room for a new one.
final class HttpSessions {
  private static final int MAX_SESSIONS = 10_000;
  private static final Duration MAX_IDLE = Duration.ofMinutes(30);
  private static final int ID_BYTES = 24;

  private final HttpListener.Terms terms;
  private final SecureRandom random = new SecureRandom();
  private final Map<String, HttpSession> sessions = new ConcurrentHashMap<>();

  HttpSessions(HttpListener.Terms terms) {
    this.terms = terms;
  }

  /// A session and the id under which the client will name it.
  record Opened(String id, HttpSession session) {}

  /// Makes a session, which is found once it is kept.
  Opened open(String principal, String endpoint, Handler handler) {
    var id = newId();
    return new Opened(id, new HttpSession(id, principal, endpoint, handler, terms));
  }

  /// An id that nobody can guess.
  String newId() {
    var bytes = new byte[ID_BYTES];
    random.nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  /// Keeps a session whose handshake succeeded; false when there are too many.
  boolean keep(Opened opened) {
    if (sessions.size() >= MAX_SESSIONS && sweep() == 0) {
      return false;
    }
    sessions.put(opened.id(), opened.session());
    return true;
  }

  Optional<HttpSession> find(String id, String principal, String endpoint) {
    return Optional.ofNullable(sessions.get(id))
        .filter(session -> session.isUsableBy(principal, endpoint));
  }

  void end(String id) {
    var session = sessions.remove(id);
    if (session != null) {
      session.close();
    }
  }

  /// Ends the sessions whose clients are gone without a word; returns how many.
  int sweep() {
    int ended = 0;
    for (var entry : sessions.entrySet()) {
      if (entry.getValue().isAbandoned(MAX_IDLE)) {
        end(entry.getKey());
        ended++;
      }
    }
    return ended;
  }

  int count() {
    return sessions.size();
  }

  Stream<ClientSession> clients() {
    return sessions.values().stream().map(HttpSession::client);
  }

  void closeAll() {
    sessions.keySet().forEach(this::end);
  }
}
