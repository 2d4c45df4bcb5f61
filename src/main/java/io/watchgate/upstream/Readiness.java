package io.watchgate.upstream;

import io.watchgate.flow.Call;
import io.watchgate.flow.Deadline;
import io.watchgate.flow.GatewayClient;
import io.watchgate.flow.Rejection;
import io.watchgate.flow.Rejection.TimedOut;
import io.watchgate.jsonrpc.ErrorCode;
import io.watchgate.jsonrpc.Json;
import io.watchgate.jsonrpc.Message;
import io.watchgate.jsonrpc.Notification;
import io.watchgate.jsonrpc.Request;
import io.watchgate.jsonrpc.RequestId;
import io.watchgate.jsonrpc.Response;
import io.watchgate.mcp.Method;
import io.watchgate.upstream.Transport.SessionGone;
import java.time.Duration;

/// Whether a session of the era of handshakes can be used. That the handshake is over does not mean
/// that the server is ready, and that it once was does not mean that it is: it says so by answering
/// a `ping`.
final class Readiness {
  /// A server that refuses for so long will go on to. An error in its own words is a sign of life
  /// then: it may just not know what a ping is.
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private static final Duration FIRST_PAUSE = Duration.ofMillis(10);
  private static final Duration MAX_PAUSE = Duration.ofMillis(200);

  /// A server that lives answers a ping at once, and a call waits for it.
  private static final Duration SIGN_OF_LIFE = Duration.ofSeconds(5);

  private final UpstreamContext context;
  private final UpstreamSession session;

  Readiness(UpstreamContext context, UpstreamSession session) {
    this.context = context;
    this.session = session;
  }

  /// Tells the server that the handshake is over, and waits until it is ready. What it refuses
  /// until then it gets again.
  ///
  /// @throws Rejection when it does not become ready in time
  void await(Deadline deadline) throws InterruptedException {
    var latest = context.after(PATIENCE).orSooner(deadline);
    boolean told = false;
    for (var pause = FIRST_PAUSE; ; pause = longer(pause)) {
      boolean last = latest.remainingNanos() <= pause.toNanos();
      try {
        if (!told) {
          var _ = session.handle(call(Notification.of(Method.INITIALIZED), deadline));
          told = true;
        }
        if (isReady(ping(deadline)) || last) {
          return;
        }
      } catch (SessionGone gone) {
        throw context.unavailable("handshake failed: " + gone.getMessage());
      } catch (Rejection refusal) {
        if (last || session.isEnded() || refusal.reason() instanceof TimedOut) {
          throw refusal;
        }
      }
      context.time().pass(pause);
    }
  }

  private static Duration longer(Duration pause) {
    var doubled = pause.multipliedBy(2);
    return doubled.compareTo(MAX_PAUSE) < 0 ? doubled : MAX_PAUSE;
  }

  /// Who does not know the method has understood the question.
  private static boolean isReady(Response answer) {
    return answer.error().isEmpty() || answer.errorCode() == ErrorCode.METHOD_NOT_FOUND;
  }

  /// Whether the server still answers.
  boolean isAlive() throws InterruptedException {
    try {
      var _ = ping(context.after(SIGN_OF_LIFE));
      return true;
    } catch (Rejection | SessionGone _) {
      return false;
    }
  }

  private Response ping(Deadline deadline) throws SessionGone, InterruptedException {
    var ping = Request.of(RequestId.of(0), Method.PING, Json.EMPTY_OBJECT);
    return session.handle(call(ping, deadline)).orElseThrow();
  }

  private static Call call(Message message, Deadline deadline) {
    return new Call(message, GatewayClient.INSTANCE).with(deadline);
  }
}
