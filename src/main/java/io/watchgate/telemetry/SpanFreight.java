package io.watchgate.telemetry;

import io.watchgate.jsonrpc.Json;
import io.watchgate.otlp.Otlp;
import io.watchgate.otlp.Outbox.Freight;
import io.watchgate.otlp.Signal;
import java.util.List;

/// Spans on their way to a collector.
record SpanFreight(Source source) implements Freight<FinishedSpan> {

  @Override
  public Signal signal() {
    return Signal.TRACES;
  }

  @Override
  public Json request(List<FinishedSpan> batch) {
    var scope =
        Json.object(
            "scope", Otlp.scope(source.version()),
            "spans", Json.array(batch.stream().map(FinishedSpan::json).toList()));
    var resource =
        Json.object("resource", source.resource(), "scopeSpans", Json.array(List.of(scope)));
    return Json.object("resourceSpans", Json.array(List.of(resource)));
  }
}
