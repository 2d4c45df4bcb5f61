package io.watchgate.resilience;

import io.watchgate.flow.Call;
import io.watchgate.flow.Handler;
import io.watchgate.flow.Layer;
import io.watchgate.flow.Rejection;
import io.watchgate.flow.Rejection.Reach;
import io.watchgate.flow.Rejection.TimedOut;
import io.watchgate.flow.Rejection.Unavailable;
import io.watchgate.flow.Reply;
import io.watchgate.jsonrpc.Notification;
import io.watchgate.mcp.Method;

/// Leaves a server alone that keeps failing: calls are refused at once. A server fails that cannot
/// be reached, breaks off, keeps silent or says of itself that it fails (HTTP 5xx); one that
/// answers an error in JSON-RPC is well. Refusals of the gateway's own, cancelled calls and faults
/// of a client's say nothing of the server.
public record CircuitBreakerLayer(CircuitBreaker breaker) implements Layer {
  @Override
  public Handler around(Handler inner) {
    return call -> isForTheServer(call) ? watched(inner, call) : inner.handle(call);
  }

  /// What is kept for the sessions to come is answered whether the server is there or not.
  private static boolean isForTheServer(Call call) {
    return switch (call.method()) {
      case Method.SET_LEVEL, Method.RESOURCES_UNSUBSCRIBE -> false;
      default -> !(call.message() instanceof Notification);
    };
  }

  private Reply watched(Handler inner, Call call) throws InterruptedException {
    var began = breaker.enter();
    boolean isJudged = false;
    try {
      var reply = inner.handle(call);
      breaker.succeeded(began);
      isJudged = true;
      return reply;
    } catch (Rejection rejection) {
      isJudged = judge(began, rejection.reason());
      throw rejection;
    } finally {
      if (!isJudged) {
        breaker.left(began);
      }
    }
  }

  private boolean judge(CircuitBreaker.Entered began, Rejection.Reason reason) {
    if (reason instanceof TimedOut(_, var after)) {
      breaker.failed(began, "no answer within " + after.toMillis() + " ms", true);
      return true;
    }
    if (!(reason instanceof Unavailable(_, var cause, var reach)) || reach == Reach.NOT_TRIED) {
      return false;
    }
    if (reach == Reach.ANSWERED) {
      breaker.succeeded(began);
    } else {
      breaker.failed(began, cause, false);
    }
    return true;
  }
}
