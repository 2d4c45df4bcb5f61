package io.watchgate.upstream;

import io.watchgate.flow.Call;
import io.watchgate.flow.ServerStatus.Offer;
import io.watchgate.jsonrpc.Json;
import io.watchgate.jsonrpc.Request;
import io.watchgate.jsonrpc.RequestId;
import io.watchgate.mcp.LogLevel;
import io.watchgate.mcp.Method;
import org.jspecify.annotations.Nullable;

/// What the clients of a link asked of its session, so that the next session can take over from a
/// lost one: log level and subscriptions.
final class Wishes {
  private final UpstreamContext context;
  private final Audience audience;
  private @Nullable LogLevel level;

  Wishes(UpstreamContext context, Audience audience) {
    this.context = context;
    this.audience = audience;
  }

  /// Remembers the level for the sessions to come: the least severe that anyone asked for.
  synchronized void remember(LogLevel wanted) {
    level =
        level == null || !audience.isEverybody() || wanted.compareTo(level) < 0 ? wanted : level;
  }

  private synchronized @Nullable LogLevel level() {
    return level == null ? audience.logLevel().orElse(null) : level;
  }

  /// Brings a new session to where the last one was.
  void restore(UpstreamSession session, Offer offer) throws InterruptedException {
    var wanted = level();
    if (wanted != null && offer.has("logging")) {
      repeat(session, Method.SET_LEVEL, Json.object("level", wanted.toString()));
    }
    for (var uri : audience.subscriptions()) {
      repeat(session, Method.RESOURCES_SUBSCRIBE, Json.object("uri", uri));
    }
  }

  private void repeat(UpstreamSession session, String method, Json params)
      throws InterruptedException {
    try {
      var request = Request.of(RequestId.of(0), method, params);
      var deadline = context.after(context.settings().connectionTimeout());
      var _ = session.handle(new Call(request, audience.client()).with(deadline));
    } catch (Transport.SessionGone e) {
      throw context.unavailable(String.valueOf(e.getMessage()));
    }
  }
}
