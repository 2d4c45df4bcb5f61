package io.watchgate.downstream;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// The forms of an answer that a client takes. One that says nothing takes any.
///
/// @param eventsFirst whether it names events before JSON
/// @param body false when it asks for the head of an answer alone
record Accepts(boolean json, boolean events, boolean eventsFirst, boolean body) {

  static final String JSON = "application/json";
  private static final String EVENTS = "text/event-stream";

  static Accepts of(HttpRequest request) {
    var headers = request.headers().getAll(HttpHeaderNames.ACCEPT);
    boolean body = !request.method().equals(HttpMethod.HEAD);
    if (headers.isEmpty()) {
      return new Accepts(true, true, false, body);
    }
    var types = new ArrayList<String>();
    for (var header : headers) {
      for (int at = 0; at <= header.length(); ) {
        int comma = header.indexOf(',', at);
        int end = comma < 0 ? header.length() : comma;
        types.add(withoutParameters(header.substring(at, end)));
        at = end + 1;
      }
    }
    int events = types.indexOf(EVENTS);
    return new Accepts(
        has(types, JSON, "application/*"),
        has(types, EVENTS, "text/*"),
        events >= 0 && events < types.indexOf(JSON),
        body);
  }

  private static boolean has(List<String> types, String exact, String family) {
    return types.contains(exact) || types.contains(family) || types.contains("*/*");
  }

  /// A media type alone, in lower case.
  static String withoutParameters(String type) {
    int end = type.indexOf(';');
    return (end < 0 ? type : type.substring(0, end)).strip().toLowerCase(Locale.ROOT);
  }
}
