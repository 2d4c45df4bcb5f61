package io.watchgate.telemetry;

import io.watchgate.flow.Call;
import io.watchgate.flow.Fingerprint;
import io.watchgate.flow.Span;
import io.watchgate.flow.TraceContext;
import io.watchgate.otlp.Outbox;
import io.watchgate.telemetry.FinishedSpan.Kind;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// Makes the spans of calls. A call that came as a part of a trace is recorded when that is; of the
/// others a part is. What is not recorded is still told to servers, which then do not either.
public final class Tracer {
  private final Consumer<FinishedSpan> out;
  private final double sampling;
  private final Source source;
  private final long epochNanos;

  /// @param outbox takes what is recorded
  /// @param sampling the part of calls that is recorded where nobody said so, from 0 to 1
  Tracer(Outbox<FinishedSpan> outbox, double sampling, Source source) {
    this(
        span -> {
          boolean _ = outbox.offer(span); // what is lost is counted there
        },
        sampling,
        source);
  }

  Tracer(Consumer<FinishedSpan> out, double sampling, Source source) {
    this.out = out;
    this.sampling = sampling;
    this.source = source;
    var now = source.clock().instant();
    this.epochNanos =
        TimeUnit.SECONDS.toNanos(now.getEpochSecond()) + now.getNano() - source.time().nanos();
  }

  /// The span of a call that came in just now.
  Span begin(Call call, String requestId) {
    var parent = call.trail().cameWith();
    var context = parent.map(known -> known.at(spanId())).orElseGet(this::root);
    if (!context.isSampled()) {
      return new Span.Unrecorded(Optional.of(parent.orElse(context)));
    }
    var other = call.client().traceContext().filter(one -> !parent.equals(Optional.of(one)));
    var links = other.map(List::of).orElse(List.of());
    var span =
        new RecordedSpan(
            this, context, parent.map(TraceContext::spanId), call.method(), Kind.SERVER, links);
    span.note(Conventions.METHOD, call.method());
    span.note(Conventions.REQUEST_ID, requestId);
    span.note(Conventions.RPC_ID, call.request().id().json());
    var session = call.client().session();
    span.note(Conventions.PROTOCOL_VERSION, session.version().toString());
    span.note(Conventions.SESSION, Fingerprint.of(session.key()));
    return span;
  }

  private TraceContext root() {
    boolean isSampled = source.random().nextDouble() < sampling;
    return new TraceContext(spanId() + spanId(), spanId(), isSampled ? 1 : 0, "");
  }

  String spanId() {
    long id = source.random().nextLong();
    return HexFormat.of().toHexDigits(id == 0 ? 1 : id);
  }

  /// Nanoseconds since 1970 that the clocks of the machine never turn back.
  long now() {
    return epochNanos + source.time().nanos();
  }

  void ended(FinishedSpan span) {
    out.accept(span);
  }
}
