package io.watchgate.downstream;

import io.watchgate.flow.TraceContext;
import java.time.Duration;
import java.util.Optional;

/// A way to a client: its standard output, the stream that answers a call, or the stream of its
/// session.
@FunctionalInterface
interface Outlet {

  /// Sends one message, without waiting for the client.
  ///
  /// @return false when there is no way to the client: the message is dropped
  boolean send(byte[] message);

  /// Opens the stream that answers a call before there is anything to say, where the client knows
  /// how to come back for the answer.
  ///
  /// @param retry how long a client that lost the stream waits before it does
  default void begin(Duration retry) {}

  /// The trace that a call is a part of by what came along with it.
  default Optional<TraceContext> traceContext() {
    return Optional.empty();
  }

  /// Ends a stream before its answer: the client comes back for that.
  default void hangUp() {}
}
