package io.watchgate.flow;

import io.watchgate.jsonrpc.Notification;
import io.watchgate.jsonrpc.Request;
import io.watchgate.jsonrpc.Response;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/// The client of a call under another session: passes all on, but for what a subclass does in a way
/// of its own.
public class ForwardingClient implements Client {
  private final Client inner;
  private final Session session;

  /// @param inner gets what is for the client
  /// @param session whose call it is said to be
  public ForwardingClient(Client inner, Session session) {
    this.inner = inner;
    this.session = session;
  }

  @Override
  public final Session session() {
    return session;
  }

  @Override
  public final Optional<Map<String, String>> parameterHeaders() {
    return inner.parameterHeaders();
  }

  @Override
  public final Optional<TraceContext> traceContext() {
    return inner.traceContext();
  }

  @Override
  public void tell(Notification notification) {
    inner.tell(notification);
  }

  @Override
  public final void streaming(Duration retry) {
    inner.streaming(retry);
  }

  @Override
  public final void hangUp() {
    inner.hangUp();
  }

  @Override
  public Response ask(Request request, Consumer<Notification> progress)
      throws InterruptedException {
    return inner.ask(request, progress);
  }
}
