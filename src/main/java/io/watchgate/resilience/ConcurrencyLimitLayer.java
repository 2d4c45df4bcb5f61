package io.watchgate.resilience;

import io.watchgate.flow.Handler;
import io.watchgate.flow.Layer;
import io.watchgate.jsonrpc.Notification;

/// Refuses what is beyond a limit of calls in flight, before any work is done for it. Notifications
/// pass: one may be the cancellation that makes room.
public record ConcurrencyLimitLayer(ConcurrencyLimit limit) implements Layer {
  @Override
  public Handler around(Handler inner) {
    return call -> {
      if (call.message() instanceof Notification) {
        return inner.handle(call);
      }
      limit.acquire(call.deadline());
      try {
        return inner.handle(call);
      } finally {
        limit.release();
      }
    };
  }
}
