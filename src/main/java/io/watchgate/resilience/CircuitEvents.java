package io.watchgate.resilience;

import io.watchgate.flow.Server;
import io.watchgate.flow.ServerEvents;
import io.watchgate.flow.Session;
import io.watchgate.jsonrpc.Notification;

/// Lets one server's circuit hear that the server was reached, before anybody calls it for that.
///
/// @param next hears everything
public record CircuitEvents(CircuitBreaker breaker, ServerEvents next) implements ServerEvents {
  @Override
  public void broadcast(Server server, Notification notification) {
    next.broadcast(server, notification);
  }

  @Override
  public void listChanged(Server server, Notification notification, Session owner) {
    next.listChanged(server, notification, owner);
  }

  @Override
  public void reached(Server server, Session owner) {
    breaker.reached();
    next.reached(server, owner);
  }
}
