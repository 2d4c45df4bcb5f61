package io.watchgate;

import io.watchgate.flow.Call;
import io.watchgate.flow.Handler;
import io.watchgate.flow.Session;
import io.watchgate.jsonrpc.ErrorCode;
import io.watchgate.jsonrpc.Json;
import io.watchgate.jsonrpc.Notification;
import io.watchgate.jsonrpc.Request;
import io.watchgate.jsonrpc.RequestId;
import io.watchgate.jsonrpc.Response;
import io.watchgate.mcp.LogLevel;
import io.watchgate.mcp.ProtocolVersion;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/// The command line as a client of the gateway in the same process: goes through the same stack as
/// any other client, and cannot be asked for anything.
final class LocalClient implements Session, AutoCloseable {
  private final Handler handler;
  private final Consumer<Notification> ear;
  private final List<Runnable> closeActions = new CopyOnWriteArrayList<>();

  /// @param ear hears the notifications
  LocalClient(Handler handler, Consumer<Notification> ear) {
    this.handler = handler;
    this.ear = ear;
  }

  Response request(String method, Json params) throws InterruptedException {
    var request = Request.of(RequestId.of(1), method, params);
    return handler.handle(new Call(request, this)).response();
  }

  @Override
  public String key() {
    return "command line";
  }

  @Override
  public String principal() {
    return "local";
  }

  @Override
  public ProtocolVersion version() {
    return ProtocolVersion.NEWEST_HANDSHAKE;
  }

  @Override
  public String clientName() {
    return "watchgate command line";
  }

  @Override
  public Json capabilities() {
    return Json.EMPTY_OBJECT;
  }

  @Override
  public Optional<LogLevel> logLevel() {
    return Optional.empty();
  }

  @Override
  public void onClose(Runnable action) {
    closeActions.add(action);
  }

  /// Leaves: the servers' sessions for this client end.
  @Override
  public void close() {
    closeActions.forEach(Runnable::run);
  }

  @Override
  public void tell(Notification notification) {
    ear.accept(notification);
  }

  @Override
  public Response ask(Request request, Consumer<Notification> progress) {
    return Response.failure(
        request.id(),
        ErrorCode.METHOD_NOT_FOUND,
        "the command line cannot answer " + request.method(),
        Json.object("reason", "method_not_found"));
  }
}
