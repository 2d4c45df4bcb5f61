package io.watchgate.telemetry;

import io.watchgate.flow.TraceContext;
import io.watchgate.jsonrpc.Json;
import io.watchgate.otlp.Otlp;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A span that has ended, as a value.
///
/// @param parent the id of the span that it is a part of
/// @param links other traces that it belongs to
/// @param started in nanoseconds since 1970
/// @param error what went wrong, in one of a few words
record FinishedSpan(
    TraceContext context,
    Optional<String> parent,
    List<TraceContext> links,
    String name,
    Kind kind,
    long started,
    long ended,
    Map<String, String> attributes,
    Optional<String> error) {
  private static final int ERROR = 2;

  /// Whose work it is, with the number that OTLP has for that.
  enum Kind {
    INTERNAL(1),
    SERVER(2),
    CLIENT(3);

    private final int number;

    Kind(int number) {
      this.number = number;
    }
  }

  /// As OTLP has it.
  Json json() {
    var json =
        Json.object(
            "traceId", context.traceId(),
            "spanId", context.spanId(),
            "name", name,
            "kind", kind.number,
            "startTimeUnixNano", Otlp.whole(started),
            "endTimeUnixNano", Otlp.whole(ended),
            "attributes", Otlp.attributes(attributes));
    if (!context.state().isEmpty()) {
      json = json.plus("traceState", Json.string(context.state()));
    }
    if (parent.isPresent()) {
      json = json.plus("parentSpanId", Json.string(parent.get()));
    }
    if (!links.isEmpty()) {
      json = json.plus("links", Json.array(links.stream().map(FinishedSpan::link).toList()));
    }
    return error.isEmpty() ? json : json.plus("status", Json.object("code", ERROR));
  }

  private static Json link(TraceContext other) {
    return Json.object("traceId", other.traceId(), "spanId", other.spanId());
  }
}
