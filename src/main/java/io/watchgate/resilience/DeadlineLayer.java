package io.watchgate.resilience;

import io.watchgate.flow.Deadline;
import io.watchgate.flow.Handler;
import io.watchgate.flow.Layer;
import io.watchgate.flow.Time;
import java.time.Duration;

/// Gives every call the point in time at which it ends whatever happens; everything below keeps to
/// it.
///
/// @param max longest life of a call, whatever progress it reports
public record DeadlineLayer(Duration max, Time time) implements Layer {
  @Override
  public Handler around(Handler inner) {
    return call -> inner.handle(call.with(Deadline.after(max, time).orSooner(call.deadline())));
  }
}
