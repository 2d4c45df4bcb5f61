package io.watchgate.agents;

import com.sun.net.httpserver.HttpExchange;
import io.watchgate.jsonrpc.Json;
import io.watchgate.web.SmallServer;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/// An answer of HTTP that is JSON.
///
/// @param retryAfter when another try is worth it, empty where it is not
record Answer(int status, Json body, Optional<Duration> retryAfter) {
  static Answer of(int status, Json body) {
    return new Answer(status, body, Optional.empty());
  }

  /// @param reason one of a few words
  static Answer error(int status, String reason, String why) {
    return of(status, body(reason, why));
  }

  static Answer of(Refusal refusal) {
    return new Answer(
        refusal.kind().status(),
        body(refusal.kind().label(), refusal.what()),
        refusal.retryAfter());
  }

  private static Json body(String reason, String why) {
    return Json.object("error", Json.object("reason", reason, "message", why));
  }

  void send(HttpExchange exchange) throws IOException {
    retryAfter.ifPresent(wait ->
        exchange
            .getResponseHeaders()
            .set("Retry-After", Long.toString(Math.max(1, wait.plusMillis(999).toSeconds()))));
    SmallServer.send(exchange, status, "application/json", body.toBytes());
  }
}
