package io.watchgate.downstream;

import io.watchgate.flow.Refusals.Kind;
import io.watchgate.flow.Session;
import io.watchgate.jsonrpc.MalformedMessage;
import java.util.Optional;
import java.util.OptionalInt;

/// What came in and was no message.
final class Malformed {
  private Malformed() {}

  /// Counts one among the refusals.
  static void count(MalformedMessage malformed, Terms terms, Optional<Session> session) {
    var why = String.valueOf(malformed.getMessage());
    var code = OptionalInt.of(malformed.answer().errorCode());
    terms.refusals().add(Kind.MESSAGE, why, code, session);
  }
}
