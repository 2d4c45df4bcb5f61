package io.watchgate.translation;

import io.watchgate.jsonrpc.Json;
import io.watchgate.mcp.Method;

/// What a client must have declared to be asked for something.
final class Asked {
  private Asked() {}

  /// The capability that a request needs, as a client would declare it; `{}` for none known.
  static Json capability(String method, Json params) {
    return switch (method) {
      case Method.ELICIT ->
          Json.object(
              "elicitation",
              isUrl(params) ? Json.object("url", Json.EMPTY_OBJECT) : Json.EMPTY_OBJECT);
      case Method.SAMPLE -> Json.object("sampling", Json.EMPTY_OBJECT);
      case Method.LIST_ROOTS -> Json.object("roots", Json.EMPTY_OBJECT);
      default -> Json.EMPTY_OBJECT;
    };
  }

  static boolean isUrl(Json params) {
    return params.textMember("mode").filter("url"::equals).isPresent();
  }

  /// Whether a client declared a capability: an elicitation that says no mode means forms.
  static boolean isDeclared(Json needed, Json declared) {
    if (needed.members().isEmpty()) {
      return false;
    }
    var capability = needed.members().getFirst();
    var mine = declared.member(capability.key()).filter(Json::isObject);
    if (mine.isEmpty() || !capability.key().equals("elicitation")) {
      return mine.isPresent();
    }
    boolean url = !capability.value().members().isEmpty();
    return url
        ? mine.get().member("url").isPresent()
        : mine.get().member("url").isEmpty() || mine.get().member("form").isPresent();
  }
}
