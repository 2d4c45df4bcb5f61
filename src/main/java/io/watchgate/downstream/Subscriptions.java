package io.watchgate.downstream;

import io.watchgate.flow.Call;
import io.watchgate.flow.Handler;
import io.watchgate.flow.Session;
import io.watchgate.jsonrpc.Json;
import io.watchgate.jsonrpc.Request;
import io.watchgate.jsonrpc.RequestId;
import io.watchgate.mcp.Method;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The resources that servers tell one session of: subscribed to with the first listen that wants
/// one, unsubscribed from with the last. Safe for any number of threads.
final class Subscriptions {
  private static final Logger log = LoggerFactory.getLogger(Subscriptions.class);

  private final Session session;
  private final Handler handler;
  private final AtomicLong ids = new AtomicLong();
  private final Map<String, Watch> watches = new ConcurrentHashMap<>();

  /// @param handler the session's stack
  Subscriptions(Session session, Handler handler) {
    this.session = session;
    this.handler = handler;
  }

  /// How many listens want a resource. One that ended is in the map no more.
  private static final class Watch {
    final ReentrantLock lock = new ReentrantLock();
    int listens;
    boolean ended;
  }

  /// Counts one more listen on a resource.
  ///
  /// @param meta of the request on whose behalf
  /// @return false when no server tells of the resource
  boolean add(String uri, Json meta) throws InterruptedException {
    while (true) {
      var watch = watches.computeIfAbsent(uri, _ -> new Watch());
      watch.lock.lockInterruptibly();
      try {
        if (!watch.ended) {
          return add(uri, watch, meta);
        }
      } finally {
        watch.lock.unlock();
      }
    }
  }

  private boolean add(String uri, Watch watch, Json meta) throws InterruptedException {
    try {
      if (watch.listens > 0 || succeeds(Method.RESOURCES_SUBSCRIBE, uri, meta)) {
        watch.listens++;
        return true;
      }
      return false;
    } finally {
      endIfUnwanted(uri, watch);
    }
  }

  private void endIfUnwanted(String uri, Watch watch) {
    if (watch.listens == 0) {
      watch.ended = true;
      watches.remove(uri, watch);
    }
  }

  /// Counts one listen less on a resource that was added.
  void remove(String uri, Json meta) throws InterruptedException {
    var watch = watches.get(uri);
    if (watch == null) {
      return;
    }
    watch.lock.lockInterruptibly();
    try {
      watch.listens--;
      if (watch.listens == 0 && !succeeds(Method.RESOURCES_UNSUBSCRIBE, uri, meta)) {
        log.debug("the server of {} did not take the end of a subscription", uri);
      }
      endIfUnwanted(uri, watch);
    } finally {
      watch.lock.unlock();
    }
  }

  private boolean succeeds(String method, String uri, Json meta) throws InterruptedException {
    var params = Json.object("uri", uri, "_meta", meta);
    var request = Request.of(RequestId.of(ids.incrementAndGet()), method, params);
    return handler.handle(new Call(request, session)).response().result().isPresent();
  }
}
