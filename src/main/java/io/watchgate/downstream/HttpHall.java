package io.watchgate.downstream;

import io.watchgate.jsonrpc.Limits;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What all connections of a listener share.
///
/// @param routes by path
/// @param work counts the requests whose answers have not left yet
record HttpHall(
    Gatekeeper gatekeeper, Map<String, Route> routes, Limits limits, HttpPace pace, OpenWork work) {

  @Nullable Route route(String path) {
    return routes.get(path);
  }

  String paths() {
    return String.join(", ", routes.keySet());
  }
}
