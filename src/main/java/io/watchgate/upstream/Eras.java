package io.watchgate.upstream;

import io.watchgate.flow.GatewayClient;
import io.watchgate.flow.Session;
import io.watchgate.mcp.Era;
import io.watchgate.upstream.UpstreamSettings.Remote;
import io.watchgate.upstream.UpstreamSettings.Target;
import io.watchgate.upstream.UpstreamSettings.Wire;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// What is known of the eras that a server speaks, learnt from how it answers. A server that speaks
/// both gets each client's own, so that nothing has to be translated. Safe for any number of
/// threads.
final class Eras {
  /// A server may be replaced by a newer one without ever failing: it is asked again after a day.
  private static final long HORIZON_NANOS = TimeUnit.HOURS.toNanos(24);

  private final boolean remote;
  private final boolean sessionsOnly;
  private final LongSupplier clock;
  private final Map<Era, Boolean> known = new ConcurrentHashMap<>();
  private final Map<Era, String> causes = new EnumMap<>(Era.class);
  private volatile long deniedNanos;
  private volatile @Nullable Era only;
  private volatile boolean withoutSessions;

  /// @param target where the server is: a child process may end at a question of the newer era, a
  ///   remote server refuses it; HTTP+SSE has sessions only
  /// @param clock in nanoseconds; only differences mean something
  Eras(Target target, LongSupplier clock) {
    this.remote = target instanceof Remote;
    this.sessionsOnly = target instanceof Remote web && web.wire() == Wire.SSE;
    this.clock = clock;
    reconsider();
  }

  /// The era in which to reach the server for a session.
  Era choose(Session session) {
    var one = only;
    if (one != null && !isOld()) {
      return one;
    }
    if (one != null) {
      reconsider();
    }
    return prefer(session);
  }

  private boolean isOld() {
    return clock.getAsLong() - deniedNanos >= HORIZON_NANOS;
  }

  private Era prefer(Session session) {
    boolean newer = session == GatewayClient.INSTANCE || withoutSessions;
    var wanted = newer ? Era.STATELESS : session.version().era();
    if (isUnasked(wanted)) {
      return Era.HANDSHAKE;
    }
    return known.getOrDefault(wanted, true) ? wanted : wanted.other();
  }

  /// Whether to find out, beside the calls of this session, if the server speaks the session's own
  /// era: to start another process takes too long for a call to wait for it.
  boolean isWorthAsking(Session session) {
    return isUnasked(session.version().era()) && isSpoken(Era.HANDSHAKE);
  }

  private boolean isUnasked(Era era) {
    return !remote
        && era == Era.STATELESS
        && !known.containsKey(era)
        && known.getOrDefault(Era.HANDSHAKE, true);
  }

  boolean isSpoken(Era era) {
    return known.getOrDefault(era, false);
  }

  /// The server shakes hands, but keeps no session: it can ask clients for nothing and tell them of
  /// nothing in this era, and is better spoken to in the other one where it knows that.
  void keepsNoSessions() {
    withoutSessions = true;
  }

  synchronized void spoken(Era era) {
    known.put(era, true);
    conclude();
  }

  /// The server refused an era.
  ///
  /// @return why it cannot be spoken to, when that leaves no era and all is open again
  synchronized Optional<String> refused(Era era, String cause) {
    if (isSpoken(era)) {
      reconsider(); // it is another server now
    }
    known.put(era, false);
    causes.put(era, cause);
    deniedNanos = clock.getAsLong();
    conclude();
    if (known.getOrDefault(era.other(), true)) {
      return Optional.empty();
    }
    reconsider();
    return Optional.of(causes.getOrDefault(Era.HANDSHAKE, cause));
  }

  /// What was refused may be spoken by now, unless it cannot be.
  private synchronized void reconsider() {
    known.values().removeIf(spoken -> !spoken);
    if (sessionsOnly) {
      known.put(Era.STATELESS, false);
    }
    conclude();
  }

  private void conclude() {
    only = null;
    for (var era : Era.values()) {
      if (isSpoken(era) && !known.getOrDefault(era.other(), true)) {
        only = era;
      }
    }
  }
}
