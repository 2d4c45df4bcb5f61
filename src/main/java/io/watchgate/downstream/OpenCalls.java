package io.watchgate.downstream;

import io.watchgate.flow.Rejection;
import io.watchgate.flow.Rejection.InvalidRequest;
import io.watchgate.flow.Rejection.ShuttingDown;
import io.watchgate.jsonrpc.Field;
import io.watchgate.jsonrpc.Notification;
import io.watchgate.jsonrpc.Request;
import io.watchgate.jsonrpc.RequestId;
import io.watchgate.mcp.Method;
import io.watchgate.mcp.ProtocolVersion;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// The requests in flight of one connection, or of all that share nothing but the listener, so that
/// a cancellation and the end of the gateway find them. Safe for any number of threads.
final class OpenCalls {
  private final ConcurrentHashMap<Object, InFlight> inFlight = new ConcurrentHashMap<>();
  private volatile boolean stopping;

  /// Registers a request of a sender whose ids tell its requests apart.
  ///
  /// @throws Rejection when a request with this id is in flight already, or the gateway stops
  InFlight admit(Request request, ProtocolVersion version) {
    var admitted = register(request.id(), request, version);
    if (admitted.isEmpty()) {
      throw new Rejection(
          new InvalidRequest("id " + request.id() + " belongs to a request that is in flight"));
    }
    return admitted.get();
  }

  /// Registers a request whose id may be that of another sender's, too.
  ///
  /// @throws Rejection when the gateway stops
  InFlight admitAlone(Request request, ProtocolVersion version) {
    return register(new Object(), request, version).orElseThrow();
  }

  private Optional<InFlight> register(Object key, Request request, ProtocolVersion version) {
    if (stopping) {
      throw new Rejection(new ShuttingDown());
    }
    var admitted = new InFlight(key, request, version);
    return inFlight.putIfAbsent(key, admitted) == null ? Optional.of(admitted) : Optional.empty();
  }

  /// Forgets a request that was answered, or never will be.
  void release(InFlight admitted) {
    inFlight.remove(admitted.key(), admitted);
  }

  boolean isEmpty() {
    return inFlight.isEmpty();
  }

  /// Carries out a `notifications/cancelled`; false when it names no request in flight.
  boolean cancel(Notification notification) {
    var call =
        notification
            .field(Field.REQUEST_ID)
            .map(id -> inFlight.get(new RequestId(id.toString())))
            .orElse(null);
    if (call == null) {
      return false;
    }
    if (!call.request().method().equals(Method.INITIALIZE)) {
      call.cancel(notification.field(Field.PARAMS).flatMap(params -> params.textMember("reason")));
    }
    return true;
  }

  /// Cancels everything.
  void cancelAll(String reason) {
    inFlight.values().forEach(call -> call.cancel(Optional.of(reason)));
  }

  /// Takes no more requests.
  void stop() {
    stopping = true;
  }

  /// Ends what is in flight and tells whoever waits that the gateway stops.
  void abort() {
    var stopping = new Rejection(new ShuttingDown());
    inFlight.values().forEach(call -> call.abort(stopping));
  }
}
