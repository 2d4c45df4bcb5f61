package io.watchgate.upstream;

import io.watchgate.flow.Deadline;
import io.watchgate.flow.Rejection;
import io.watchgate.flow.Rejection.Reach;
import io.watchgate.flow.Rejection.Unavailable;
import io.watchgate.mcp.Era;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One audience's line to a server, over one session after the other:
///
/// - Idle → Connecting: on the first call, or when told to
/// - Connecting → Ready: the server has shown that it is ready; whoever waits goes on
/// - Connecting → Failed: it could not be reached in time; whoever waits is refused
/// - Ready → Checking: a call came after a long silence; it waits for a sign of life
/// - Checking → Ready, Connecting: there was one, or none
/// - Ready → Failed: the connection ended
/// - Failed → Connecting: after a pause that doubles, or at once for a call
/// - any → Closed: the client is gone, or the gateway stops
final class Link {
  private static final Logger log = LoggerFactory.getLogger(Link.class);

  /// Proxies and servers forget what is silent, the hastiest after half a minute.
  static final Duration LONG_SILENCE = Duration.ofSeconds(30);

  private sealed interface State {}

  private record Idle() implements State {}

  private record Connecting(CompletableFuture<UpstreamSession> attempt) implements State {}

  private record Ready(UpstreamSession session) implements State {}

  private record Checking(UpstreamSession session, CompletableFuture<UpstreamSession> attempt)
      implements State {}

  private record Failed(String cause) implements State {}

  private record Closed() implements State {}

  private final UpstreamContext context;
  private final LinkOwner owner;
  private final Audience audience;
  private final Era era;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Setbacks setbacks;
  private final Wishes wishes;
  private final SessionMaker maker;
  private final AtomicInteger sessions = new AtomicInteger();
  private State state = new Idle();
  private @Nullable Thread retrying;
  private @Nullable UpstreamSession opening;

  /// @param vacancy completes when the first session may be opened
  Link(
      UpstreamContext context,
      LinkOwner owner,
      Audience audience,
      Era era,
      CompletableFuture<?> vacancy) {
    this.context = context;
    this.owner = owner;
    this.audience = audience;
    this.era = era;
    this.setbacks = new Setbacks(context.settings(), context.time());
    this.wishes = new Wishes(context, audience);
    this.maker = new SessionMaker(context, wishes, era, vacancy);
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
    return current().isPresent();
  }

  boolean isConnecting() {
    return state() instanceof Connecting;
  }

  /// Whether something goes on that would end with the link, beside the calls that use it.
  boolean isBusy() {
    return !audience.subscriptions().isEmpty()
        || current().map(UpstreamSession::isBusy).orElse(false);
  }

  int inFlight() {
    return current().map(UpstreamSession::inFlight).orElse(0);
  }

  /// Whether the session that it has is not its first.
  boolean isRestarted() {
    return sessions.get() > 1;
  }

  private State state() {
    return Objects.requireNonNull(locked(() -> state));
  }

  private <T extends @Nullable Object> T locked(Supplier<T> action) {
    lock.lock();
    try {
      return action.get();
    } finally {
      lock.unlock();
    }
  }

  /// The session if there is one right now.
  Optional<UpstreamSession> current() {
    return Optional.ofNullable(usable(state()));
  }

  private static @Nullable UpstreamSession usable(State state) {
    return switch (state) {
      case Ready(var session) -> session;
      case Checking(var session, var _) -> session;
      case Idle(), Connecting(_), Failed(_), Closed() -> null;
    };
  }

  /// Starts to connect unless that was done before; returns at once.
  void start() {
    locked(() -> {
      if (state instanceof Idle) {
        CompletableFuture<UpstreamSession> _ = connect();
      } else if (state instanceof Failed) {
        retryLater();
      }
      return state;
    });
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
          if (era == Era.STATELESS || !session.isSilentFor(LONG_SILENCE)) {
            return session;
          }
          attempt = check(session);
        }
        case Checking(var _, var running) -> attempt = running;
        case Connecting(var running) -> attempt = running;
        case Idle() -> attempt = connect();
        case Failed(var cause) -> attempt = connectAgain(cause);
        case Closed() -> throw context.unavailable("closed by the gateway");
      }
    } finally {
      lock.unlock();
    }
    return await(attempt, deadline);
  }

  private CompletableFuture<UpstreamSession> connectAgain(String cause) {
    long millis = setbacks.untilCallsMayTry().toMillis();
    if (millis > 0) {
      var why = cause + " (a call may try again in " + millis + " ms)";
      throw context.unavailable(why, Reach.NOT_TRIED);
    }
    return connect();
  }

  private UpstreamSession await(CompletableFuture<UpstreamSession> attempt, Deadline deadline)
      throws Opening.Refused, InterruptedException {
    try {
      return context.time().get(attempt, deadline.remainingNanos());
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case Rejection rejection -> throw rejection;
        case Opening.Refused refused -> throw refused;
        case null, default -> throw context.unavailable(String.valueOf(e.getCause()));
      }
    } catch (TimeoutException _) {
      throw context.unavailable("still connecting", Reach.TOO_LATE);
    }
  }

  private CompletableFuture<UpstreamSession> check(UpstreamSession session) {
    var attempt = new CompletableFuture<UpstreamSession>();
    become(new Checking(session, attempt));
    Thread.ofVirtual().name("check " + audience.label()).start(() -> check(session, attempt));
    return attempt;
  }

  private void check(UpstreamSession session, CompletableFuture<UpstreamSession> attempt) {
    try {
      boolean alive = new Readiness(context, session).isAlive();
      locked(() -> {
        if (!(state instanceof Checking)) {
          throw context.unavailable("closed by the gateway");
        }
        return become(alive ? new Ready(session) : new Connecting(attempt));
      });
      if (alive) {
        attempt.complete(session);
      } else {
        log.info("session {} has died of silence, another one is made", audience.label());
        Thread.ofVirtual().start(session::close);
        connect(attempt);
      }
    } catch (InterruptedException | Rejection closed) {
      attempt.completeExceptionally(context.unavailable(String.valueOf(closed.getMessage())));
    }
  }

  private CompletableFuture<UpstreamSession> connect() {
    var attempt = new CompletableFuture<UpstreamSession>();
    become(new Connecting(attempt));
    context.probes().connecting(attempt);
    Thread.ofVirtual().name("connect " + context.settings().name()).start(() -> connect(attempt));
    return attempt;
  }

  private void connect(CompletableFuture<UpstreamSession> attempt) {
    var session = new UpstreamSession(context, audience, era, owner.transport(era), this::lost);
    try {
      var patience = owner.patience(era);
      var deadline = context.after(patience);
      maker.awaitRoom(patience);
      begin(session);
      var offer = maker.open(session, audience.label(), patience, deadline);
      ready(session);
      owner.reached(this, session, offer);
      attempt.complete(session);
    } catch (Opening.Refused refused) {
      refused(session, attempt, refused);
    } catch (Rejection unavailable) {
      if (owner.isGuess(era)) {
        refused(session, attempt, new Opening.Refused(cause(unavailable)));
      } else {
        notReached(session, attempt, unavailable);
      }
    } catch (InterruptedException e) {
      notReached(session, attempt, context.unavailable("interrupted"));
    } catch (RuntimeException fault) { // supervised edge: whoever waits must hear of it
      log.error("connecting to server \"{}\" failed", context.settings().name(), fault);
      notReached(session, attempt, context.unavailable("internal error in the gateway"));
    }
  }

  private void refused(
      UpstreamSession session,
      CompletableFuture<UpstreamSession> attempt,
      Opening.Refused refused) {
    var hopeless = owner.refused(this, String.valueOf(refused.getMessage()));
    if (hopeless.isPresent()) {
      notReached(session, attempt, context.unavailable(hopeless.get()));
      return;
    }
    Thread.ofVirtual().start(session::close);
    locked(() -> state instanceof Closed ? state : become(new Idle()));
    attempt.completeExceptionally(refused);
  }

  /// From here on closing the link ends the session too, however far it got.
  private void begin(UpstreamSession session) {
    locked(() -> {
      if (state instanceof Closed) {
        throw context.unavailable("closed by the gateway");
      }
      opening = session;
      setbacks.starting();
      return state;
    });
  }

  private void ready(UpstreamSession session) {
    locked(() -> {
      if (session.isEnded() || state instanceof Closed) {
        throw context.unavailable(session.endCause());
      }
      setbacks.ready();
      sessions.incrementAndGet();
      return become(new Ready(session));
    });
  }

  private State become(State next) {
    state = next;
    changed.signalAll();
    return next;
  }

  private void notReached(
      UpstreamSession session, CompletableFuture<UpstreamSession> attempt, Rejection rejection) {
    Thread.ofVirtual().start(session::close);
    var reason = (Unavailable) rejection.reason();
    boolean open = fail(reason.cause(), state -> !(state instanceof Closed));
    attempt.completeExceptionally(
        open && state() instanceof Failed(var why)
            ? context.unavailable(why, reason.reach())
            : rejection);
  }

  /// A session is of no more use.
  void lost(UpstreamSession session, String cause) {
    boolean current = fail(cause, state -> state instanceof Ready(var ready) && ready == session);
    if (current) {
      Thread.ofVirtual().start(session::retire);
    }
  }

  /// Becomes failed if the state is one for that, and tells the owner.
  private boolean fail(String cause, Predicate<State> applies) {
    var why = locked(() -> applies.test(state) ? becomeFailed(cause) : null);
    if (why != null) {
      log.warn("server \"{}\" is unavailable: {}", context.settings().name(), why);
      owner.failed(this, why);
    }
    return why != null;
  }

  private String becomeFailed(String cause) {
    context.probes().failed();
    setbacks.another();
    var why = setbacks.explain(cause);
    become(new Failed(why));
    retryLater();
    return why;
  }

  private void retryLater() {
    if (retrying == null) {
      retrying = context.inTurn(this::retry);
    }
  }

  private void retry() {
    lock.lock();
    try {
      while (state instanceof Failed && setbacks.mayTryAgain()) {
        for (long left = pause(); left > 0 && state instanceof Failed; left = pause()) {
          var _ = context.time().await(changed, left);
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
      retrying = null;
      lock.unlock();
    }
  }

  private long pause() {
    return setbacks.untilRetry(context.probes().calm()).toNanos();
  }

  void close() {
    var last =
        locked(() -> {
          var open = usable(state);
          become(new Closed());
          Optional.ofNullable(retrying).ifPresent(Thread::interrupt);
          return open == null ? opening : open;
        });
    Optional.ofNullable(last).ifPresent(UpstreamSession::close);
  }

  private static String cause(Rejection unavailable) {
    return ((Unavailable) unavailable.reason()).cause();
  }
}
