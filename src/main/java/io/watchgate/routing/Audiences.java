package io.watchgate.routing;

import io.watchgate.flow.GatewayClient;
import io.watchgate.flow.Session;
import io.watchgate.jsonrpc.Notification;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// The clients of one router, for what concerns all of them.
final class Audiences {
  private final Map<String, Session> sessions = new ConcurrentHashMap<>();

  void add(Session session) {
    if (session != GatewayClient.INSTANCE && sessions.put(session.key(), session) == null) {
      session.onClose(() -> sessions.remove(session.key()));
    }
  }

  /// Whose all clients are, empty when they are of several.
  Optional<String> principal() {
    var all = sessions.values().stream().map(Session::principal).distinct().limit(2).toList();
    return all.size() == 1 ? Optional.of(all.getFirst()) : Optional.empty();
  }

  List<Session> all() {
    return List.copyOf(sessions.values());
  }

  void tell(Notification notification) {
    sessions.values().forEach(session -> session.tell(notification));
  }
}
