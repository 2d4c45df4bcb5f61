package io.watchgate.routing;

import io.watchgate.flow.Client;
import io.watchgate.flow.Handler;
import io.watchgate.flow.Server;
import io.watchgate.flow.Session;
import io.watchgate.jsonrpc.Notification;
import java.util.function.UnaryOperator;

/// A server's place in the gateway.
///
/// @param server how it is
/// @param handler the stack that calls to it go through
/// @param prefix what its names start with downstream, empty for none
/// @param offers what it offers to whom, shared by all routers that it is a member of
/// @param naming gives what the server says the names that clients know
record Member(
    Server server,
    Handler handler,
    String prefix,
    Offers offers,
    UnaryOperator<Notification> naming) {

  String name() {
    return server.name();
  }

  /// A client as this server sees it.
  Client seen(Client client) {
    return NamedSession.of(client, naming);
  }

  /// A client's session as this server sees it.
  Session seen(Session session) {
    return new NamedSession(session, naming);
  }

  /// What the server offers to one client.
  ServerLists lists(Session session) {
    return offers.to(session, naming);
  }

  boolean hasCapability(String capability) {
    return server.status().offer().map(offer -> offer.has(capability)).orElse(false);
  }

  boolean mayHaveCapability(String capability) {
    return server.status().offer().map(offer -> offer.has(capability)).orElse(true);
  }
}
