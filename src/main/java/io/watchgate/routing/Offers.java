package io.watchgate.routing;

import io.watchgate.flow.GatewayClient;
import io.watchgate.flow.Policy;
import io.watchgate.flow.Session;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// What one server offers to each client. A server may show a client that can be asked for input
/// other tools than one that cannot, so every session has lists of its own; they are one and the
/// same objects as long as they say the same.
final class Offers {
  private final ListSource source;
  private final Policy policy;
  private final Map<String, ServerLists> bySession = new ConcurrentHashMap<>();
  private final SameListings same = new SameListings();
  private final KeptReads reads;
  private volatile @Nullable Offers before;

  /// @param policy by which it is shown
  /// @param before those of the server in whose place this one came: they stand in for what was not
  ///   read yet, null when there was none
  Offers(ListSource source, Policy policy, @Nullable Offers before) {
    this.source = source;
    this.policy = policy;
    this.reads = new KeptReads(source);
    this.before = before;
  }

  /// Whether it is shown by this policy.
  boolean isBy(Policy other) {
    return policy.equals(other);
  }

  /// What the server's resources say, for all clients.
  KeptReads reads() {
    return reads;
  }

  /// @param endpoint where the client came in
  ServerLists to(Session session, Endpoint endpoint) {
    var audience = audience(session);
    var known = bySession.get(audience.key());
    if (known != null) {
      return known;
    }
    var named = new NamedSession(audience, source.server(), endpoint);
    var lists = bySession.computeIfAbsent(audience.key(), _ -> lists(named));
    named.onClose(() -> bySession.remove(audience.key()));
    return lists;
  }

  private Session audience(Session session) {
    return source.server().isShared() ? GatewayClient.INSTANCE : session.listedFor();
  }

  private ServerLists lists(NamedSession audience) {
    var lists = new ServerLists(source, audience, same);
    var last = before;
    if (last != null) {
      last.seen(audience).ifPresent(lists::standIn);
    }
    return lists;
  }

  /// What was offered to a client so far, or to all where they are one.
  Optional<ServerLists> seen(Session session) {
    return known(audience(session));
  }

  /// The server before is gone, and what it offered with it.
  void forget(Offers gone) {
    if (before == gone) {
      before = null;
    }
  }

  void forgetBefore() {
    before = null;
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
