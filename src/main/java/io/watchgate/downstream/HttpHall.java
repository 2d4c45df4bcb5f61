package io.watchgate.downstream;

import io.watchgate.flow.Refusals;
import io.watchgate.jsonrpc.Limits;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What all connections of a listener share at a time; a request keeps to what was there when it
/// came.
///
/// @param routes by path
/// @param refusals counts what is not let in
/// @param work counts the requests whose answers have not left yet
/// @param closing whether connections end behind the answers of their requests
record HttpHall(
    Gatekeeper gatekeeper,
    Map<String, Route> routes,
    Limits limits,
    HttpPace pace,
    Refusals refusals,
    OpenWork work,
    boolean closing) {

  /// The same for others, and with other places to go to.
  HttpHall with(Gatekeeper other, Map<String, Route> otherRoutes) {
    return new HttpHall(other, otherRoutes, limits, pace, refusals, work, closing);
  }

  /// The same before its end.
  HttpHall close() {
    return new HttpHall(gatekeeper, routes, limits, pace, refusals, work, true);
  }

  @Nullable Route route(String path) {
    return routes.get(path);
  }

  String paths() {
    return String.join(", ", routes.keySet());
  }
}
