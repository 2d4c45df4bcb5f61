package io.watchgate.upstream;

import io.watchgate.flow.Call;
import io.watchgate.flow.Deadline;
import io.watchgate.flow.GatewayClient;
import io.watchgate.flow.Rejection;
import io.watchgate.flow.Session;
import io.watchgate.mcp.Era;
import io.watchgate.mcp.Method;
import io.watchgate.upstream.SessionPool.Want;
import io.watchgate.upstream.UpstreamSettings.Remote;
import io.watchgate.upstream.UpstreamSettings.SessionScope;
import io.watchgate.upstream.UpstreamSettings.Wire;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The links to one server. In the era of handshakes a call uses the link of its client, of what it
/// named ({@link KeyedSession}), or of everybody where all share one: they are in a pool. Where
/// requests stand for themselves one link serves everybody. Safe for any number of threads.
final class Links {
  private final UpstreamContext context;
  private final LinkOwner owner;
  private final Closings closings;
  private final SessionPool pool;
  private final Set<String> watched = ConcurrentHashMap.newKeySet();
  private @Nullable Link stateless;
  private volatile boolean closed;

  /// @param onEmpty runs when the last link of a client is gone
  Links(UpstreamContext context, LinkOwner owner, Runnable onEmpty) {
    this.context = context;
    this.owner = owner;
    this.closings = new Closings(context.settings().name());
    this.pool = new SessionPool(context, owner, onEmpty, closings);
  }

  /// The use of a link by one call, until it is closed.
  record Lease(Link link, Runnable giveBack) implements AutoCloseable {
    @Override
    public void close() {
      giveBack.run();
    }
  }

  /// The link of a session, made if there is none; waits for room, within the deadline.
  ///
  /// @param alone whether no other such call of the session may use the link at the same time
  /// @throws Rejection when there is no room
  Lease take(Session session, Era era, boolean alone, Deadline deadline)
      throws InterruptedException {
    if (era == Era.STATELESS) {
      return new Lease(stateless(), () -> {});
    }
    var place = pool.take(new Want(user(session), alone), deadline);
    watch(session);
    return new Lease(place.link(), () -> pool.giveBack(place, alone));
  }

  /// The link for a call.
  Lease take(Call call, Era era) throws InterruptedException {
    try (var _ = call.trail().span().waiting("session", context.settings().name())) {
      return take(call.client().session(), era, isExclusive(call, era), call.deadline());
    }
  }

  /// Whether the server could ask for input without saying for which call it does: a server on a
  /// pipe, whose stateless client must be asked for the right one.
  private boolean isExclusive(Call call, Era era) {
    var client = call.client().session();
    return era == Era.HANDSHAKE
        && client.version().isStateless()
        && !client.capabilities().members().isEmpty()
        && !isShared()
        && !(context.settings().target() instanceof Remote(_, _, var wire)
            && wire == Wire.STREAMABLE_HTTP)
        && Method.mayRequireInput(call.method());
  }

  /// Starts to connect for a session where there is room; returns at once.
  void prepare(Session session, Era era) {
    if (era == Era.STATELESS) {
      stateless().start();
      return;
    }
    var place = pool.prepare(user(session));
    watch(session);
    if (place != null) {
      place.link().start();
    }
  }

  /// The link of a session if it has one.
  @Nullable Link existing(Session session, Era era) {
    if (era == Era.STATELESS) {
      return everybodys();
    }
    var place = pool.existing(user(session));
    return place == null ? null : place.link();
  }

  private Session user(Session session) {
    return isShared() ? GatewayClient.INSTANCE : session;
  }

  private boolean isShared() {
    return context.settings().sessions() == SessionScope.SHARED;
  }

  private synchronized Link stateless() {
    if (closed) {
      throw context.unavailable("closed by the gateway");
    }
    var link = stateless;
    if (link == null) {
      var everybody = new Audience(context, GatewayClient.INSTANCE);
      var atOnce = CompletableFuture.completedFuture(null);
      link = new Link(context, owner, everybody, Era.STATELESS, atOnce);
      stateless = link;
    }
    return link;
  }

  private synchronized @Nullable Link everybodys() {
    return stateless;
  }

  /// Hears when the client is gone, once for all that it uses.
  private void watch(Session session) {
    var client = KeyedSession.client(session);
    if (client != GatewayClient.INSTANCE && watched.add(client.key())) {
      client.onClose(() -> left(client));
    }
  }

  private void left(Session client) {
    watched.remove(client.key());
    pool.removeIf(place -> place.link().audience().leave(client));
  }

  /// The gateway's own link has done its work once another one is up.
  void dropStandby(Link reached) {
    var own = existing(GatewayClient.INSTANCE, Era.HANDSHAKE);
    if (own != null && own != reached && !isShared()) {
      pool.removeOwn();
    }
  }

  /// Those in the pool: sessions that there are, or will be as soon as they are connected.
  int inUse() {
    return pool.places().size();
  }

  /// The most that there may be in the pool.
  int max() {
    return isShared() ? 1 : context.settings().pool().max();
  }

  /// Calls that wait for room in the pool.
  int waiting() {
    return pool.waiting();
  }

  Stream<Link> all() {
    return Stream.concat(Stream.ofNullable(everybodys()), pool.places().stream().map(Place::link));
  }

  boolean isClosed() {
    return closed;
  }

  /// Ends all links; waits for them, but not longer than they are given to end.
  void close() {
    synchronized (this) {
      closed = true;
      if (stateless != null) {
        closings.close(stateless);
      }
    }
    pool.close();
    closings.ended().join();
  }
}
