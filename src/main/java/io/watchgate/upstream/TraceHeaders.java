package io.watchgate.upstream;

import io.watchgate.flow.TraceContext;
import io.watchgate.jsonrpc.Request;
import java.util.LinkedHashMap;
import java.util.Map;

/// The headers that say which trace a request is a part of, as its message says it (W3C Trace
/// Context).
final class TraceHeaders {
  private TraceHeaders() {}

  /// @param others that the request has
  static Map<String, String> with(Map<String, String> others, Request request) {
    var context = TraceContext.of(request);
    if (context.isEmpty()) {
      return others;
    }
    var all = new LinkedHashMap<>(others);
    all.put("traceparent", context.get().traceparent());
    if (!context.get().state().isEmpty()) {
      all.put("tracestate", context.get().state());
    }
    return all;
  }
}
