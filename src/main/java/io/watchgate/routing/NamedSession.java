package io.watchgate.routing;

import io.watchgate.flow.Client;
import io.watchgate.flow.ForwardingClient;
import io.watchgate.flow.Server;
import io.watchgate.flow.Session;
import io.watchgate.jsonrpc.Json;
import io.watchgate.jsonrpc.Notification;
import io.watchgate.jsonrpc.Request;
import io.watchgate.jsonrpc.Response;
import io.watchgate.mcp.LogLevel;
import io.watchgate.mcp.ProtocolVersion;
import java.util.Optional;
import java.util.function.Consumer;

/// A client as one server sees it: what the server tells it gets the names that the client knows at
/// the time, as far as the server's policy lets it pass. What a server says that is gone is for
/// nobody. In a call the policy is a layer around it all.
record NamedSession(Session inner, Server server, Endpoint endpoint) implements Session {

  /// The client of one call, in the same way, but under the names that hold when the call begins.
  static Client of(Client client, Member member) {
    var session = new NamedSession(client.session(), member.server(), member.endpoint());
    return client instanceof Session ? session : new NamedClient(client, session, member.naming());
  }

  @Override
  public String key() {
    return inner.key();
  }

  @Override
  public String fingerprint() {
    return inner.fingerprint();
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
    endpoint.onClose(inner, server, action);
  }

  @Override
  public void tell(Notification notification) {
    endpoint
        .naming(server)
        .ifPresent(naming ->
            naming
                .policy()
                .tell(inner, notification, said -> inner.tell(naming.outward(said, principal()))));
  }

  @Override
  public Response ask(Request request, Consumer<Notification> progress)
      throws InterruptedException {
    var naming = endpoint.naming(server);
    return naming.isPresent()
        ? naming
            .get()
            .policy()
            .ask(inner, request, asked -> ask(inner, naming.get(), asked, progress))
        : inner.ask(request, progress);
  }

  private static Response ask(
      Client client, Naming naming, Request request, Consumer<Notification> progress)
      throws InterruptedException {
    var principal = client.session().principal();
    return naming.inward(client.ask(naming.outward(request, principal), progress), principal);
  }

  private static final class NamedClient extends ForwardingClient {
    private final Client inner;
    private final Naming naming;

    NamedClient(Client inner, NamedSession session, Naming naming) {
      super(inner, session);
      this.inner = inner;
      this.naming = naming;
    }

    @Override
    public void tell(Notification notification) {
      super.tell(naming.outward(notification, session().principal()));
    }

    @Override
    public Response ask(Request request, Consumer<Notification> progress)
        throws InterruptedException {
      return NamedSession.ask(inner, naming, request, progress);
    }
  }
}
