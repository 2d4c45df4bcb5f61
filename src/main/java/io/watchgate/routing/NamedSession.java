package io.watchgate.routing;

import io.watchgate.flow.Client;
import io.watchgate.flow.Session;
import io.watchgate.jsonrpc.Json;
import io.watchgate.jsonrpc.Notification;
import io.watchgate.jsonrpc.Request;
import io.watchgate.jsonrpc.Response;
import io.watchgate.mcp.LogLevel;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/// A client as one server sees it: what the server tells it gets the names that the client knows.
record NamedSession(Session inner, UnaryOperator<Notification> naming) implements Session {

  /// The client of one call, in the same way.
  static Client of(Client client, UnaryOperator<Notification> naming) {
    var session = new NamedSession(client.session(), naming);
    return client instanceof Session ? session : new NamedClient(client, session);
  }

  @Override
  public String key() {
    return inner.key();
  }

  @Override
  public String clientName() {
    return inner.clientName();
  }

  @Override
  public Json capabilities() {
    return inner.capabilities();
  }

  @Override
  public Optional<LogLevel> logLevel() {
    return inner.logLevel();
  }

  @Override
  public void onClose(Runnable action) {
    inner.onClose(action);
  }

  @Override
  public void tell(Notification notification) {
    inner.tell(naming.apply(notification));
  }

  @Override
  public Response ask(Request request, Consumer<Notification> progress)
      throws InterruptedException {
    return inner.ask(request, progress);
  }

  private record NamedClient(Client inner, NamedSession session) implements Client {
    @Override
    public void tell(Notification notification) {
      inner.tell(session.naming.apply(notification));
    }

    @Override
    public Response ask(Request request, Consumer<Notification> progress)
        throws InterruptedException {
      return inner.ask(request, progress);
    }
  }
}
