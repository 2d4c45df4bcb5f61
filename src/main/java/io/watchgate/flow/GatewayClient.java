package io.watchgate.flow;

import io.watchgate.jsonrpc.ErrorCode;
import io.watchgate.jsonrpc.Json;
import io.watchgate.jsonrpc.Notification;
import io.watchgate.jsonrpc.Request;
import io.watchgate.jsonrpc.Response;
import java.util.function.Consumer;

/// The gateway as a client of its own servers, for lists and for sessions that no one client stands
/// behind: declares nothing, hears nothing.
public enum GatewayClient implements InnerSession {
  INSTANCE;

  @Override
  public String key() {
    return "gateway";
  }

  @Override
  public String principal() {
    return "gateway";
  }

  @Override
  public String clientName() {
    return "watchgate";
  }

  @Override
  public void onClose(Runnable action) {}

  @Override
  public void tell(Notification notification) {}

  @Override
  public Response ask(Request request, Consumer<Notification> progress) {
    return Response.failure(
        request.id(),
        ErrorCode.METHOD_NOT_FOUND,
        "no client stands behind this session",
        Json.EMPTY_OBJECT);
  }
}
