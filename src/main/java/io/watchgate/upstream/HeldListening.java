package io.watchgate.upstream;

import io.watchgate.flow.Call;
import io.watchgate.flow.Client;
import io.watchgate.flow.Deadline;
import io.watchgate.flow.GatewayClient;
import io.watchgate.flow.Rejection;
import io.watchgate.flow.Rejection.Reach;
import io.watchgate.flow.Rejection.Unavailable;
import io.watchgate.flow.ServerStatus.Offer;
import io.watchgate.flow.Session;
import io.watchgate.jsonrpc.Field;
import io.watchgate.jsonrpc.Json;
import io.watchgate.jsonrpc.Notification;
import io.watchgate.jsonrpc.Request;
import io.watchgate.jsonrpc.RequestId;
import io.watchgate.jsonrpc.Response;
import io.watchgate.mcp.ListKind;
import io.watchgate.mcp.MetaKey;
import io.watchgate.mcp.Method;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The one `subscriptions/listen` (2026-07-28, subscriptions) that the gateway holds with a
/// stateless server for everybody: for the lists that the server says it tells of, and the
/// resources that anyone subscribed to. When that changes, a new listening takes over from the old
/// one; one that breaks off is opened again.
final class HeldListening {
  private static final Logger log = LoggerFactory.getLogger(HeldListening.class);
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
  private static final Duration MAX_PAUSE = Duration.ofSeconds(30);

  private final UpstreamContext context;
  private final Audience audience;
  private final Deque<Listening> open = new ArrayDeque<>();
  private Duration pause = FIRST_PAUSE;
  private @Nullable UpstreamSession session;
  private Set<ListKind> lists = EnumSet.noneOf(ListKind.class);

  /// Whether there was a time when nobody listened to what should have been listened to.
  private boolean deaf;

  /// @param audience hears what the server says, and knows who subscribed to what
  HeldListening(UpstreamContext context, Audience audience) {
    this.context = context;
    this.audience = audience;
  }

  /// Listens on a session that was just opened.
  synchronized void on(UpstreamSession opened, Offer offer) {
    session = opened;
    pause = FIRST_PAUSE;
    deaf |= !open.isEmpty();
    lists = EnumSet.allOf(ListKind.class);
    lists.removeIf(kind -> !kind.isAnnounced(offer.capabilities()));
    reopen();
  }

  /// Tells a client of a resource's changes until it unsubscribes or is gone; waits until the
  /// server has acknowledged that.
  ///
  /// @throws Rejection when the server does not listen, or not in time
  void subscribe(String uri, Session client, Deadline deadline) throws InterruptedException {
    audience.subscribed(uri, client);
    client.onClose(() -> unsubscribe(uri, client));
    boolean acknowledged = false;
    try {
      follow(context.after(context.settings().requestTimeout()).orSooner(deadline));
      acknowledged = true;
    } finally {
      if (!acknowledged) {
        unsubscribe(uri, client);
      }
    }
  }

  void unsubscribe(String uri, Session client) {
    if (audience.unsubscribed(uri, client)) {
      reopen();
    }
  }

  private void follow(Deadline deadline) throws InterruptedException {
    try {
      var _ = context.time().get(open().acknowledged, deadline.remainingNanos());
    } catch (ExecutionException e) {
      throw context.unavailable(
          String.valueOf(e.getCause() == null ? e : e.getCause().getMessage()), Reach.SENT);
    } catch (TimeoutException _) {
      throw context.unavailable(Method.LISTEN + " was not acknowledged in time", Reach.SENT);
    }
  }

  private void reopen() {
    var _ = open();
  }

  /// The listening for what is wanted now; the last one, when that still is for the same.
  private synchronized Listening open() {
    var next = new Listening(session, filter());
    var last = open.peekLast();
    if (last != null && last.isLike(next)) {
      return last;
    }
    if (next.filter.members().isEmpty()) {
      next.acknowledged.complete(null);
      endAll();
    } else if (next.session == null || next.session.isEnded()) {
      next.acknowledged.complete(null); // the next session is listened on for this too
    } else {
      open.addLast(next);
      next.thread.start();
    }
    return next;
  }

  private Json filter() {
    var filter = Json.EMPTY_OBJECT;
    var uris = audience.subscriptions().stream().sorted().map(Json::string).toList();
    if (!uris.isEmpty()) {
      filter = filter.plus("resourceSubscriptions", Json.array(uris));
    }
    for (var name : lists.stream().map(ListKind::listenFlag).distinct().toList()) {
      filter = filter.plus(name, Json.trusted("true"));
    }
    return filter;
  }

  synchronized void close() {
    session = null;
    endAll();
  }

  private void endAll() {
    open.forEach(Listening::end);
    open.clear();
  }

  /// Only now those before the new listening end, so that nothing is missed.
  private void acknowledged(Listening acknowledged) {
    boolean missed;
    synchronized (this) {
      if (!open.contains(acknowledged) || !acknowledged.acknowledged.complete(null)) {
        return;
      }
      for (var first = open.getFirst(); first != acknowledged; first = open.getFirst()) {
        open.removeFirst().end();
      }
      pause = FIRST_PAUSE;
      missed = deaf;
      deaf = false;
    }
    if (missed) {
      tellMissed();
    }
  }

  /// What changed while nobody listened is not told: all that is listened for may have.
  private void tellMissed() {
    Set<ListKind> all;
    synchronized (this) {
      all = lists;
    }
    all.stream()
        .map(ListKind::changed)
        .distinct()
        .forEach(method -> audience.hear(Notification.of(method), null));
    audience.subscriptions().stream()
        .map(uri -> Notification.of(Method.RESOURCE_UPDATED, Json.object("uri", uri)))
        .forEach(updated -> audience.hear(updated, null));
  }

  /// A listening broke off. The session's end brings a new session, which is listened on anew.
  private synchronized void ended(Listening ended) {
    if (!open.remove(ended)) {
      return;
    }
    deaf |= open.stream().noneMatch(other -> other.acknowledged.isDone());
    if (session != null && !session.isEnded()) {
      var after = pause;
      pause = pause.multipliedBy(2).compareTo(MAX_PAUSE) < 0 ? pause.multipliedBy(2) : MAX_PAUSE;
      Thread.ofVirtual()
          .name("listen again to " + context.settings().name())
          .start(() -> reopenAfter(after));
    }
  }

  private void reopenAfter(Duration wait) {
    try {
      context.time().pass(wait);
      reopen();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /// One open `subscriptions/listen`, as the client that hears what comes on it.
  private final class Listening implements Client, Runnable {
    private final @Nullable UpstreamSession session;
    private final Json filter;
    private final CompletableFuture<@Nullable Void> acknowledged = new CompletableFuture<>();
    private final Thread thread;

    Listening(@Nullable UpstreamSession session, Json filter) {
      this.session = session;
      this.filter = filter;
      this.thread =
          Thread.ofVirtual().name("listening to " + context.settings().name()).unstarted(this);
    }

    boolean isLike(Listening other) {
      return session == other.session && filter.equals(other.filter);
    }

    /// Nobody needs it any more: whoever waits for it gets what it is for from a newer one.
    void end() {
      acknowledged.complete(null);
      thread.interrupt();
    }

    @Override
    public void run() {
      try {
        var why = listen();
        log.debug("listening to server \"{}\" ended: {}", context.settings().name(), why);
        ended(this);
        acknowledged.completeExceptionally(new IllegalStateException(why));
      } catch (InterruptedException _) {
        // there is a newer one, or none is needed
      }
    }

    private String listen() throws InterruptedException {
      var params = Json.object("notifications", filter, "_meta", Opening.claim(context.self()));
      var request = Request.of(RequestId.of(0), Method.LISTEN, params);
      try {
        var answer = java.util.Objects.requireNonNull(session).handle(new Call(request, this));
        return answer.map(Response::errorMessage).orElse("");
      } catch (Rejection rejection) {
        return rejection.reason() instanceof Unavailable(_, var cause, _)
            ? cause
            : String.valueOf(rejection.getMessage());
      } catch (Transport.SessionGone gone) {
        return String.valueOf(gone.getMessage());
      }
    }

    @Override
    public Session session() {
      return GatewayClient.INSTANCE;
    }

    @Override
    public void tell(Notification notification) {
      if (notification.method().equals(Method.ACKNOWLEDGED)) {
        acknowledged(this);
      } else {
        audience.hear(untagged(notification), null);
      }
    }

    @Override
    public Response ask(Request request, Consumer<Notification> progress) {
      return GatewayClient.INSTANCE.ask(request, progress);
    }
  }

  /// Which listening of the gateway's it came on means nothing to clients.
  private static Notification untagged(Notification notification) {
    var meta = notification.field(Field.META).orElse(Json.EMPTY_OBJECT);
    var rest = meta.without(Set.of(MetaKey.SUBSCRIPTION_ID));
    if (!rest.members().isEmpty()) {
      return notification.with(Field.META, rest);
    }
    return notification
        .field(Field.PARAMS)
        .map(params -> params.without(Set.of("_meta")))
        .filter(params -> !params.members().isEmpty())
        .map(params -> notification.with(Field.PARAMS, params))
        .orElseGet(() -> Notification.of(notification.method()));
  }
}
