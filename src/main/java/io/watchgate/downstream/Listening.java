package io.watchgate.downstream;

import io.watchgate.flow.Call;
import io.watchgate.flow.Reply;
import io.watchgate.flow.Time;
import io.watchgate.jsonrpc.Field;
import io.watchgate.jsonrpc.Json;
import io.watchgate.jsonrpc.Request;
import io.watchgate.mcp.MetaKey;
import io.watchgate.mcp.Method;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The way of a `subscriptions/listen` from its request to its end: what can be honoured is found
/// out and acknowledged, then its thread waits until the client goes or the gateway stops.
final class Listening {
  private static final Logger log = LoggerFactory.getLogger(Listening.class);

  /// A resource whose server has not answered by then is not honoured.
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private static final int AT_A_TIME = 8;

  private final StatelessSession session;
  private final Json self;
  private final Time time;

  /// @param self name and version of the gateway, as `serverInfo`
  Listening(StatelessSession session, Json self, Time time) {
    this.session = session;
    this.self = self;
    this.time = time;
  }

  /// Answers the request when the gateway ends the listen.
  ///
  /// @throws InterruptedException when the client does
  Reply answer(Call call, Outlet way) throws InterruptedException {
    var request = call.request();
    var wanted = ListenFilter.of(request);
    var meta = meta(request);
    var listen = new Listen(request.id(), wanted, way);
    var watched = ConcurrentHashMap.<String>newKeySet();
    session.listens().add(listen);
    try {
      var discovered = discover(request, meta);
      var offer = discovered.response().result();
      if (offer.isEmpty()) {
        return discovered;
      }
      subscribe(wanted, meta, watched);
      var capabilities = offer.get().member("capabilities").orElse(Json.EMPTY_OBJECT);
      listen.acknowledge(wanted.honoured(capabilities, watched));
      listen.awaitEnd();
      return Reply.answer(call, result(request));
    } finally {
      session.listens().remove(listen);
      leave(watched, meta);
    }
  }

  /// What the gateway's own requests on behalf of this one say of the client.
  private static Json meta(Request request) {
    return request
        .field(Field.META)
        .filter(Json::isObject)
        .map(meta -> meta.without(Set.of("progressToken")))
        .orElse(Json.EMPTY_OBJECT);
  }

  /// Asks what can be listened to, which makes the session known to all who tell of it.
  private Reply discover(Request request, Json meta) throws InterruptedException {
    var discover = Request.of(request.id(), Method.DISCOVER, Json.object("_meta", meta));
    return session.handler().handle(new Call(discover, session));
  }

  /// Subscribes to a few resources at a time: not to wait for servers one after the other, and not
  /// to take the places of all other calls.
  ///
  /// @param watched gets those that a server tells of
  private void subscribe(ListenFilter wanted, Json meta, Set<String> watched)
      throws InterruptedException {
    try (var all = Executors.newFixedThreadPool(AT_A_TIME, Thread.ofVirtual().factory())) {
      var tasks =
          wanted.uris().stream()
              .map(uri -> CompletableFuture.runAsync(() -> subscribe(uri, meta, watched), all))
              .toArray(CompletableFuture<?>[]::new);
      try {
        var _ = time.get(CompletableFuture.allOf(tasks), PATIENCE.toNanos());
      } catch (TimeoutException | ExecutionException late) {
        log.debug("not all resources of {} can be watched", session.key(), late);
      } finally {
        all.shutdownNow();
      }
    }
  }

  private void subscribe(String uri, Json meta, Set<String> watched) {
    try {
      if (session.subscriptions().add(uri, meta)) {
        watched.add(uri);
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private Json result(Request request) {
    return Json.object(
        "resultType",
        "complete",
        "_meta",
        Json.object(
            MetaKey.SUBSCRIPTION_ID, Json.trusted(request.id().json()), MetaKey.SERVER_INFO, self));
  }

  /// On a thread of its own: nobody waits for servers to take the end of a subscription.
  private void leave(Set<String> watched, Json meta) {
    if (watched.isEmpty()) {
      return;
    }
    Thread.ofVirtual()
        .name("unsubscribe " + session.key())
        .start(() -> {
          try {
            for (var uri : watched) {
              session.subscriptions().remove(uri, meta);
            }
          } catch (InterruptedException _) {
            log.debug("unsubscribing for {} was interrupted", session.key());
          }
        });
  }
}
