package io.watchgate.downstream;

import io.watchgate.flow.Call;
import io.watchgate.flow.Cancellation;
import io.watchgate.flow.Client;
import io.watchgate.flow.Deadline;
import io.watchgate.flow.Handler;
import io.watchgate.flow.Rejection;
import io.watchgate.flow.Reply;
import io.watchgate.flow.RescueLayer;
import io.watchgate.jsonrpc.Request;
import io.watchgate.mcp.ProtocolVersion;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A client's request from the moment it was read until it is answered or cancelled. Registered by
/// the thread that reads, so that a cancellation that comes right behind it finds it.
final class InFlight {
  private final Object key;
  private final Request request;
  private final ProtocolVersion version;
  private final Cancellation cancellation = new Cancellation();
  private @Nullable Thread thread;
  private @Nullable Rejection refusal;
  private boolean cancelled;

  /// @param key under which it is registered
  /// @param version the revision that the client speaks
  InFlight(Object key, Request request, ProtocolVersion version) {
    this.key = key;
    this.request = request;
    this.version = version;
  }

  Object key() {
    return key;
  }

  Request request() {
    return request;
  }

  /// Runs the call on this thread.
  ///
  /// @return the reply, empty when the call was cancelled and nobody wants one
  Optional<Reply> run(Handler handler, Client client) {
    if (!begin()) {
      return interrupted();
    }
    try {
      var call = new Call(request, client, Deadline.NEVER, cancellation);
      return Optional.of(handler.handle(call));
    } catch (InterruptedException _) {
      return interrupted();
    } finally {
      end();
    }
  }

  private synchronized boolean begin() {
    thread = Thread.currentThread();
    return !cancelled;
  }

  private synchronized void end() {
    thread = null;
    boolean _ = Thread.interrupted(); // a cancellation that came too late must not hit what follows
  }

  private synchronized Optional<Reply> interrupted() {
    return Optional.ofNullable(refusal)
        .map(r -> new Reply.Refused(RescueLayer.answer(request.id(), r, version), r));
  }

  /// Ends the call and answers it with the rejection.
  synchronized void abort(Rejection rejection) {
    refusal = rejection;
    cancel(Optional.of("the gateway gave it up"));
  }

  synchronized void cancel(Optional<String> reason) {
    reason.ifPresent(cancellation::because);
    cancelled = true;
    if (thread != null) {
      thread.interrupt();
    }
  }
}
