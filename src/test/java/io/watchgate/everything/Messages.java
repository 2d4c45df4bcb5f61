package io.watchgate.everything;

import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// What makes a JSON value a JSON-RPC message, or a batch of them.
final class Messages {
  private Messages() {}

  /// Why a posted value is neither, if so.
  static Optional<Failure> problem(JsonNode message) {
    boolean isFine =
        message.isArray()
            ? !message.isEmpty() && message.valueStream().allMatch(Messages::isLegacy)
            : isMessage(message);
    return isFine
        ? Optional.empty()
        : Optional.of(Failure.of(Failure.INVALID_REQUEST, "Invalid Request"));
  }

  private static boolean isLegacy(JsonNode message) {
    return isMessage(message) && !Envelope.isClaimedBy(message);
  }

  private static boolean isMessage(JsonNode message) {
    if (!message.path("jsonrpc").asString("").equals("2.0")) {
      return false;
    }
    boolean isAnswer = message.has("result") != message.has("error");
    boolean hasId = message.path("id").isString() || message.path("id").isIntegralNumber();
    return message.path("method").isString()
        ? hasId || !message.has("id")
        : isAnswer && (hasId || message.has("error"));
  }
}
