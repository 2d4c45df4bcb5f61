package io.watchgate;

import io.watchgate.flow.Call;
import io.watchgate.flow.CloseActions;
import io.watchgate.flow.Handler;
import io.watchgate.flow.InnerSession;
import io.watchgate.jsonrpc.Json;
import io.watchgate.jsonrpc.Notification;
import io.watchgate.jsonrpc.Request;
import io.watchgate.jsonrpc.RequestId;
import io.watchgate.jsonrpc.Response;
import java.util.function.Consumer;

/// The command line as a client of the gateway in the same process: goes through the same stack as
/// any other client, and cannot be asked for anything.
final class LocalClient implements InnerSession, AutoCloseable {
  private final Handler handler;
  private final Consumer<Notification> ear;
  private final CloseActions closeActions = new CloseActions();

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
  public String clientName() {
    return "watchgate command line";
  }

  @Override
  public void onClose(Runnable action) {
    closeActions.add(action);
  }

  /// Leaves: the servers' sessions for this client end.
  @Override
  public void close() {
    closeActions.close().forEach(Runnable::run);
  }

  @Override
  public void tell(Notification notification) {
    ear.accept(notification);
  }

  @Override
  public Response ask(Request request, Consumer<Notification> progress) {
    return InnerSession.cannotAnswer("the command line", request);
  }
}
