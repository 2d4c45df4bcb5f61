package io.watchgate.downstream;

import io.watchgate.flow.Client;
import io.watchgate.flow.TraceContext;
import io.watchgate.jsonrpc.Notification;
import io.watchgate.jsonrpc.Request;
import io.watchgate.jsonrpc.Response;
import io.watchgate.mcp.Method;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/// The client of one stateless call: on the call's way goes what is about the call, and nothing
/// else.
record StatelessClient(
    StatelessSession session,
    Claim claim,
    Optional<Map<String, String>> parameterHeaders,
    Outlet way)
    implements Client {

  @Override
  public Optional<TraceContext> traceContext() {
    return way.traceContext();
  }

  @Override
  public void tell(Notification notification) {
    switch (notification.method()) {
      case Method.PROGRESS -> send(notification);
      case Method.LOG -> {
        if (claim.logLevel().filter(least -> Severity.reaches(notification, least)).isPresent()) {
          send(notification);
        }
      }
      default -> session.tell(notification);
    }
  }

  private void send(Notification notification) {
    boolean _ = way.send(notification.toBytes());
  }

  @Override
  public Response ask(Request request, Consumer<Notification> progress) {
    return session.ask(request, progress);
  }
}
