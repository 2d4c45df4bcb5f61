package io.watchgate.routing;

import io.watchgate.flow.GatewayClient;
import io.watchgate.flow.Session;
import io.watchgate.jsonrpc.Notification;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// The clients of one router, for what concerns all of them.
final class Audiences {
  private final Map<String, Session> sessions = new ConcurrentHashMap<>();

  void add(Session session) {
    if (session != GatewayClient.INSTANCE && sessions.put(session.key(), session) == null) {
      session.onClose(() -> sessions.remove(session.key()));
    }
  }

  void tell(Notification notification) {
    sessions.values().forEach(session -> session.tell(notification));
  }
}
