package io.watchgate.downstream;

import io.watchgate.downstream.StatelessCalls.Entrance;
import io.watchgate.flow.Rejection;
import io.watchgate.jsonrpc.Notification;
import io.watchgate.jsonrpc.Request;
import io.watchgate.mcp.ProtocolVersion;
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
        return calls.answer(admitted, claim, entrance, way).map(Inbox.Answer::of);
      } finally {
        open.release(admitted);
      }
    };
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
