package io.watchgate.upstream;

import io.watchgate.flow.GatewayClient;
import io.watchgate.flow.Rejection;
import io.watchgate.flow.Rejection.Reach;
import io.watchgate.flow.Rejection.Unavailable;
import io.watchgate.flow.Session;
import io.watchgate.mcp.Era;
import io.watchgate.upstream.UpstreamSettings.SessionScope;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The links to one server. In the era of handshakes every client has one of its own, unless all
/// share one; it comes with the client's first call and goes with the client. Where requests stand
/// for themselves one link serves everybody. Safe for any number of threads.
final class Links {
  private final UpstreamContext context;
  private final Link.Opener opener;
  private final Runnable onEmpty;
  private final ConcurrentHashMap<String, Link> byClient = new ConcurrentHashMap<>();
  private final ConcurrentHashMap<String, ExclusiveLinks> exclusive = new ConcurrentHashMap<>();
  private final Set<Thread> closing = ConcurrentHashMap.newKeySet();
  private volatile @Nullable Link stateless;
  private volatile boolean closed;

  /// @param onEmpty runs when the last client's link is gone
  Links(UpstreamContext context, Link.Opener opener, Runnable onEmpty) {
    this.context = context;
    this.opener = opener;
    this.onEmpty = onEmpty;
  }

  /// The link for a session, made if there is none.
  Link to(Session session, Era era) {
    return switch (era) {
      case STATELESS -> statelessLink();
      case HANDSHAKE ->
          isShared() || session == GatewayClient.INSTANCE ? ownLink() : clientLink(session);
    };
  }

  /// The link of a session if it has one.
  @Nullable Link existing(Session session, Era era) {
    var key = isShared() ? GatewayClient.INSTANCE.key() : session.key();
    return era == Era.STATELESS ? stateless : byClient.get(key);
  }

  private boolean isShared() {
    return context.settings().sessions() == SessionScope.SHARED;
  }

  private Link statelessLink() {
    var existing = stateless;
    if (existing != null) {
      return existing;
    }
    synchronized (byClient) {
      requireOpen();
      var link = stateless;
      if (link == null) {
        link = link(null, Era.STATELESS);
        stateless = link;
      }
      return link;
    }
  }

  private Link clientLink(Session session) {
    var existing = byClient.get(session.key());
    return existing == null ? newLink(session) : existing;
  }

  /// A client that declares nothing takes over the gateway's own link, which declared nothing
  /// either: that spares it the wait for a new process.
  private Link newLink(Session session) {
    Link link;
    synchronized (byClient) {
      requireOpen();
      link = byClient.get(session.key());
      if (link != null) {
        return link;
      }
      if (session.capabilities().members().isEmpty()) {
        link = byClient.remove(GatewayClient.INSTANCE.key());
      }
      if (link == null) {
        link = link(session, Era.HANDSHAKE);
      } else {
        link.audience().claim(session);
      }
      byClient.put(session.key(), link);
    }
    session.onClose(() -> drop(session.key()));
    return link;
  }

  /// Links for calls of a session that must not share one.
  ExclusiveLinks exclusive(Session session) {
    var first = clientLink(session);
    return exclusive.computeIfAbsent(
        session.key(),
        _ ->
            new ExclusiveLinks(
                context.settings().name(), first, () -> link(session, Era.HANDSHAKE)));
  }

  private Link ownLink() {
    synchronized (byClient) {
      requireOpen();
      return byClient.computeIfAbsent(GatewayClient.INSTANCE.key(), _ -> link(null, Era.HANDSHAKE));
    }
  }

  /// @param owner the one client of the link, null for everybody
  private Link link(@Nullable Session owner, Era era) {
    return new Link(context, opener, new Audience(context, owner), era);
  }

  private void requireOpen() {
    if (closed) {
      throw new Rejection(
          new Unavailable(context.settings().name(), "closed by the gateway", Reach.NOT_SENT));
    }
  }

  private void drop(String key) {
    var link = byClient.remove(key);
    if (link != null) {
      close(link);
    }
    var others = exclusive.remove(key);
    if (others != null) {
      others.others().forEach(this::close);
    }
    if (byClient.isEmpty()) {
      onEmpty.run();
    }
  }

  /// The gateway's own link has done its work once another one is up.
  void dropStandby(Link reached) {
    var own = byClient.get(GatewayClient.INSTANCE.key());
    if (own != null && own != reached && !isShared()) {
      drop(GatewayClient.INSTANCE.key());
    }
  }

  Stream<Link> all() {
    var one = stateless;
    var ofClients =
        Stream.concat(
            byClient.values().stream(),
            exclusive.values().stream().flatMap(ExclusiveLinks::others));
    return one == null ? ofClients : Stream.concat(Stream.of(one), ofClients);
  }

  /// Ends all links; waits for them, but not longer than they are given to end.
  void close() {
    List<Link> open;
    synchronized (byClient) {
      closed = true;
      open = new ArrayList<>(all().toList());
      byClient.clear();
      exclusive.clear();
      stateless = null;
    }
    open.forEach(this::close);
    closing.forEach(Links::join);
  }

  boolean isClosed() {
    return closed;
  }

  /// A server may take seconds to end: nobody waits for that but the gateway's own end.
  private void close(Link link) {
    var thread =
        Thread.ofVirtual()
            .name("close " + context.settings().name())
            .unstarted(() -> {
              link.close();
              closing.remove(Thread.currentThread());
            });
    closing.add(thread);
    thread.start();
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
