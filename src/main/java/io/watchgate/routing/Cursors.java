package io.watchgate.routing;

import io.watchgate.flow.Refusals;
import io.watchgate.flow.Refusals.Kind;
import io.watchgate.flow.Rejection;
import io.watchgate.flow.Rejection.InvalidParams;
import io.watchgate.flow.Seal;
import io.watchgate.flow.Session;
import io.watchgate.jsonrpc.Json;
import java.util.Optional;

/// The cursors that clients get: only the gateway can make one, for one principal and one list.
record Cursors(Seal seal, Refusals refusals) {

  /// A cursor for a place in a list.
  String seal(String list, Session session, byte[] place) {
    return seal.seal(purpose(list, session), place);
  }

  /// The place that a cursor means.
  ///
  /// @throws Rejection when the principal was never given such a cursor for this list
  byte[] open(Json cursor, String list, Session session) {
    return Optional.of(cursor)
        .filter(Json::isString)
        .flatMap(given -> seal.open(purpose(list, session), given.text()))
        .orElseThrow(() -> {
          refusals.add(Kind.CURSOR, "the gateway gave no such cursor for " + list);
          return invalid("the gateway gave no such cursor for this list");
        });
  }

  static Rejection invalid(String why) {
    return new Rejection(new InvalidParams("invalid cursor: " + why));
  }

  private static String purpose(String list, Session session) {
    return "cursor of " + list + " for " + session.principal();
  }
}
