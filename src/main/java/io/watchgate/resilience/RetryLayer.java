package io.watchgate.resilience;

import io.watchgate.flow.Call;
import io.watchgate.flow.Handler;
import io.watchgate.flow.Layer;
import io.watchgate.flow.Rejection;
import io.watchgate.flow.Rejection.Reach;
import io.watchgate.flow.Rejection.TimedOut;
import io.watchgate.flow.Rejection.Unavailable;
import io.watchgate.flow.Reply;
import io.watchgate.flow.Time;
import io.watchgate.jsonrpc.Field;
import io.watchgate.jsonrpc.Notification;
import io.watchgate.mcp.Method;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Makes a call again whose server was not there: any call that was never sent, and one that may
/// have run if it does no harm twice. A call whose time ran out had its time; one of which the
/// client has heard something, or that goes on with a round before it, cannot begin anew.
///
/// @param maxAttempts of one call, the first included
public record RetryLayer(int maxAttempts, Backoff backoff, RetryBudget budget, Time time)
    implements Layer {
  private static final Logger log = LoggerFactory.getLogger(RetryLayer.class);

  @Override
  public Handler around(Handler inner) {
    return call ->
        call.message() instanceof Notification ? inner.handle(call) : persistent(inner, call);
  }

  private Reply persistent(Handler inner, Call call) throws InterruptedException {
    var client = new AttentiveClient(call.client());
    for (int attempt = 1; ; attempt++) {
      try {
        var reply = inner.handle(call.with(client));
        budget.tried(attempt);
        return reply;
      } catch (Rejection rejection) {
        if (isOfTheServer(rejection)) {
          budget.tried(attempt);
        }
        if (attempt == maxAttempts || client.hasHeard() || !isRepeatable(call, rejection)) {
          throw rejection;
        }
        var pause = backoff.before(attempt);
        if (isTooLate(call, pause) || !budget.take()) {
          throw rejection;
        }
        log.debug("{} is made again in {} ms: {}", call.method(), pause.toMillis(), rejection);
        time.pass(pause);
      }
    }
  }

  /// What the gateway refuses by itself costs the server nothing, and earns no repeats.
  private static boolean isOfTheServer(Rejection rejection) {
    return rejection.reason() instanceof TimedOut
        || (rejection.reason() instanceof Unavailable(_, _, var reach) && reach != Reach.NOT_TRIED);
  }

  private static boolean isRepeatable(Call call, Rejection rejection) {
    return rejection.reason() instanceof Unavailable(_, _, var reach)
        && switch (reach) {
          case NOT_SENT -> true;
          case SENT -> isHarmlessTwice(call);
          case NOT_TRIED, TOO_LATE, ANSWERED -> false;
        };
  }

  private static boolean isHarmlessTwice(Call call) {
    boolean goesOn =
        call.request().field(Field.REQUEST_STATE).isPresent()
            || call.request().field(Field.INPUT_RESPONSES).isPresent();
    return !goesOn && (Method.isRepeatable(call.method()) || call.trail().isIdempotent());
  }

  private static boolean isTooLate(Call call, Duration pause) {
    return call.deadline().remainingNanos() <= pause.toNanos();
  }
}
