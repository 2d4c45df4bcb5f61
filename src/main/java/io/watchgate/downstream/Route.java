package io.watchgate.downstream;

import io.netty.handler.codec.http.HttpMethod;
import io.watchgate.flow.Handler;
import java.util.List;
import java.util.stream.Collectors;

/// What a path leads to.
///
/// @param methods that the path knows
record Route(Endpoint endpoint, Handler handler, List<HttpMethod> methods) {
  boolean has(HttpMethod method) {
    return methods.contains(method);
  }

  /// As `Allow` lists them.
  String allowed() {
    return methods.stream().map(HttpMethod::name).collect(Collectors.joining(", "));
  }
}
