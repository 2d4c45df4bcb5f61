package io.watchgate.hosting;

import io.watchgate.hosting.CallExchange.Subject;
import io.watchgate.jsonrpc.Field;
import io.watchgate.jsonrpc.Json;
import io.watchgate.jsonrpc.Message;
import io.watchgate.jsonrpc.Notification;
import io.watchgate.jsonrpc.Request;
import io.watchgate.jsonrpc.RequestId;
import io.watchgate.jsonrpc.Response;
import io.watchgate.plugin.Content;
import io.watchgate.plugin.Content.Kind;

/// The content of messages: what plugins see of them, and messages with what plugins made of it.
final class Wire {
  private Wire() {}

  static Subject of(Request request) {
    return new Subject("", request.method(), params(request));
  }

  static Subject of(Notification notification) {
    return new Subject("", notification.method(), params(notification));
  }

  private static Json params(Message message) {
    return message.field(Field.PARAMS).orElse(Json.EMPTY_OBJECT);
  }

  static Content of(Response response) {
    return response
        .result()
        .map(Content::result)
        .orElseGet(() -> new Content(Kind.ERROR, response.error().orElse(Json.EMPTY_OBJECT)));
  }

  static Request with(Request request, Json params) {
    return request.field(Field.PARAMS).isPresent()
        ? request.with(Field.PARAMS, params)
        : Request.of(request.id(), request.method(), params);
  }

  static Notification with(Notification notification, Json params) {
    return notification.field(Field.PARAMS).isPresent()
        ? notification.with(Field.PARAMS, params)
        : Notification.of(notification.method(), params);
  }

  static Response with(Response response, Json answer) {
    return response.error().isPresent() ? response.withError(answer) : response.withResult(answer);
  }

  /// The answer that a plugin gives in the place of the server.
  static Response response(RequestId id, Content answer) {
    return answer.kind() == Kind.RESULT
        ? Response.success(id, answer.json())
        : Response.failure(id, 0, "", Json.EMPTY_OBJECT).withError(answer.json());
  }
}
