package io.watchgate.downstream;

import io.watchgate.downstream.StatelessCalls.Entrance;
import io.watchgate.flow.Rejection;
import io.watchgate.flow.Reply;
import io.watchgate.jsonrpc.Json;
import io.watchgate.jsonrpc.Notification;
import io.watchgate.jsonrpc.Request;
import io.watchgate.mcp.Method;
import io.watchgate.mcp.ProtocolVersion;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What a client on standard streams sends beside, or instead of, its conversation: requests that
/// stand for themselves. There are no headers, and the ids are those of the one client.
final class StatelessLines implements Inbox.Stateless {
  private static final Logger log = LoggerFactory.getLogger(StatelessLines.class);

  private final StatelessCalls calls;
  private final OpenCalls open;
  private final Entrance entrance;

  /// @param open knows the requests in flight of the client, of either era
  StatelessLines(StatelessCalls calls, OpenCalls open, Entrance entrance) {
    this.calls = calls;
    this.open = open;
    this.entrance = entrance;
  }

  @Override
  public Inbox.Work take(Request request) {
    var claim = Claim.of(request);
    var admitted = open.admit(request, ProtocolVersion.NEWEST_STATELESS);
    return way -> {
      try {
        var reply = calls.answer(admitted, claim, entrance, way);
        return request.method().equals(Method.LISTEN) && end(request, reply, way)
            ? Optional.empty()
            : reply.map(Inbox.Answer::of);
      } finally {
        open.release(admitted);
      }
    };
  }

  /// On standard streams a listen that the gateway ends has its answer, and is cancelled
  /// (2026-07-28, subscriptions); in this order, because only the answer says that all is well.
  ///
  /// @return false when the answer is still to be sent
  private static boolean end(Request request, Optional<Reply> reply, Outlet way) {
    if (reply.isEmpty()
        || reply.get().response().result().isEmpty()
        || !way.send(reply.get().response().toBytes())) {
      return false;
    }
    var params = Json.object("requestId", Json.trusted(request.id().json()));
    boolean _ = way.send(Notification.of(Method.CANCELLED, params).toBytes());
    return true;
  }

  @Override
  public void take(Notification notification) {
    try {
      calls.notice(notification, entrance);
    } catch (Rejection rejection) {
      log.debug("{} is not taken: {}", notification.method(), rejection.reason());
    }
  }
}
