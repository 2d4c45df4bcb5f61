package io.watchgate.upstream;

import io.watchgate.flow.Deadline;
import io.watchgate.flow.Rejection;
import io.watchgate.flow.Rejection.Reach;
import io.watchgate.flow.Rejection.Unavailable;
import io.watchgate.flow.Time;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// Who tries a server that was last tried in vain: one at a time, be it a call or a connection, as
/// more would learn no more. Processes are each on their own, and so are those who try them. Safe
/// for any number of threads.
final class Probes {
  private static final Duration FOREVER = ChronoUnit.FOREVER.getDuration();

  private final boolean remote;
  private final Time time;
  private final AtomicInteger calls = new AtomicInteger();
  private volatile boolean failing;
  private volatile long failedNanos;
  private volatile @Nullable CompletableFuture<?> connecting;

  /// @param remote whether all sessions are with one and the same server
  Probes(boolean remote, Time time) {
    this.remote = remote;
    this.time = time;
  }

  /// A connection is being made.
  void connecting(CompletableFuture<?> attempt) {
    connecting = attempt;
  }

  /// A call goes to the server.
  void began() {
    calls.incrementAndGet();
  }

  /// It came back, in whichever way.
  void ended() {
    calls.decrementAndGet();
  }

  /// A call or a connection was in vain.
  void failed() {
    failedNanos = time.nanos();
    failing = remote;
  }

  /// The server said something.
  void heard() {
    failing = false;
  }

  /// How long nobody has tried the server in vain, for ever when it was heard since.
  Duration calm() {
    if (!failing) {
      return FOREVER;
    }
    return calls.get() > 0 ? Duration.ZERO : Duration.ofNanos(time.nanos() - failedNanos);
  }

  /// Lets a call wait while somebody connects to a server that was last tried in vain.
  ///
  /// @throws Rejection when the server keeps silent again
  void await(Deadline deadline) throws InterruptedException {
    var attempt = connecting;
    if (!failing || attempt == null || attempt.isDone()) {
      return;
    }
    try {
      var _ = time.get(attempt, deadline.remainingNanos());
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Rejection rejection && failing && isSilent(rejection)) {
        throw rejection;
      }
    } catch (TimeoutException _) {
      // the call finds out by itself that its time is over
    }
  }

  /// What a server says to one client it may not say to another; one that keeps silent is not
  /// there.
  private static boolean isSilent(Rejection rejection) {
    return rejection.reason() instanceof Unavailable(_, _, var reach) && reach == Reach.TOO_LATE;
  }
}
