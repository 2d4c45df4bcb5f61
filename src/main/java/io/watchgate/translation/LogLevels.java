package io.watchgate.translation;

import io.watchgate.flow.Call;
import io.watchgate.flow.Handler;
import io.watchgate.flow.Rejection;
import io.watchgate.jsonrpc.Field;
import io.watchgate.jsonrpc.Json;
import io.watchgate.jsonrpc.Request;
import io.watchgate.mcp.LogLevel;
import io.watchgate.mcp.Method;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The level of each session with a server: the lowest that a request of it wanted, because a
/// session has one level for all. Who wants to hear less gets less of it.
final class LogLevels {
  private static final Logger log = LoggerFactory.getLogger(LogLevels.class);

  private final Map<String, LogLevel> bySession = new ConcurrentHashMap<>();

  /// Sees to it that the server says as much as the request wants to hear.
  void require(Call call, Handler inner) throws InterruptedException {
    var wanted = call.request().text(Field.META_LOG_LEVEL).flatMap(LogLevel::of);
    var session = call.client().session();
    var set = bySession.get(session.key());
    if (wanted.isEmpty() || (set != null && set.compareTo(wanted.get()) <= 0)) {
      return;
    }
    if (bySession.put(session.key(), wanted.get()) == null) {
      session.onClose(() -> bySession.remove(session.key()));
    }
    var params = Json.object("level", wanted.get().toString());
    var request = Request.of(call.request().id(), Method.SET_LEVEL, params);
    try {
      var _ = inner.handle(call.with(request));
    } catch (Rejection rejection) { // the call itself is what matters
      log.debug(
          "setting the level of session {} failed: {}", session.key(), rejection.getMessage());
    }
  }
}
