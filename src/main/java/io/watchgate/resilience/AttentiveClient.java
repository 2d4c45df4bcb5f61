package io.watchgate.resilience;

import io.watchgate.flow.Client;
import io.watchgate.flow.Session;
import io.watchgate.jsonrpc.Notification;
import io.watchgate.jsonrpc.Request;
import io.watchgate.jsonrpc.Response;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/// A client that remembers whether it heard anything of a call.
final class AttentiveClient implements Client {
  private final Client inner;
  private volatile boolean heard;

  AttentiveClient(Client inner) {
    this.inner = inner;
  }

  boolean hasHeard() {
    return heard;
  }

  @Override
  public Session session() {
    return inner.session();
  }

  @Override
  public Optional<Map<String, String>> parameterHeaders() {
    return inner.parameterHeaders();
  }

  @Override
  public void tell(Notification notification) {
    heard = true;
    inner.tell(notification);
  }

  @Override
  public void streaming(Duration retry) {
    inner.streaming(retry);
  }

  @Override
  public void hangUp() {
    inner.hangUp();
  }

  @Override
  public Response ask(Request request, Consumer<Notification> progress)
      throws InterruptedException {
    heard = true;
    return inner.ask(request, progress);
  }
}
