package io.watchgate.downstream;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/// The forms of an answer that a client takes. One that says nothing takes any.
///
/// @param eventsFirst whether it names events before JSON
record Accepts(boolean json, boolean events, boolean eventsFirst) {

  private static final String JSON = "application/json";
  private static final String EVENTS = "text/event-stream";

  static Accepts of(HttpRequest request) {
    var headers = request.headers().getAll(HttpHeaderNames.ACCEPT);
    if (headers.isEmpty()) {
      return new Accepts(true, true, false);
    }
    var types =
        headers.stream()
            .flatMap(header -> Stream.of(header.split(",")))
            .map(type -> type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT))
            .toList();
    int events = types.indexOf(EVENTS);
    return new Accepts(
        has(types, JSON, "application/*"),
        has(types, EVENTS, "text/*"),
        events >= 0 && events < types.indexOf(JSON));
  }

  private static boolean has(List<String> types, String exact, String family) {
    return types.contains(exact) || types.contains(family) || types.contains("*/*");
  }
}
