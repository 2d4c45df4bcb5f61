package io.watchgate.routing;

import io.watchgate.flow.Client;
import io.watchgate.flow.Session;
import io.watchgate.jsonrpc.Json;
import io.watchgate.jsonrpc.Notification;
import io.watchgate.jsonrpc.Request;
import io.watchgate.jsonrpc.Response;
import io.watchgate.mcp.LogLevel;
import io.watchgate.mcp.ProtocolVersion;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/// A client as one server sees it: what the server tells it gets the names that the client knows.
record NamedSession(Session inner, Naming naming) implements Session {

  /// The client of one call, in the same way.
  static Client of(Client client, Naming naming) {
    var session = new NamedSession(client.session(), naming);
    return client instanceof Session ? session : new NamedClient(client, session);
  }

  @Override
  public String key() {
    return inner.key();
  }

  @Override
  public String principal() {
    return inner.principal();
  }

  @Override
  public ProtocolVersion version() {
    return inner.version();
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
    inner.tell(naming.outward(notification, principal()));
  }

  @Override
  public Response ask(Request request, Consumer<Notification> progress)
      throws InterruptedException {
    return ask(inner, request, progress);
  }

  private Response ask(Client client, Request request, Consumer<Notification> progress)
      throws InterruptedException {
    var answer = client.ask(naming.outward(request, principal()), progress);
    return naming.inward(answer, principal());
  }

  private record NamedClient(Client inner, NamedSession session) implements Client {
    @Override
    public Optional<Map<String, String>> parameterHeaders() {
      return inner.parameterHeaders();
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
    public void tell(Notification notification) {
      inner.tell(session.naming.outward(notification, session.principal()));
    }

    @Override
    public Response ask(Request request, Consumer<Notification> progress)
        throws InterruptedException {
      return session.ask(inner, request, progress);
    }
  }
}
