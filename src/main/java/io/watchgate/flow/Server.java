package io.watchgate.flow;

import java.time.Duration;

/// One MCP server as the gateway's inside sees it: it takes calls under its own names, and says how
/// it is.
public interface Server extends Handler {

  /// The name in the configuration.
  String name();

  ServerStatus status();

  /// Whether all clients share one session with the server, and so see the same lists.
  boolean isShared();

  /// Makes sure that the server is reached, or being reached, for this session; returns at once.
  void prepare(Session session);

  /// Waits until the first attempt to reach the server has ended either way, but no longer than
  /// this after it began: a server that hangs costs the patience once, not each time.
  void awaitFirstContact(Duration patience) throws InterruptedException;
}
