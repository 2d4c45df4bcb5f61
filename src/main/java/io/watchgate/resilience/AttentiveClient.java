package io.watchgate.resilience;

import io.watchgate.flow.Client;
import io.watchgate.flow.ForwardingClient;
import io.watchgate.jsonrpc.Notification;
import io.watchgate.jsonrpc.Request;
import io.watchgate.jsonrpc.Response;
import java.util.function.Consumer;

/// A client that remembers whether it heard anything of a call.
final class AttentiveClient extends ForwardingClient {
  private volatile boolean heard;

  AttentiveClient(Client inner) {
    super(inner, inner.session());
  }

  boolean hasHeard() {
    return heard;
  }

  @Override
  public void tell(Notification notification) {
    heard = true;
    super.tell(notification);
  }

  @Override
  public Response ask(Request request, Consumer<Notification> progress)
      throws InterruptedException {
    heard = true;
    return super.ask(request, progress);
  }
}
