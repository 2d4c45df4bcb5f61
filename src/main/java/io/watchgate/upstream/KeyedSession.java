package io.watchgate.upstream;

import io.watchgate.flow.Client;
import io.watchgate.flow.ForwardingClient;
import io.watchgate.flow.Session;
import io.watchgate.jsonrpc.Json;
import io.watchgate.jsonrpc.Notification;
import io.watchgate.jsonrpc.Request;
import io.watchgate.jsonrpc.Response;
import io.watchgate.mcp.LogLevel;
import io.watchgate.mcp.ProtocolVersion;
import java.util.Optional;
import java.util.function.Consumer;

/// A client that named the session with the server to use: it has that one together with all
/// clients of its principal that name the same, so that it declares nothing that any of them might
/// lack. Who names a session wants one: it speaks the era that has them.
///
/// @param client who made the call
/// @param name how the session is named in the call
record KeyedSession(Session client, String name) implements Session {

  /// The client of one call, in the same way.
  static Client of(Client client, String name) {
    return new ForwardingClient(client, new KeyedSession(client.session(), name));
  }

  /// Who is behind a session.
  static Session client(Session session) {
    return session instanceof KeyedSession keyed ? keyed.client : session;
  }

  /// No client can choose another principal's key: its length comes first.
  @Override
  public String key() {
    return "key " + principal().length() + " " + principal() + " " + name;
  }

  @Override
  public String principal() {
    return client.principal();
  }

  @Override
  public ProtocolVersion version() {
    return ProtocolVersion.NEWEST_HANDSHAKE;
  }

  @Override
  public String clientName() {
    return client.clientName();
  }

  @Override
  public Json capabilities() {
    return Json.EMPTY_OBJECT;
  }

  @Override
  public Optional<LogLevel> logLevel() {
    return client.logLevel();
  }

  @Override
  public void onClose(Runnable action) {
    client.onClose(action);
  }

  @Override
  public void tell(Notification notification) {
    client.tell(notification);
  }

  @Override
  public Response ask(Request request, Consumer<Notification> progress)
      throws InterruptedException {
    return client.ask(request, progress);
  }
}
