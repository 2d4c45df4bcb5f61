package io.watchgate.plugin;

import io.watchgate.jsonrpc.ErrorCode;
import io.watchgate.jsonrpc.Json;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/// What a message says: its parameters, its result or its error. Immutable.
public final class Content {
  private final Kind kind;
  private final Json json;
  private final Map<Class<?>, Object> derived = new ConcurrentHashMap<>(2);

  /// @param json an object; for an error one with `code` and `message`
  public Content(Kind kind, Json json) {
    this.kind = kind;
    this.json = json;
  }

  /// Which part of a message it is.
  public enum Kind {
    PARAMS,
    RESULT,
    ERROR
  }

  /// The content of an answer.
  public static Content result(Json result) {
    return new Content(Kind.RESULT, result);
  }

  /// An error in the place of an answer.
  public static Content error(int code, String message, Json data) {
    return new Content(Kind.ERROR, Json.object("code", code, "message", message, "data", data));
  }

  /// The error that a client gets about a tool or prompt that does not exist. Whoever hides one
  /// answers with it, too, so that nobody can tell what is hidden from what is not there.
  ///
  /// @param kind `tool` or `prompt`
  public static Content unknown(String kind, String name) {
    return error(
        ErrorCode.INVALID_PARAMS,
        "unknown " + kind + ": " + name,
        Json.object("reason", "unknown_" + kind));
  }

  public Kind kind() {
    return kind;
  }

  public Json json() {
    return json;
  }

  /// What is made from the content at great cost, and made once for all plugins that want it.
  ///
  /// @param type tells it from what else is made from the content
  public <T> T derived(Class<T> type, Function<Json, T> make) {
    return type.cast(derived.computeIfAbsent(type, _ -> make.apply(json)));
  }
}
