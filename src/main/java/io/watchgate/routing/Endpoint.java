package io.watchgate.routing;

import io.watchgate.flow.Server;
import io.watchgate.flow.Session;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// Where the clients of one path come in. Routers take each other's place there with every
/// configuration; the clients stay, and so do their sessions with the servers that stay.
final class Endpoint {
  private final Audiences audiences = new Audiences();
  private final Farewells farewells = new Farewells();
  private final Map<Server, Naming> namings = new ConcurrentHashMap<>();
  private volatile boolean promisedAll;

  /// The clients that are to be told what concerns all.
  Audiences audiences() {
    return audiences;
  }

  /// A client was offered all that there is, for the sake of a server that nobody had reached yet.
  void promiseAll() {
    promisedAll = true;
  }

  /// Whether clients may ask for what no server has.
  boolean hasPromisedAll() {
    return promisedAll;
  }

  /// Takes over the names that a new router gives to its members' things.
  void serve(List<Member> members) {
    members.forEach(member -> namings.put(member.server(), member.naming()));
  }

  /// How clients know a server's things now, empty when the server is gone.
  Optional<Naming> naming(Server server) {
    return Optional.ofNullable(namings.get(server));
  }

  /// Runs an action for a server when a client goes, unless the server goes first.
  void onClose(Session session, Server server, Runnable action) {
    farewells.add(session, server, action);
  }

  /// A server is gone.
  void forget(Server server) {
    namings.remove(server);
    farewells.forget(server);
  }
}
