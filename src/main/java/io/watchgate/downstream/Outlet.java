package io.watchgate.downstream;

/// A way to a client: its standard output, the stream that answers a call, or the stream of its
/// session.
@FunctionalInterface
interface Outlet {

  /// Sends one message, without waiting for the client.
  ///
  /// @return false when there is no way to the client: the message is dropped
  boolean send(byte[] message);
}
