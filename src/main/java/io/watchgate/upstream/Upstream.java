package io.watchgate.upstream;

import io.netty.channel.EventLoopGroup;
import io.watchgate.flow.Call;
import io.watchgate.flow.GatewayClient;
import io.watchgate.flow.Rejection;
import io.watchgate.flow.Rejection.Unavailable;
import io.watchgate.flow.Reply;
import io.watchgate.flow.Server;
import io.watchgate.flow.ServerEvents;
import io.watchgate.flow.ServerStatus;
import io.watchgate.flow.ServerStatus.Offer;
import io.watchgate.flow.ServerStatus.State;
import io.watchgate.flow.Session;
import io.watchgate.jsonrpc.Field;
import io.watchgate.jsonrpc.Json;
import io.watchgate.jsonrpc.Limits;
import io.watchgate.jsonrpc.Notification;
import io.watchgate.jsonrpc.Response;
import io.watchgate.mcp.LogLevel;
import io.watchgate.mcp.Method;
import io.watchgate.upstream.Transport.SessionGone;
import io.watchgate.upstream.UpstreamSettings.Command;
import io.watchgate.upstream.UpstreamSettings.Remote;
import io.watchgate.upstream.UpstreamSettings.SessionScope;
import io.watchgate.upstream.UpstreamSettings.Wire;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// One server of the configuration, reached over one link per client, or over one for all. Links
/// come with the first call of a client and go with the client.
public final class Upstream implements Server, AutoCloseable {
  private static final int MAX_ATTEMPTS = 2;

  private final UpstreamContext context;
  private final @Nullable RemoteEndpoint endpoint;
  private final ConcurrentHashMap<String, Link> links = new ConcurrentHashMap<>();
  private final Set<Thread> closing = ConcurrentHashMap.newKeySet();
  private final CountDownLatch firstContact = new CountDownLatch(1);
  private final AtomicInteger restarts = new AtomicInteger();
  private final Link.Opener opener = new Opener();
  private volatile Optional<Offer> offer = Optional.empty();
  private volatile Optional<Failure> lastFailure = Optional.empty();
  private final AtomicBoolean begun = new AtomicBoolean();
  private volatile long begunNanos = System.nanoTime();
  private volatile boolean closed;

  /// Whether a link is kept up while there is no client: a client that comes finds the server warm.
  private volatile boolean standby;

  /// @param loops drives connections to remote servers
  /// @param self name and version of the gateway, as servers see it
  /// @throws IOException when TLS cannot be set up
  public Upstream(
      UpstreamSettings settings,
      Limits limits,
      EventLoopGroup loops,
      ServerEvents events,
      Json self)
      throws IOException {
    this.context = new UpstreamContext(this, settings, limits, events, self);
    this.endpoint =
        settings.target() instanceof Remote remote ? new RemoteEndpoint(remote, loops) : null;
  }

  @Override
  public String name() {
    return context.settings().name();
  }

  /// Sends a call over the caller's link. A call that the server never saw goes out once more over
  /// a new session.
  @Override
  public Reply handle(Call call) throws InterruptedException {
    var session = call.client().session();
    if (call.message() instanceof Notification) {
      return notice(call, session);
    }
    var link = link(session);
    if (call.method().equals(Method.SET_LEVEL) && rememberLevel(call, link)) {
      return new Reply.Answered(Response.success(call.request().id(), Json.EMPTY_OBJECT));
    }
    if (call.method().equals(Method.RESOURCES_UNSUBSCRIBE) && stillWanted(call, link)) {
      return new Reply.Answered(Response.success(call.request().id(), Json.EMPTY_OBJECT));
    }
    var answer = send(call, link);
    if (call.method().equals(Method.RESOURCES_SUBSCRIBE) && answer.result().isPresent()) {
      link.audience().subscribed(uri(call), session);
    }
    return new Reply.Answered(answer);
  }

  private Response send(Call call, Link link) throws InterruptedException {
    var why = "";
    for (int attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
      var session = link.session(call.deadline());
      try {
        return session.handle(call).orElseThrow();
      } catch (SessionGone gone) {
        why = String.valueOf(gone.getMessage());
        link.discard(session, why);
      }
    }
    throw new Rejection(new Unavailable(name(), why));
  }

  private Reply notice(Call call, Session session) throws InterruptedException {
    var link = links.get(key(session));
    var current = link == null ? Optional.<UpstreamSession>empty() : link.current();
    if (current.isPresent()) {
      try {
        var _ = current.get().handle(call);
      } catch (SessionGone _) {
        // a server that is gone misses nothing: the next session starts anew
      }
    }
    return new Reply.Accepted();
  }

  /// Keeps the level for sessions to come; true when there is none to tell it to now.
  private static boolean rememberLevel(Call call, Link link) {
    call.request()
        .field(Field.LEVEL)
        .filter(Json::isString)
        .flatMap(level -> LogLevel.of(level.text()))
        .ifPresent(link::remember);
    return link.current().isEmpty();
  }

  private static boolean stillWanted(Call call, Link link) {
    return !link.audience().unsubscribed(uri(call), call.client().session());
  }

  private static String uri(Call call) {
    return call.request().field(Field.URI).filter(Json::isString).map(Json::text).orElse("");
  }

  private Link link(Session session) {
    if (isShared() || session == GatewayClient.INSTANCE) {
      return ownLink();
    }
    var existing = links.get(session.key());
    return existing == null ? newLink(session) : existing;
  }

  /// A client that declares nothing takes over the gateway's own link, which declared nothing
  /// either: that spares it the wait for a new process.
  private Link newLink(Session session) {
    Link link;
    synchronized (links) {
      requireOpen();
      link = links.get(session.key());
      if (link != null) {
        return link;
      }
      if (session.capabilities().members().isEmpty()) {
        link = links.remove(GatewayClient.INSTANCE.key());
      }
      if (link == null) {
        link = new Link(context, opener, new Audience(context, session));
      } else {
        link.audience().claim(session);
      }
      links.put(session.key(), link);
    }
    session.onClose(() -> drop(session.key()));
    return link;
  }

  private Link ownLink() {
    synchronized (links) {
      requireOpen();
      return links.computeIfAbsent(
          GatewayClient.INSTANCE.key(),
          _ -> new Link(context, opener, new Audience(context, null)));
    }
  }

  private void requireOpen() {
    if (closed) {
      throw new Rejection(new Unavailable(name(), "closed by the gateway"));
    }
  }

  private void drop(String key) {
    var link = links.remove(key);
    if (link != null) {
      close(link);
    }
    if (standby && links.isEmpty()) {
      prepare(GatewayClient.INSTANCE);
    }
  }

  /// The standby has done its work once a client's own link is up.
  private void dropStandby(Link reachedLink) {
    var own = links.get(GatewayClient.INSTANCE.key());
    if (own != null && own != reachedLink && !isShared()) {
      drop(GatewayClient.INSTANCE.key());
    }
  }

  private String key(Session session) {
    return isShared() ? GatewayClient.INSTANCE.key() : session.key();
  }

  @Override
  public boolean isShared() {
    return context.settings().sessions() == SessionScope.SHARED;
  }

  @Override
  public void prepare(Session session) {
    if (closed) {
      return;
    }
    if (!begun.getAndSet(true)) {
      begunNanos = System.nanoTime();
    }
    standby |= session == GatewayClient.INSTANCE;
    link(session).start();
  }

  @Override
  public void awaitFirstContact(Duration patience) throws InterruptedException {
    long since = System.nanoTime() - begunNanos;
    boolean _ = firstContact.await(patience.toNanos() - since, TimeUnit.NANOSECONDS);
  }

  @Override
  public ServerStatus status() {
    if (closed) {
      return new ServerStatus(State.CLOSED, offer, Optional.of("closed by the gateway"));
    }
    if (links.values().stream().anyMatch(Link::isReady)) {
      return new ServerStatus(State.READY, offer, Optional.empty());
    }
    return firstContact.getCount() > 0
        ? new ServerStatus(State.CONNECTING, offer, Optional.of("still connecting"))
        : new ServerStatus(State.FAILED, offer, lastFailure.map(Failure::cause));
  }

  /// Calls in flight on all sessions.
  public int inFlight() {
    return links.values().stream().mapToInt(Link::inFlight).sum();
  }

  /// Sessions that are open now.
  public int sessions() {
    return (int) links.values().stream().filter(Link::isReady).count();
  }

  /// How often a session was made again after it was lost.
  public int restarts() {
    return restarts.get();
  }

  /// Why the server was lost or not reached.
  ///
  /// @param nanos when, on the clock of {@link System#nanoTime()}
  public record Failure(String cause, long nanos) {}

  /// Why the server was last lost or not reached.
  public Optional<Failure> lastFailure() {
    return lastFailure;
  }

  /// What the server sent that was no message for anyone.
  public long garbage() {
    return context.garbageCount();
  }

  public UpstreamSettings settings() {
    return context.settings();
  }

  /// Ends all sessions and processes; waits for them, but not longer than they are given to end.
  @Override
  public void close() {
    List<Link> open;
    synchronized (links) {
      closed = true;
      open = List.copyOf(links.values());
      links.clear();
    }
    open.forEach(this::close);
    closing.forEach(Upstream::join);
    if (endpoint != null) {
      endpoint.close();
    }
  }

  /// A server may take seconds to end: nobody waits for that but the gateway's own end.
  private void close(Link link) {
    var thread =
        Thread.ofVirtual()
            .name("close " + name())
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

  private final class Opener implements Link.Opener {
    @Override
    public Transport transport() {
      var settings = context.settings();
      int maxBytes = context.limits().maxBytes();
      return switch (settings.target()) {
        case Command command -> new StdioTransport(settings.name(), command, maxBytes);
        case Remote remote -> {
          var url = java.util.Objects.requireNonNull(endpoint);
          yield remote.wire() == Wire.SSE
              ? new SseTransport(url, settings.connectionTimeout(), maxBytes)
              : new StreamableHttpTransport(url, settings.connectionTimeout(), maxBytes);
        }
      };
    }

    @Override
    public void reached(Link link, Offer newest) {
      offer = Optional.of(newest);
      if (link.isRestarted()) {
        restarts.incrementAndGet();
      }
      firstContact.countDown();
      dropStandby(link);
      context.events().reached(Upstream.this, link.audience().client());
    }

    @Override
    public void failed(Link link, String cause) {
      lastFailure = Optional.of(new Failure(cause, System.nanoTime()));
      firstContact.countDown();
    }
  }
}
