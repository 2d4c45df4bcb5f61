package io.watchgate.flow;

import io.watchgate.jsonrpc.Notification;

/// Hears what happens to servers outside of any call. Called on the threads that read from servers:
/// implementations do not block.
public interface ServerEvents {

  /// A server sent a notification that belongs to no one client: all clients may want it.
  void broadcast(Server server, Notification notification);

  /// A server said that a list has changed.
  ///
  /// @param owner the client on whose session it said so, the gateway when the session serves all
  void listChanged(Server server, Notification notification, Session owner);

  /// A server was reached, for the first time or again: its lists may be others.
  ///
  /// @param owner the client for whom it was reached, the gateway when the session serves all
  void reached(Server server, Session owner);
}
