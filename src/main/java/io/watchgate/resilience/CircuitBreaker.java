package io.watchgate.resilience;

import io.watchgate.flow.CircuitState;
import io.watchgate.flow.Rejection;
import io.watchgate.flow.Rejection.CircuitOpen;
import io.watchgate.flow.Time;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Whether one server is called at all:
///
/// | from | to | when |
/// |---|---|---|
/// | Closed | Open | as many failures in a row as the threshold says |
/// | Open | HalfOpen | the recovery time is over, or the server was reached again |
/// | HalfOpen | Closed | one of the few calls that try the server got an answer |
/// | HalfOpen | Open | one of them failed |
///
/// A state is a value, and a call holds the one that it began in: that tells what its end says. Of
/// calls that fail by the same event, such as the end of their connection, only the first began in
/// the state that is there, so they count as one. Takes no lock.
public final class CircuitBreaker {
  private static final Logger log = LoggerFactory.getLogger(CircuitBreaker.class);

  /// When somebody may ask again who comes while another call tries the server.
  private static final Duration TRIAL = Duration.ofSeconds(1);

  private final String server;
  private final int failureThreshold;
  private final Duration recoveryTimeout;
  private final int halfOpenRequests;
  private final Time time;
  private final AtomicReference<State> state = new AtomicReference<>(new Closed(0, 0));
  private volatile Runnable onClosed = () -> {};
  private volatile Consumer<String> onOpened = _ -> {};

  public sealed interface State {
    /// How often the circuit went from one kind of state to another before.
    long number();
  }

  /// What a call began in.
  public sealed interface Entered extends State {}

  public record Closed(long number, int failures) implements Entered {}

  public record HalfOpen(long number, int trying, String cause) implements Entered {}

  record Open(long number, long untilNanos, String cause) implements State {}

  /// @param server whose it is
  /// @param failureThreshold failures in a row that open it, at least 1
  /// @param recoveryTimeout how long it stays open
  /// @param halfOpenRequests calls at once that then try the server, at least 1
  public CircuitBreaker(
      String server,
      int failureThreshold,
      Duration recoveryTimeout,
      int halfOpenRequests,
      Time time) {
    this.server = server;
    this.failureThreshold = failureThreshold;
    this.recoveryTimeout = recoveryTimeout;
    this.halfOpenRequests = halfOpenRequests;
    this.time = time;
  }

  /// Runs an action each time the server proved to be well again.
  public void onClosed(Runnable action) {
    onClosed = action;
  }

  /// Has an action done whenever the circuit opens, with the cause.
  public void onOpened(Consumer<String> action) {
    onOpened = action;
  }

  public CircuitState state() {
    return switch (state.get()) {
      case Closed _ -> CircuitState.CLOSED;
      case HalfOpen _ -> CircuitState.HALF_OPEN;
      case Open _ -> CircuitState.OPEN;
    };
  }

  /// A handshake with the server succeeded: calls may try it before the recovery time is over.
  public void reached() {
    while (state.get() instanceof Open open) {
      tryAgain(open);
    }
  }

  /// Lets a call through, which has to say how it ended.
  ///
  /// @throws Rejection when the server is left alone
  public Entered enter() {
    while (true) {
      switch (state.get()) {
        case Closed closed -> {
          return closed;
        }
        case HalfOpen half -> {
          if (half.trying == halfOpenRequests) {
            throw refusal(half.cause, TRIAL);
          }
          var next = new HalfOpen(half.number, half.trying + 1, half.cause);
          if (state.compareAndSet(half, next)) {
            return next;
          }
        }
        case Open open -> {
          long left = open.untilNanos - time.nanos();
          if (left > 0) {
            throw refusal(open.cause, Duration.ofNanos(left));
          }
          tryAgain(open);
        }
      }
    }
  }

  private Rejection refusal(String cause, Duration retryAfter) {
    return new Rejection(new CircuitOpen(server, cause, retryAfter));
  }

  private void tryAgain(Open open) {
    state.compareAndSet(open, new HalfOpen(open.number + 1, 0, open.cause));
  }

  /// The server answered the call.
  public void succeeded(Entered began) {
    switch (began) {
      case Closed closed ->
          replace(closed, now -> now.failures == 0 ? now : new Closed(now.number, 0));
      case HalfOpen half -> {
        if (replace(half, now -> new Closed(now.number + 1, 0))) {
          log.info("server \"{}\" answers again: its circuit is closed", server);
          onClosed.run();
        }
      }
    }
  }

  /// The server did not answer the call.
  ///
  /// @param isItsOwn whether the call failed by itself, and not by an event that ends others too
  public void failed(Entered began, String cause, boolean isItsOwn) {
    boolean counted =
        switch (began) {
          case HalfOpen half -> replace(half, now -> open(now.number, cause));
          case Closed closed ->
              isItsOwn
                  ? replace(closed, now -> oneMore(now, cause))
                  : state.compareAndSet(closed, oneMore(closed, cause));
        };
    if (counted && state.get() instanceof Open) {
      log.warn(
          "server \"{}\" is left alone for {} ms: {}", server, recoveryTimeout.toMillis(), cause);
      onOpened.accept(cause);
    }
  }

  private State oneMore(Closed now, String cause) {
    return now.failures + 1 < failureThreshold
        ? new Closed(now.number, now.failures + 1)
        : open(now.number, cause);
  }

  private Open open(long number, String cause) {
    return new Open(number + 1, time.nanos() + recoveryTimeout.toNanos(), cause);
  }

  /// The call ended in a way that says nothing of the server: another one may try.
  public void left(Entered began) {
    if (began instanceof HalfOpen half) {
      boolean _ = replace(half, now -> new HalfOpen(now.number, now.trying - 1, now.cause));
    }
  }

  /// Replaces what became of a state, unless the circuit opened or closed since.
  private <S extends Entered> boolean replace(S began, Function<S, State> next) {
    while (true) {
      var now = state.get();
      if (now.number() != began.number()) {
        return false;
      }
      @SuppressWarnings("unchecked") // states with the same number are of the same kind
      var same = (S) now;
      if (state.compareAndSet(now, next.apply(same))) {
        return true;
      }
    }
  }
}
