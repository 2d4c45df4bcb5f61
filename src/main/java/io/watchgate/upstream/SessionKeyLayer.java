package io.watchgate.upstream;

import io.watchgate.flow.Call;
import io.watchgate.flow.Client;
import io.watchgate.flow.Handler;
import io.watchgate.flow.Layer;
import io.watchgate.flow.Rejection;
import io.watchgate.flow.Rejection.InvalidParams;
import io.watchgate.jsonrpc.Field;
import io.watchgate.jsonrpc.Json;
import io.watchgate.jsonrpc.Notification;
import io.watchgate.jsonrpc.Request;
import io.watchgate.mcp.MetaKey;
import java.util.Set;

/// Lets a call name the session with the server that it uses, by `io.watchgate/sessionKey` in its
/// `_meta`. The name is for the gateway, and does not leave it.
public final class SessionKeyLayer implements Layer {
  private static final int MAX_LENGTH = 128;

  @Override
  public Handler around(Handler inner) {
    return call -> {
      var key = call.message().field(Field.META_SESSION_KEY);
      return inner.handle(key.isEmpty() ? call : keyed(call, key.get()));
    };
  }

  private static Call keyed(Call call, Json key) {
    if (!key.isString() || !isName(key.text())) {
      throw new Rejection(
          new InvalidParams(
              "_meta."
                  + MetaKey.SESSION_KEY
                  + " must be a text of 1 to "
                  + MAX_LENGTH
                  + " visible characters"));
    }
    Client client = KeyedSession.of(call.client(), key.text());
    return stripped(call).with(client);
  }

  /// The name is written to logs: it must not look like anything else there.
  private static boolean isName(String text) {
    return !text.isEmpty()
        && text.length() <= MAX_LENGTH
        && text.codePoints().allMatch(SessionKeyLayer::isVisible);
  }

  private static boolean isVisible(int character) {
    return switch (Character.getType(character)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.UNASSIGNED ->
          false;
      default -> true;
    };
  }

  private static Call stripped(Call call) {
    var meta =
        call.message()
            .field(Field.META)
            .orElse(Json.EMPTY_OBJECT)
            .without(Set.of(MetaKey.SESSION_KEY));
    return call.with(
        switch (call.message()) {
          case Request request -> request.with(Field.META, meta);
          case Notification notification -> notification.with(Field.META, meta);
          case io.watchgate.jsonrpc.Response _ ->
              throw new IllegalStateException("a response is no call");
        });
  }
}
