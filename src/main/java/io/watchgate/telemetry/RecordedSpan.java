package io.watchgate.telemetry;

import io.watchgate.flow.Call;
import io.watchgate.flow.Span;
import io.watchgate.flow.TraceContext;
import io.watchgate.telemetry.FinishedSpan.Kind;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/// A span that is told of when it ends. Safe for any number of threads.
final class RecordedSpan implements Span {
  private static final int MAX_LENGTH = 256;

  /// Who waits for less did not have to wait.
  private static final long BRIEF_NANOS = TimeUnit.MICROSECONDS.toNanos(100);

  private final Tracer tracer;
  private final TraceContext context;
  private final Optional<String> parent;
  private final Kind kind;
  private final List<TraceContext> links;
  private final Map<String, String> attributes = new ConcurrentHashMap<>();
  private final AtomicBoolean closed = new AtomicBoolean();
  private final long started;
  private long leastNanos;
  private volatile String name;
  private volatile Optional<String> error = Optional.empty();

  RecordedSpan(
      Tracer tracer,
      TraceContext context,
      Optional<String> parent,
      String name,
      Kind kind,
      List<TraceContext> links) {
    this.tracer = tracer;
    this.context = context;
    this.parent = parent;
    this.name = name;
    this.kind = kind;
    this.links = links;
    this.started = tracer.now();
  }

  private RecordedSpan child(String childName, Kind childKind) {
    var at = context.at(tracer.spanId());
    return new RecordedSpan(
        tracer, at, Optional.of(context.spanId()), childName, childKind, List.of());
  }

  @Override
  public Span part(String what, String of) {
    var span = child(of.isEmpty() ? what : what + " " + of, Kind.INTERNAL);
    span.note(Conventions.PLUGIN, of);
    return span;
  }

  @Override
  public Span waiting(String what, String of) {
    var span = child("wait for " + what + (of.isEmpty() ? "" : " " + of), Kind.INTERNAL);
    span.leastNanos = BRIEF_NANOS;
    span.note(Conventions.WAITS_FOR, what);
    if (!of.isEmpty()) {
      span.note(Conventions.UPSTREAM, of);
    }
    return span;
  }

  @Override
  public Span call(Call call, String server) {
    var span = child(call.method(), Kind.CLIENT);
    span.note(Conventions.METHOD, call.method());
    span.note(Conventions.UPSTREAM, server);
    span.tool(call.trail().listedTool());
    return span;
  }

  /// Notes the tool that is called; nothing when it is empty, because no catalog has it.
  void tool(String tool) {
    if (!tool.isEmpty()) {
      name = name + " " + cut(tool);
      note(Conventions.TOOL, tool);
      note(Conventions.OPERATION, Conventions.EXECUTE_TOOL);
    }
  }

  @Override
  public void note(String key, String value) {
    attributes.put(key, cut(value));
  }

  private static String cut(String value) {
    return value.length() <= MAX_LENGTH ? value : value.substring(0, MAX_LENGTH) + "…";
  }

  @Override
  public void failed(String type) {
    error = Optional.of(type);
    note(Conventions.ERROR_TYPE, type);
  }

  @Override
  public Optional<TraceContext> context() {
    return Optional.of(context);
  }

  @Override
  public void close() {
    long ended = tracer.now();
    if (!closed.getAndSet(true) && ended - started >= leastNanos) {
      tracer.ended(
          new FinishedSpan(
              context, parent, links, name, kind, started, ended, Map.copyOf(attributes), error));
    }
  }
}
