package io.watchgate.upstream;

import io.watchgate.flow.Occurrence.ServerChanged;
import io.watchgate.flow.ServerStatus.Offer;
import io.watchgate.upstream.Upstream.Failure;
import java.util.Optional;

/// What was last heard of a server, good or bad. Has it recorded when that changes.
final class Standing {
  private final UpstreamContext context;
  private volatile boolean well;
  private volatile Optional<Offer> offer = Optional.empty();
  private volatile Optional<Failure> lastFailure = Optional.empty();

  Standing(UpstreamContext context) {
    this.context = context;
  }

  /// The server was reached, and said this of itself.
  void reached(Offer newest) {
    if (!well) {
      saw("upstream/ready", "revision " + newest.protocolVersion());
    }
    offer = Optional.of(newest);
    well = true;
  }

  /// The server was lost, or not reached.
  void failed(String cause) {
    if (well || lastFailure.isEmpty()) {
      saw("upstream/failed", cause);
    }
    well = false;
    lastFailure = Optional.of(new Failure(cause, context.time().nanos()));
  }

  private void saw(String what, String why) {
    context.witness().saw(new ServerChanged(context.settings().name(), what, why));
  }

  /// Whether the last that was heard of the server was good: without any session it can be called.
  boolean isWell() {
    return well;
  }

  /// What it said of itself last, empty when it was never reached.
  Optional<Offer> offer() {
    return offer;
  }

  Optional<Failure> lastFailure() {
    return lastFailure;
  }
}
