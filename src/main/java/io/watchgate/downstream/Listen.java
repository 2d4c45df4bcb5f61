package io.watchgate.downstream;

import io.watchgate.jsonrpc.Field;
import io.watchgate.jsonrpc.Json;
import io.watchgate.jsonrpc.Notification;
import io.watchgate.jsonrpc.RequestId;
import io.watchgate.mcp.MetaKey;
import io.watchgate.mcp.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/// One `subscriptions/listen` that is open: lets through what was asked for, marked as belonging to
/// it. What comes before it is acknowledged waits, because nothing may come first. Safe for any
/// number of threads.
final class Listen {
  private static final int MAX_EARLY = 100;

  private final Json id;
  private final Outlet way;
  private final CountDownLatch end = new CountDownLatch(1);
  private final List<Notification> early = new ArrayList<>();
  private ListenFilter filter;
  private boolean acknowledged;

  /// @param id of the request, which marks all that belongs to the listen
  /// @param wanted what the request asks for
  Listen(RequestId id, ListenFilter wanted, Outlet way) {
    this.id = Json.trusted(id.json());
    this.filter = wanted;
    this.way = way;
  }

  synchronized void tell(Notification notification) {
    if (!filter.wants(notification)) {
      return;
    }
    if (acknowledged) {
      send(notification);
    } else if (early.size() < MAX_EARLY) {
      early.add(notification);
    }
  }

  /// Tells the client what of its wishes is honoured, and from now on the rest.
  synchronized void acknowledge(ListenFilter honoured) {
    filter = honoured;
    acknowledged = true;
    send(Notification.of(Method.ACKNOWLEDGED, Json.object("notifications", honoured.toJson())));
    early.stream().filter(honoured::wants).forEach(this::send);
    early.clear();
  }

  private void send(Notification notification) {
    boolean _ = way.send(marked(notification).toBytes());
  }

  private Notification marked(Notification notification) {
    var params = notification.field(Field.PARAMS).filter(Json::isObject).orElse(Json.EMPTY_OBJECT);
    var meta = params.member("_meta").filter(Json::isObject).orElse(Json.EMPTY_OBJECT);
    var marked = params.set("_meta", meta.set(MetaKey.SUBSCRIPTION_ID, id));
    return notification.field(Field.PARAMS).isPresent()
        ? notification.with(Field.PARAMS, marked)
        : Notification.of(notification.method(), marked);
  }

  /// Waits until the listen ends.
  void awaitEnd() throws InterruptedException {
    end.await();
  }

  /// Ends the listen with its answer.
  void end() {
    end.countDown();
  }
}
