package io.watchgate.upstream;

import io.watchgate.flow.Client;
import io.watchgate.flow.GatewayClient;
import io.watchgate.flow.Session;
import io.watchgate.jsonrpc.Field;
import io.watchgate.jsonrpc.Notification;
import io.watchgate.mcp.ListKind;
import io.watchgate.mcp.Method;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// For whom a session with a server is: one client, or everybody. Takes what the server says
/// outside of calls to them, and remembers who subscribed to which resource, so that a new session
/// can take over from a lost one.
final class Audience {
  private final UpstreamContext context;
  private final Map<String, Map<String, Session>> subscribers = new ConcurrentHashMap<>();
  private volatile @Nullable Session owner;

  /// @param owner the one client, null for everybody
  Audience(UpstreamContext context, @Nullable Session owner) {
    this.context = context;
    this.owner = owner;
  }

  boolean isEverybody() {
    return owner == null;
  }

  /// Becomes the audience of one client.
  void claim(Session session) {
    owner = session;
  }

  /// Who declares capabilities and is asked: the owner, or the gateway, which declares none.
  Session client() {
    var one = owner;
    return one == null ? GatewayClient.INSTANCE : one;
  }

  /// Takes a notification to those it is for.
  ///
  /// @param caller the client of the call on whose exchange it came
  void hear(Notification notification, @Nullable Client caller) {
    var one = owner;
    if (ListKind.changedBy(notification.method()).findAny().isPresent()) {
      context.events().listChanged(context.server(), notification, client());
    } else if (caller != null) {
      caller.tell(notification);
    } else if (one != null) {
      one.tell(notification);
    } else if (notification.method().equals(Method.RESOURCE_UPDATED)) {
      var uri = notification.text(Field.URI).orElse("");
      subscribers.getOrDefault(uri, Map.of()).values().forEach(each -> each.tell(notification));
    } else {
      context.events().broadcast(context.server(), notification);
    }
  }

  void subscribed(String uri, Session session) {
    subscribers.computeIfAbsent(uri, _ -> new ConcurrentHashMap<>()).put(session.key(), session);
  }

  /// Forgets one subscriber; true when nobody is left and the server may forget the resource.
  boolean unsubscribed(String uri, Session session) {
    var left = subscribers.get(uri);
    if (left == null) {
      return true;
    }
    left.remove(session.key());
    return left.isEmpty() && subscribers.remove(uri, left);
  }

  Set<String> subscriptions() {
    return Set.copyOf(subscribers.keySet());
  }
}
