package io.watchgate.routing;

import io.watchgate.flow.GatewayClient;
import io.watchgate.flow.Session;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// What one server offers to each client. A server may show a client that can be asked for input
/// other tools than one that cannot, so every session has lists of its own; they are one and the
/// same objects as long as they say the same.
final class Offers {
  private final ListSource source;
  private final Map<String, ServerLists> bySession = new ConcurrentHashMap<>();
  private final SameListings same = new SameListings();
  private final KeptReads reads;

  Offers(ListSource source) {
    this.source = source;
    this.reads = new KeptReads(source);
  }

  /// What the server's resources say, for all clients.
  KeptReads reads() {
    return reads;
  }

  /// @param naming gives what the server says the names that the client knows
  ServerLists to(Session session, Naming naming) {
    var audience = source.server().isShared() ? GatewayClient.INSTANCE : session;
    var known = bySession.get(audience.key());
    if (known != null) {
      return known;
    }
    var named = new NamedSession(audience, naming);
    var lists =
        bySession.computeIfAbsent(audience.key(), _ -> new ServerLists(source, named, same));
    audience.onClose(() -> bySession.remove(audience.key()));
    return lists;
  }

  /// What was offered to all clients so far.
  List<ServerLists> all() {
    return List.copyOf(bySession.values());
  }

  /// What was offered to a client so far.
  Optional<ServerLists> known(Session session) {
    return Optional.ofNullable(bySession.get(session.key()));
  }
}
