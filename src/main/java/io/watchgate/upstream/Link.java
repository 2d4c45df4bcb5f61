package io.watchgate.upstream;

import io.watchgate.flow.Deadline;
import io.watchgate.flow.Rejection;
import io.watchgate.flow.Rejection.Reach;
import io.watchgate.flow.Rejection.Unavailable;
import io.watchgate.flow.ServerStatus.Offer;
import io.watchgate.mcp.Era;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One audience's line to a server, over one session after the other:
///
/// - Idle → Connecting: on the first call, or when told to
/// - Connecting → Ready: the handshake is over; whoever waits goes on
/// - Connecting → Failed: it could not be reached in time; whoever waits is refused
/// - Ready → Failed: the connection ended
/// - Failed → Connecting: after a pause that doubles, or at once for a call
/// - any → Closed: the client is gone, or the gateway stops
final class Link {
  private static final Logger log = LoggerFactory.getLogger(Link.class);

  /// Opens sessions and hears how that went.
  interface Opener {
    Transport transport(Era era) throws Rejection;

    /// How long a server may be silent when it is asked what it offers.
    Duration patience(Era era);

    /// Whether a server that ends or keeps silent when it is asked may just not speak the era.
    boolean isGuess(Era era);

    void reached(Link link, UpstreamSession session, Offer offer);

    /// The server does not speak the link's era.
    ///
    /// @return why nothing can be done about it, empty when it is tried in the other era
    Optional<String> refused(Link link, String cause);

    void failed(Link link, String cause);
  }

  private sealed interface State {}

  private record Idle() implements State {}

  private record Connecting(CompletableFuture<UpstreamSession> attempt) implements State {}

  private record Ready(UpstreamSession session) implements State {}

  private record Failed(String cause) implements State {}

  private record Closed() implements State {}

  private final UpstreamContext context;
  private final Opener opener;
  private final Audience audience;
  private final Era era;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Setbacks setbacks;
  private final Wishes wishes;
  private final AtomicInteger sessions = new AtomicInteger();
  private State state = new Idle();
  private boolean retrying;
  private @Nullable UpstreamSession opening;

  Link(UpstreamContext context, Opener opener, Audience audience, Era era) {
    this.context = context;
    this.opener = opener;
    this.audience = audience;
    this.era = era;
    this.setbacks = new Setbacks(context.settings(), context.time());
    this.wishes = new Wishes(context, audience);
  }

  Audience audience() {
    return audience;
  }

  /// What the link's clients want of every session.
  Wishes wishes() {
    return wishes;
  }

  /// How the server is spoken to over this link.
  Era era() {
    return era;
  }

  boolean isReady() {
    return state() instanceof Ready;
  }

  boolean isConnecting() {
    return state() instanceof Connecting;
  }

  int inFlight() {
    return state() instanceof Ready(var session) ? session.inFlight() : 0;
  }

  /// Whether the session that it has is not its first.
  boolean isRestarted() {
    return sessions.get() > 1;
  }

  private State state() {
    lock.lock();
    try {
      return state;
    } finally {
      lock.unlock();
    }
  }

  /// Starts to connect unless that was done before; returns at once.
  void start() {
    lock.lock();
    try {
      if (state instanceof Idle) {
        CompletableFuture<UpstreamSession> _ = connect();
      } else if (state instanceof Failed && !retrying) {
        retryLater();
      }
    } finally {
      lock.unlock();
    }
  }

  /// The session to use, made if there is none; waits for it within the deadline.
  ///
  /// @throws Rejection when the server cannot be reached
  /// @throws Opening.Refused when it is reached, but has to be spoken to in the other era
  UpstreamSession session(Deadline deadline) throws Opening.Refused, InterruptedException {
    CompletableFuture<UpstreamSession> attempt;
    lock.lock();
    try {
      switch (state) {
        case Ready(var session) -> {
          return session;
        }
        case Connecting(var running) -> attempt = running;
        case Idle(), Failed(_) -> attempt = connect();
        case Closed() -> throw unavailable("closed by the gateway");
      }
    } finally {
      lock.unlock();
    }
    return await(attempt, deadline);
  }

  /// The session if there is one right now.
  Optional<UpstreamSession> current() {
    return state() instanceof Ready(var session) ? Optional.of(session) : Optional.empty();
  }

  private UpstreamSession await(CompletableFuture<UpstreamSession> attempt, Deadline deadline)
      throws Opening.Refused, InterruptedException {
    try {
      return context.time().get(attempt, deadline.remainingNanos());
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case Rejection rejection -> throw rejection;
        case Opening.Refused refused -> throw refused;
        case null, default -> throw unavailable(String.valueOf(e.getCause()));
      }
    } catch (TimeoutException _) {
      throw unavailable("still connecting", Reach.TOO_LATE);
    }
  }

  private CompletableFuture<UpstreamSession> connect() {
    var attempt = new CompletableFuture<UpstreamSession>();
    become(new Connecting(attempt));
    Thread.ofVirtual().name("connect " + context.settings().name()).start(() -> connect(attempt));
    return attempt;
  }

  private void connect(CompletableFuture<UpstreamSession> attempt) {
    var end = new SessionEnd();
    var session = new UpstreamSession(context, audience, era, opener.transport(era), end);
    end.session = session;
    try {
      var started = context.time().nanos();
      begin(session);
      var offer = session.open(opener.patience(era));
      if (era == Era.HANDSHAKE) { // in the other era every request says what it wants
        wishes.restore(session, offer);
      }
      ready(session);
      log.info(
          "server \"{}\" is ready after {} ms ({})",
          context.settings().name(),
          TimeUnit.NANOSECONDS.toMillis(context.time().nanos() - started),
          offer.protocolVersion());
      opener.reached(this, session, offer);
      attempt.complete(session);
    } catch (Opening.Refused refused) {
      refused(session, attempt, refused);
    } catch (Rejection rejection) {
      var unavailable =
          Opening.unreached(context.settings().name(), rejection, opener.patience(era));
      if (opener.isGuess(era)) {
        refused(session, attempt, new Opening.Refused(cause(unavailable)));
      } else {
        notReached(session, attempt, unavailable);
      }
    } catch (InterruptedException e) {
      notReached(session, attempt, unavailable("interrupted"));
    } catch (RuntimeException fault) { // supervised edge: whoever waits must hear of it
      log.error("connecting to server \"{}\" failed", context.settings().name(), fault);
      notReached(session, attempt, unavailable("internal error in the gateway"));
    }
  }

  private void refused(
      UpstreamSession session,
      CompletableFuture<UpstreamSession> attempt,
      Opening.Refused refused) {
    var hopeless = opener.refused(this, String.valueOf(refused.getMessage()));
    if (hopeless.isPresent()) {
      notReached(session, attempt, unavailable(hopeless.get()));
      return;
    }
    Thread.ofVirtual().start(session::close);
    lock.lock();
    try {
      if (!(state instanceof Closed)) {
        become(new Idle());
      }
    } finally {
      lock.unlock();
    }
    attempt.completeExceptionally(refused);
  }

  /// From here on closing the link ends the session too, however far it got.
  private void begin(UpstreamSession session) {
    lock.lock();
    try {
      if (state instanceof Closed) {
        throw unavailable("closed by the gateway");
      }
      opening = session;
    } finally {
      lock.unlock();
    }
  }

  /// Hears that a session's connection ended, also before the session is in use.
  private final class SessionEnd implements java.util.function.Consumer<String> {
    private volatile @Nullable UpstreamSession session;

    @Override
    public void accept(String cause) {
      if (session != null) {
        lost(session, cause);
      }
    }
  }

  private void ready(UpstreamSession session) {
    lock.lock();
    try {
      if (session.isEnded() || state instanceof Closed) {
        throw unavailable(session.endCause());
      }
      become(new Ready(session));
      setbacks.ready();
      sessions.incrementAndGet();
    } finally {
      lock.unlock();
    }
  }

  private void become(State next) {
    state = next;
    changed.signalAll();
  }

  private void notReached(
      UpstreamSession session, CompletableFuture<UpstreamSession> attempt, Rejection rejection) {
    Thread.ofVirtual().start(session::close);
    failed(cause(rejection));
    attempt.completeExceptionally(rejection);
  }

  /// A session is of no more use.
  void lost(UpstreamSession session, String cause) {
    lock.lock();
    try {
      if (!(state instanceof Ready(var current)) || current != session) {
        return;
      }
      setbacks.lost();
      becomeFailed(cause);
    } finally {
      lock.unlock();
    }
    Thread.ofVirtual().start(session::retire);
    tellFailed(cause);
  }

  private void failed(String cause) {
    lock.lock();
    try {
      if (state instanceof Closed) {
        return;
      }
      becomeFailed(cause);
    } finally {
      lock.unlock();
    }
    tellFailed(cause);
  }

  private void becomeFailed(String cause) {
    become(new Failed(cause));
    setbacks.another();
    if (!retrying) {
      retryLater();
    }
  }

  private void tellFailed(String cause) {
    log.warn("server \"{}\" is unavailable: {}", context.settings().name(), cause);
    opener.failed(this, cause);
  }

  private void retryLater() {
    retrying = true;
    Thread.ofVirtual().name("retry " + context.settings().name()).start(this::retry);
  }

  private void retry() {
    lock.lock();
    try {
      while (state instanceof Failed && setbacks.mayTryAgain()) {
        long nanos = setbacks.pause().toNanos();
        while (nanos > 0 && state instanceof Failed) {
          nanos = context.time().await(changed, nanos);
        }
        if (state instanceof Failed) {
          CompletableFuture<UpstreamSession> _ = connect();
        }
        while (state instanceof Connecting) {
          changed.await();
        }
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } finally {
      retrying = false;
      lock.unlock();
    }
  }

  void close() {
    UpstreamSession last;
    lock.lock();
    try {
      last = state instanceof Ready(var session) ? session : opening;
      become(new Closed());
    } finally {
      lock.unlock();
    }
    if (last != null) {
      last.close();
    }
  }

  private static String cause(Rejection unavailable) {
    return ((Unavailable) unavailable.reason()).cause();
  }

  private Rejection unavailable(String cause) {
    return unavailable(cause, Reach.NOT_SENT);
  }

  private Rejection unavailable(String cause, Reach reach) {
    return new Rejection(new Unavailable(context.settings().name(), cause, reach));
  }
}
