package io.watchgate.telemetry;

import io.watchgate.flow.Call;
import io.watchgate.flow.Handler;
import io.watchgate.flow.Layer;
import io.watchgate.flow.Rejection;
import io.watchgate.flow.Reply;
import io.watchgate.flow.RescueLayer;
import io.watchgate.flow.Time;
import io.watchgate.jsonrpc.Notification;
import io.watchgate.telemetry.CallStatistics.Failure;

/// Counts and times the calls to one server. Notifications have no outcome and are not counted.
public record TelemetryLayer(CallStatistics statistics, Time time) implements Layer {
  @Override
  public Handler around(Handler inner) {
    return call -> call.message() instanceof Notification ? inner.handle(call) : timed(inner, call);
  }

  private Reply timed(Handler inner, Call call) throws InterruptedException {
    long started = time.nanos();
    try {
      var reply = inner.handle(call);
      boolean isError = reply.response().error().isPresent();
      statistics.answered(time.nanos() - started, isError);
      return reply;
    } catch (Rejection rejection) {
      var version = call.client().session().version();
      var message = RescueLayer.answer(call.request().id(), rejection, version).errorMessage();
      statistics.failed(new Failure(message, time.nanos()));
      throw rejection;
    } catch (InterruptedException cancelled) {
      statistics.cancelled();
      throw cancelled;
    }
  }
}
