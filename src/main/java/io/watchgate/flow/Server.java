package io.watchgate.flow;

import io.watchgate.flow.ServerStatus.Offer;
import io.watchgate.mcp.Era;
import java.time.Duration;
import java.util.Optional;

/// One MCP server as the gateway's inside sees it: it takes calls under its own names, and says how
/// it is.
public interface Server extends Handler {

  /// The name in the configuration.
  String name();

  ServerStatus status();

  /// What it said of itself last, empty when it was never reached.
  default Optional<Offer> offer() {
    return status().offer();
  }

  /// Whether all clients share one session with the server, and so see the same lists.
  boolean isShared();

  /// How calls of this session have to be put to the server. Reaches the server to find out, within
  /// the deadline, where that is not known.
  ///
  /// @throws Rejection when the server cannot be reached
  default Era era(Session session, Deadline deadline) throws InterruptedException {
    return Era.HANDSHAKE;
  }

  /// Makes sure that the server is reached, or being reached, for this session; returns at once.
  void prepare(Session session);

  /// Waits until the first attempt to reach the server has ended either way, but no longer than
  /// this after it began: a server that hangs costs the patience once, not each time.
  ///
  /// @return false when that was too short
  boolean awaitFirstContact(Duration patience) throws InterruptedException;
}
