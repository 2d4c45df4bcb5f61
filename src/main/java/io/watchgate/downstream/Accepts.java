package io.watchgate.downstream;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The forms of an answer that a client takes. One that says nothing takes any.
record Accepts(boolean json, boolean events) {

  static Accepts of(HttpRequest request) {
    var headers = request.headers().getAll(HttpHeaderNames.ACCEPT);
    if (headers.isEmpty()) {
      return new Accepts(true, true);
    }
    var types =
        headers.stream()
            .flatMap(header -> Stream.of(header.split(",")))
            .map(type -> type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT))
            .collect(Collectors.toSet());
    return new Accepts(
        has(types, "application/json", "application/*"), has(types, "text/event-stream", "text/*"));
  }

  private static boolean has(Set<String> types, String exact, String family) {
    return types.contains(exact) || types.contains(family) || types.contains("*/*");
  }
}
