package io.watchgate.telemetry;

import io.watchgate.flow.Call;
import io.watchgate.flow.Handler;
import io.watchgate.flow.Layer;
import io.watchgate.flow.Rejection;
import io.watchgate.flow.Reply;
import io.watchgate.flow.Time;
import io.watchgate.jsonrpc.Notification;

/// Counts and times what clients ask for, whoever answers. Notifications have no outcome and are
/// not counted.
public record CallMetricsLayer(CallMetrics metrics, Time time) implements Layer {
  @Override
  public Handler around(Handler inner) {
    return call -> call.message() instanceof Notification ? inner.handle(call) : timed(inner, call);
  }

  private Reply timed(Handler inner, Call call) throws InterruptedException {
    long began = time.nanos();
    var outcome = Outcome.CANCELLED;
    try {
      var reply = inner.handle(call);
      outcome = Outcome.of(reply);
      return reply;
    } catch (Rejection rejection) {
      outcome = Outcome.of(rejection.reason());
      throw rejection;
    } finally {
      var trail = call.trail();
      var server = trail.server().orElse("");
      metrics.add(server, call.method(), trail.listedTool(), outcome, time.nanos() - began);
    }
  }
}
