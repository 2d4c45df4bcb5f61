package io.watchgate.routing;

import io.watchgate.flow.Server;
import io.watchgate.flow.Session;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What servers want done when a client goes. A server that goes first wants nothing any more:
/// clients may stay for longer than many configurations. Safe for any number of threads.
final class Farewells {
  private final Map<String, Map<Server, List<Runnable>>> bySession = new HashMap<>();

  /// Keeps an action for the end of a session; runs it at once when that is over.
  void add(Session session, Server server, Runnable action) {
    if (keep(session.key(), server, action)) {
      session.onClose(() -> take(session.key()).forEach(Runnable::run));
    }
  }

  /// @return whether it is the first one of the session
  private synchronized boolean keep(String key, Server server, Runnable action) {
    var known = bySession.get(key);
    var ofSession = known == null ? new LinkedHashMap<Server, List<Runnable>>() : known;
    ofSession.computeIfAbsent(server, _ -> new ArrayList<>()).add(action);
    bySession.put(key, ofSession);
    return known == null;
  }

  private synchronized List<Runnable> take(String key) {
    var all = bySession.remove(key);
    return all == null ? List.of() : all.values().stream().flatMap(List::stream).toList();
  }

  synchronized void forget(Server server) {
    bySession.values().forEach(ofSession -> ofSession.remove(server));
  }
}
