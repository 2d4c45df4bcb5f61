package io.watchgate.downstream;

import io.watchgate.flow.CloseActions;
import io.watchgate.flow.Fingerprint;
import io.watchgate.flow.Handler;
import io.watchgate.flow.Session;
import io.watchgate.jsonrpc.ErrorCode;
import io.watchgate.jsonrpc.Json;
import io.watchgate.jsonrpc.Notification;
import io.watchgate.jsonrpc.Request;
import io.watchgate.jsonrpc.Response;
import io.watchgate.mcp.LogLevel;
import io.watchgate.mcp.ProtocolVersion;
import java.util.Optional;
import java.util.function.Consumer;

/// What the gateway keeps between the stateless requests of one principal that can be asked for the
/// same things. Clients know nothing of it: it stands for all who may be told the same, and ends
/// when none of them was heard of for a while.
final class StatelessSession implements Session {
  private final String key;
  private final String fingerprint;
  private final Owner owner;
  private final Handler handler;
  private final Listens listens = new Listens();
  private final Subscriptions subscriptions;
  private final CloseActions closeActions = new CloseActions();
  private volatile String clientName = "";

  /// Whose requests share a session.
  ///
  /// @param endpoint the path that they came to
  /// @param capabilities what the client can be asked for, an object
  record Owner(String principal, String endpoint, Json capabilities) {}

  /// @param handler the stack behind the endpoint, which throws no rejections
  StatelessSession(String key, Owner owner, Handler handler) {
    this.key = key;
    this.fingerprint = Fingerprint.of(key);
    this.owner = owner;
    this.handler = handler;
    this.subscriptions = new Subscriptions(this, handler);
  }

  /// Takes the name from the newest request: it is for people to read, and decides nothing.
  void introduce(String name) {
    clientName = name;
  }

  @Override
  public String key() {
    return key;
  }

  @Override
  public String fingerprint() {
    return fingerprint;
  }

  @Override
  public String principal() {
    return owner.principal();
  }

  @Override
  public ProtocolVersion version() {
    return ProtocolVersion.NEWEST_STATELESS;
  }

  @Override
  public String clientName() {
    return clientName;
  }

  @Override
  public Json capabilities() {
    return owner.capabilities();
  }

  /// Each request says for itself what it wants to hear.
  @Override
  public Optional<LogLevel> logLevel() {
    return Optional.empty();
  }

  @Override
  public void onClose(Runnable action) {
    closeActions.add(action);
  }

  Owner owner() {
    return owner;
  }

  Handler handler() {
    return handler;
  }

  Listens listens() {
    return listens;
  }

  Subscriptions subscriptions() {
    return subscriptions;
  }

  @Override
  public void tell(Notification notification) {
    listens.tell(notification);
  }

  /// In this era a server asks in its results only.
  @Override
  public Response ask(Request request, Consumer<Notification> progress) {
    return Response.failure(
        request.id(),
        ErrorCode.METHOD_NOT_FOUND,
        "a stateless client cannot be asked",
        Json.EMPTY_OBJECT);
  }

  void close() {
    listens.endAll();
    closeActions.close().forEach(Runnable::run);
  }
}
