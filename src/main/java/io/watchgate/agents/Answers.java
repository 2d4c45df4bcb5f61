package io.watchgate.agents;

import io.watchgate.jsonrpc.Json;
import io.watchgate.jsonrpc.Limits;
import io.watchgate.jsonrpc.MalformedMessage;
import io.watchgate.schema.SchemaCheck;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// Looks at answers that have to be JSON.
final class Answers {
  private Answers() {}

  /// What is wrong with an answer, in words for the model; empty when nothing is.
  static Optional<String> problem(String answer, SchemaCheck check) {
    try {
      var json = Json.parse(answer.getBytes(StandardCharsets.UTF_8), Limits.DEFAULT);
      return check
          .mismatch(json)
          .map(wrong -> "Answer again: the answer does not fit its schema: " + wrong);
    } catch (MalformedMessage malformed) {
      return Optional.of(
          "Answer again with JSON and nothing else: the answer is none: " + malformed.getMessage());
    }
  }
}
