package io.watchgate.resilience;

import io.watchgate.flow.Call;
import io.watchgate.flow.Handler;
import io.watchgate.flow.Layer;
import io.watchgate.flow.Rejection;
import io.watchgate.flow.Rejection.TimedOut;
import io.watchgate.flow.Reply;
import io.watchgate.jsonrpc.Notification;

/// Refuses what is beyond a limit of calls in flight, before any work is done for it. Notifications
/// pass: one may be the cancellation that makes room.
public record ConcurrencyLimitLayer(ConcurrencyLimit limit) implements Layer {
  @Override
  public Handler around(Handler inner) {
    return call ->
        call.message() instanceof Notification ? inner.handle(call) : limited(inner, call);
  }

  private Reply limited(Handler inner, Call call) throws InterruptedException {
    try (var place = place(call)) {
      return measured(inner, call, place);
    }
  }

  private ConcurrencyLimit.Place place(Call call) throws InterruptedException {
    try (var _ = call.trail().span().waiting("limit", limit.where())) {
      return limit.take(call.client().session(), call.deadline());
    }
  }

  /// How fast a server refuses calls, or fails, says nothing about how much it can do.
  private static Reply measured(Handler inner, Call call, ConcurrencyLimit.Place place)
      throws InterruptedException {
    try {
      var reply = inner.handle(call);
      place.answered();
      if (reply.response().error().isEmpty()) {
        place.took(call);
      }
      return reply;
    } catch (Rejection rejection) {
      if (rejection.reason() instanceof TimedOut) {
        place.took(call);
      }
      throw rejection;
    }
  }
}
