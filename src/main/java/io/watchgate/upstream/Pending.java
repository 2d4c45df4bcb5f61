package io.watchgate.upstream;

import io.watchgate.flow.Client;
import io.watchgate.flow.Deadline;
import io.watchgate.flow.Rejection;
import io.watchgate.flow.Rejection.TimedOut;
import io.watchgate.flow.Time;
import io.watchgate.jsonrpc.Field;
import io.watchgate.jsonrpc.Json;
import io.watchgate.jsonrpc.Request;
import io.watchgate.jsonrpc.RequestId;
import io.watchgate.jsonrpc.Response;
import io.watchgate.mcp.ListKind;
import io.watchgate.mcp.Method;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// A request that was sent to a server and waits for its answer. It ends once: by the answer, a
/// failure, its time-out or its cancellation; whatever comes later is not for it.
final class Pending {
  /// Whoever wakes up so much too late has stood still, and with it the gateway: its process was
  /// stopped, or the machine slept.
  private static final long STANDSTILL_NANOS = TimeUnit.SECONDS.toNanos(1);

  /// The time to read what arrived during a standstill.
  private static final Duration CATCH_UP = Duration.ofSeconds(1);

  private final long id;
  private final String server;
  private final Client client;
  private final Request request;
  private final Map<String, String> headers;
  private final Timing timing;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final long startedNanos;
  private volatile long lastSignNanos;
  private volatile @Nullable Deadline catchUp;
  private @Nullable Response response;
  private @Nullable Rejection failure;
  private @Nullable Runnable onSettled;

  /// When a call that hears nothing is given up.
  ///
  /// @param silence how long nothing may be heard of the call
  /// @param deadline the end whatever is heard
  /// @param paused true while silence does not count, because the server waits for the client
  record Timing(Time time, Duration silence, Deadline deadline, BooleanSupplier paused) {}

  /// @param headers what an HTTP server reads of the request without its body
  Pending(
      long id,
      String server,
      Client client,
      Request request,
      Map<String, String> headers,
      Timing timing) {
    this.id = id;
    this.server = server;
    this.client = client;
    this.request = request;
    this.headers = headers;
    this.timing = timing;
    this.startedNanos = timing.time().nanos();
    this.lastSignNanos = startedNanos;
  }

  long id() {
    return id;
  }

  /// The request as the server gets it.
  Request outgoing() {
    var outgoing = request.withId(RequestId.of(id));
    return progressToken().isPresent()
        ? outgoing.with(Field.META_PROGRESS_TOKEN, Json.trusted(Long.toString(id)))
        : outgoing;
  }

  Client client() {
    return client;
  }

  /// The token in the client's spelling, empty when it did not ask for progress.
  Optional<Json> progressToken() {
    return request.field(Field.META_PROGRESS_TOKEN);
  }

  /// Whether the server may get the request twice when nobody knows if it got it once.
  boolean isRepeatable() {
    return Method.isRepeatable(request.method());
  }

  /// Whether the server may ask the client something before it answers.
  boolean mayRequireInput() {
    return ListKind.ofMethod(request.method()).isEmpty();
  }

  /// Whether this waits for what happens, not for an answer.
  boolean isListening() {
    return request.method().equals(Method.LISTEN);
  }

  /// What an HTTP server reads of the request without its body.
  Map<String, String> headers() {
    return headers;
  }

  /// When the connection for it must be there: within the patience, and before it is given up.
  Deadline connectBy(Duration patience) {
    var givenUp = Deadline.after(Duration.ofNanos(remainingNanos()), timing.time());
    return Deadline.after(patience, timing.time()).orSooner(givenUp);
  }

  void complete(Response answer) {
    settle(answer, null);
  }

  void fail(Rejection cause) {
    settle(null, cause);
  }

  private void settle(@Nullable Response answer, @Nullable Rejection cause) {
    Runnable action = null;
    lock.lock();
    try {
      if (response == null && failure == null) {
        response = answer;
        failure = cause;
        action = onSettled;
        changed.signalAll();
      }
    } finally {
      lock.unlock();
    }
    if (action != null) {
      action.run();
    }
  }

  /// Runs an action at the end, at once when it has come; takes the place of the one before.
  void onSettled(Runnable action) {
    lock.lock();
    try {
      onSettled = action;
    } finally {
      lock.unlock();
    }
    if (isSettled()) {
      action.run();
    }
  }

  /// Whether this ended without an answer.
  boolean isFailed() {
    lock.lock();
    try {
      return failure != null;
    } finally {
      lock.unlock();
    }
  }

  boolean isSettled() {
    lock.lock();
    try {
      return response != null || failure != null;
    } finally {
      lock.unlock();
    }
  }

  /// A sign of life of this call: the silence starts anew.
  void touch() {
    lock.lock();
    try {
      lastSignNanos = timing.time().nanos();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// How long the call may still wait for the next sign; not positive when it is given up.
  long remainingNanos() {
    long untilDeadline = timing.deadline().remainingNanos();
    if (timing.paused().getAsBoolean()) {
      // Looked at again after that, because what waits on an exchange hears of no touch.
      return caughtUp(Math.min(untilDeadline, timing.silence().toNanos()));
    }
    long silent = timing.time().nanos() - lastSignNanos;
    return caughtUp(Math.min(untilDeadline, timing.silence().toNanos() - silent));
  }

  /// After a standstill the answer may be there, and only wants to be read: that has its time,
  /// once.
  private long caughtUp(long remaining) {
    if (remaining >= -STANDSTILL_NANOS) {
      return remaining;
    }
    var end = catchUp;
    if (end == null) {
      end = Deadline.after(CATCH_UP, timing.time());
      catchUp = end;
    }
    return end.remainingNanos();
  }

  Rejection timedOut() {
    boolean silent = timing.deadline().remainingNanos() > 0;
    var after = silent ? timing.silence() : Duration.ofNanos(timing.time().nanos() - startedNanos);
    return new Rejection(new TimedOut(server, after));
  }

  /// Waits for the end of this call, whatever it is.
  void awaitEnd() {
    try {
      Response _ = await();
    } catch (Rejection _) {
      // it has ended
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /// Waits for the end of this call.
  ///
  /// @throws Rejection when it failed or its time is over
  Response await() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (response == null && failure == null) {
        long remaining = remainingNanos();
        if (remaining <= 0) {
          throw timedOut();
        }
        timing.time().await(changed, remaining);
      }
      if (failure != null) {
        throw failure;
      }
      return java.util.Objects.requireNonNull(response);
    } finally {
      lock.unlock();
    }
  }
}
