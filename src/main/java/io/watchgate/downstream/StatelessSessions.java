package io.watchgate.downstream;

import io.watchgate.downstream.StatelessSession.Owner;
import io.watchgate.flow.Handler;
import io.watchgate.flow.Rejection;
import io.watchgate.flow.Rejection.Overloaded;
import io.watchgate.flow.Time;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/// The sessions of stateless requests. Bounded: when there are too many, the one that was not used
/// for the longest time makes room. Safe for any number of threads.
final class StatelessSessions {
  private static final int MAX_SESSIONS = 1000;
  private static final Duration MAX_IDLE = Duration.ofMinutes(5);
  private static final Duration RETRY_AFTER = Duration.ofSeconds(5);

  private final Time time;
  private final int maxSessions;
  private final Duration maxIdle;
  private final Map<Owner, Kept> sessions = new HashMap<>();
  private long serial;
  private boolean ended;

  StatelessSessions(Time time) {
    this(time, MAX_SESSIONS, MAX_IDLE);
  }

  /// @param maxIdle how long a session is kept that no request is in
  StatelessSessions(Time time, int maxSessions, Duration maxIdle) {
    this.time = time;
    this.maxSessions = maxSessions;
    this.maxIdle = maxIdle;
  }

  /// By which sessions age.
  Time time() {
    return time;
  }

  /// A session and the requests in it, which change under the lock of the registry.
  private static final class Kept {
    final StatelessSession session;
    int requests;
    long usedNanos;

    Kept(StatelessSession session) {
      this.session = session;
    }
  }

  /// The session for a request, which stays open at least until the request leaves it.
  ///
  /// @throws Rejection when there are too many sessions, all in use
  StatelessSession enter(Owner owner, Handler handler) {
    var superfluous = new ArrayList<StatelessSession>();
    try {
      return enter(owner, handler, superfluous);
    } finally {
      superfluous.forEach(StatelessSession::close);
    }
  }

  private synchronized StatelessSession enter(
      Owner owner, Handler handler, List<StatelessSession> superfluous) {
    var kept = sessions.get(owner);
    if (kept == null) {
      if (sessions.size() >= maxSessions) {
        superfluous.add(oldestIdle());
      }
      kept = new Kept(new StatelessSession("stateless-" + ++serial, owner, handler));
      sessions.put(owner, kept);
      if (ended) {
        kept.session.listens().endAll();
      }
    }
    kept.requests++;
    return kept.session;
  }

  private StatelessSession oldestIdle() {
    Kept oldest = null;
    for (var kept : sessions.values()) {
      if (kept.requests == 0 && (oldest == null || kept.usedNanos - oldest.usedNanos < 0)) {
        oldest = kept;
      }
    }
    if (oldest == null) {
      throw new Rejection(new Overloaded("", sessions.size(), maxSessions, RETRY_AFTER));
    }
    sessions.remove(oldest.session.owner());
    return oldest.session;
  }

  /// Ends a request's stay in its session.
  synchronized void leave(StatelessSession session) {
    var kept = sessions.get(session.owner());
    if (kept != null && kept.session == session) {
      kept.requests--;
      kept.usedNanos = time.nanos();
    }
  }

  /// Ends the sessions that nobody used for a while.
  void sweep() {
    forget(kept -> kept.requests == 0 && time.nanos() - kept.usedNanos > maxIdle.toNanos())
        .forEach(StatelessSession::close);
  }

  /// Ends the sessions of those who are not known any more, and their listens.
  void endUnless(Predicate<String> known) {
    forget(kept -> !known.test(kept.session.principal())).forEach(StatelessSession::close);
  }

  private synchronized List<StatelessSession> forget(Predicate<Kept> which) {
    var gone = sessions.values().stream().filter(which).map(kept -> kept.session).toList();
    gone.forEach(session -> sessions.remove(session.owner()));
    return gone;
  }

  /// Listens that are open now.
  synchronized int listens() {
    return sessions.values().stream().mapToInt(kept -> kept.session.listens().count()).sum();
  }

  /// Ends all listens with their answers, also those that are still to come.
  synchronized void endListens() {
    ended = true;
    sessions.values().forEach(kept -> kept.session.listens().endAll());
  }

  void closeAll() {
    forget(_ -> true).forEach(StatelessSession::close);
  }
}
