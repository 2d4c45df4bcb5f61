package io.watchgate.upstream;

import io.watchgate.flow.Call;
import io.watchgate.flow.Deadline;
import io.watchgate.flow.Rejection;
import io.watchgate.flow.Rejection.TimedOut;
import io.watchgate.flow.Rejection.Unavailable;
import io.watchgate.flow.ServerStatus.Offer;
import io.watchgate.jsonrpc.Json;
import io.watchgate.jsonrpc.Request;
import io.watchgate.jsonrpc.RequestId;
import io.watchgate.mcp.LogLevel;
import io.watchgate.mcp.Method;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
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
    Transport transport() throws Rejection;

    void reached(Link link, Offer offer);

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
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Setbacks setbacks;
  private State state = new Idle();
  private int sessions;
  private boolean retrying;
  private @Nullable LogLevel level;
  private @Nullable UpstreamSession opening;

  Link(UpstreamContext context, Opener opener, Audience audience) {
    this.context = context;
    this.opener = opener;
    this.audience = audience;
    this.setbacks = new Setbacks(context.settings());
  }

  Audience audience() {
    return audience;
  }

  boolean isReady() {
    return state() instanceof Ready;
  }

  int inFlight() {
    return state() instanceof Ready(var session) ? session.inFlight() : 0;
  }

  /// Whether the session that it has is not its first.
  boolean isRestarted() {
    lock.lock();
    try {
      return sessions > 1;
    } finally {
      lock.unlock();
    }
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
  UpstreamSession session(Deadline deadline) throws InterruptedException {
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
      throws InterruptedException {
    try {
      return attempt.get(deadline.remainingNanos(), TimeUnit.NANOSECONDS);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof Rejection rejection
          ? rejection
          : unavailable(String.valueOf(e.getCause()));
    } catch (TimeoutException _) {
      throw unavailable("still connecting");
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
    var session = new UpstreamSession(context, audience, opener.transport(), end);
    end.session = session;
    try {
      var started = System.nanoTime();
      begin(session);
      var offer = session.open(Deadline.after(context.settings().connectionTimeout()));
      restore(session, offer);
      ready(session);
      log.info(
          "server \"{}\" is ready after {} ms ({})",
          context.settings().name(),
          TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - started),
          offer.protocolVersion());
      opener.reached(this, offer);
      attempt.complete(session);
    } catch (Rejection rejection) {
      notReached(session, attempt, asUnavailable(rejection));
    } catch (InterruptedException e) {
      notReached(session, attempt, unavailable("interrupted"));
    } catch (RuntimeException fault) { // supervised edge: whoever waits must hear of it
      log.error("connecting to server \"{}\" failed", context.settings().name(), fault);
      notReached(session, attempt, unavailable("internal error in the gateway"));
    }
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
      var mine = session;
      if (mine != null) {
        lost(mine, cause);
      }
    }
  }

  /// Brings a new session to where the last one was: log level and subscriptions.
  private void restore(UpstreamSession session, Offer offer) throws InterruptedException {
    var wanted = wantedLevel();
    if (wanted != null && offer.has("logging")) {
      repeat(session, Method.SET_LEVEL, Json.object("level", wanted.toString()));
    }
    for (var uri : audience.subscriptions()) {
      repeat(session, Method.RESOURCES_SUBSCRIBE, Json.object("uri", uri));
    }
  }

  private @Nullable LogLevel wantedLevel() {
    lock.lock();
    try {
      return level == null ? audience.client().logLevel().orElse(null) : level;
    } finally {
      lock.unlock();
    }
  }

  private void repeat(UpstreamSession session, String method, Json params)
      throws InterruptedException {
    try {
      var request = Request.of(RequestId.of(0), method, params);
      var deadline = Deadline.after(context.settings().connectionTimeout());
      var _ = session.handle(new Call(request, audience.client()).with(deadline));
    } catch (Transport.SessionGone e) {
      throw unavailable(String.valueOf(e.getMessage()));
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
      sessions++;
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
    var cause = ((Unavailable) rejection.reason()).cause();
    Thread.ofVirtual().start(session::close);
    failed(cause);
    attempt.completeExceptionally(rejection);
  }

  /// A session that is of no more use: nothing was processed by it.
  void discard(UpstreamSession session, String why) {
    lost(session, why);
  }

  private void lost(UpstreamSession session, String cause) {
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
          nanos = changed.awaitNanos(nanos);
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

  /// Remembers the level for the sessions to come: the least severe that anyone asked for.
  void remember(LogLevel wanted) {
    lock.lock();
    try {
      level =
          level == null || !audience.isEverybody() || wanted.compareTo(level) < 0 ? wanted : level;
    } finally {
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

  /// To a caller a server that does not finish its handshake is unavailable, not slow.
  private Rejection asUnavailable(Rejection rejection) {
    long patience = context.settings().connectionTimeout().toMillis();
    return rejection.reason() instanceof TimedOut
        ? unavailable("no answer to the handshake within " + patience + " ms")
        : rejection;
  }

  private Rejection unavailable(String cause) {
    return new Rejection(new Unavailable(context.settings().name(), cause));
  }
}
