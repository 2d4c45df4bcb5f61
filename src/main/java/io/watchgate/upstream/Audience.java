package io.watchgate.upstream;

import static java.util.Comparator.naturalOrder;

import io.watchgate.flow.Client;
import io.watchgate.flow.GatewayClient;
import io.watchgate.flow.Session;
import io.watchgate.jsonrpc.Field;
import io.watchgate.jsonrpc.Notification;
import io.watchgate.mcp.ListKind;
import io.watchgate.mcp.LogLevel;
import io.watchgate.mcp.Method;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// For whom a session with a server is: one client, the clients that named it, or everybody. Takes
/// what the server says outside of calls to them, and remembers who subscribed to which resource,
/// so that a new session can take over from a lost one.
final class Audience {
  private final UpstreamContext context;
  private final Map<String, Map<String, Session>> subscribers = new ConcurrentHashMap<>();
  private final Map<String, Session> members = new ConcurrentHashMap<>();
  private volatile Session user;

  /// @param user whose key it is: a client, one that named the session, or the gateway for
  ///   everybody
  Audience(UpstreamContext context, Session user) {
    this.context = context;
    this.user = user;
  }

  /// Becomes the audience of another.
  void claim(Session session) {
    user = session;
  }

  /// Takes in one of those who named the session.
  void join(Session session) {
    if (session instanceof KeyedSession keyed) {
      members.put(keyed.client().key(), keyed.client());
    }
  }

  /// Forgets a client that is gone.
  ///
  /// @return whether nobody is left
  boolean leave(Session client) {
    subscribers.forEach((uri, _) -> unsubscribed(uri, client));
    var one = owner();
    return one == null
        ? members.remove(client.key()) != null && members.isEmpty()
        : one.key().equals(client.key());
  }

  /// The one client, null when there may be several.
  private @Nullable Session owner() {
    var one = user;
    return one == GatewayClient.INSTANCE || one instanceof KeyedSession ? null : one;
  }

  boolean isEverybody() {
    return owner() == null;
  }

  /// Who declares capabilities and is asked: the owner, or the gateway, which declares none.
  Session client() {
    var one = owner();
    return one == null ? GatewayClient.INSTANCE : one;
  }

  /// The least severe that anybody wants to hear of.
  Optional<LogLevel> logLevel() {
    var one = owner();
    return one == null
        ? members.values().stream()
            .flatMap(member -> member.logLevel().stream())
            .min(naturalOrder())
        : one.logLevel();
  }

  /// Tells its session from others in the log, and tells nobody the key of a client's.
  String label() {
    return context.settings().name()
        + "/"
        + switch (user) {
          case GatewayClient gateway -> gateway.key();
          case KeyedSession keyed -> "key:" + keyed.name();
          case Session client -> ShortHash.of(client.key());
        };
  }

  /// Takes a notification to those it is for.
  ///
  /// @param caller the client of the call on whose exchange it came
  void hear(Notification notification, @Nullable Client caller) {
    boolean named = user instanceof KeyedSession;
    var all = named ? List.copyOf(members.values()) : List.of(client());
    if (ListKind.changedBy(notification.method()).findAny().isPresent()) {
      all.forEach(each -> context.events().listChanged(context.server(), notification, each));
    } else if (caller != null) {
      caller.tell(notification);
    } else if (owner() != null) {
      client().tell(notification);
    } else if (notification.method().equals(Method.RESOURCE_UPDATED)) {
      var uri = notification.text(Field.URI).orElse("");
      subscribers.getOrDefault(uri, Map.of()).values().forEach(each -> each.tell(notification));
    } else if (named) {
      all.forEach(each -> each.tell(notification));
    } else {
      context.events().broadcast(context.server(), notification);
    }
  }

  void subscribed(String uri, Session session) {
    subscribers
        .computeIfAbsent(uri, _ -> new ConcurrentHashMap<>())
        .put(subscriber(session), session);
  }

  /// Forgets one subscriber; true when nobody is left and the server may forget the resource.
  boolean unsubscribed(String uri, Session session) {
    var left = subscribers.get(uri);
    if (left == null) {
      return true;
    }
    left.remove(subscriber(session));
    return left.isEmpty() && subscribers.remove(uri, left);
  }

  private static String subscriber(Session session) {
    return KeyedSession.client(session).key();
  }

  Set<String> subscriptions() {
    return Set.copyOf(subscribers.keySet());
  }
}
