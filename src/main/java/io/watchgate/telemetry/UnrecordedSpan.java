package io.watchgate.telemetry;

import io.watchgate.flow.Call;
import io.watchgate.flow.Span;
import io.watchgate.flow.TraceContext;
import java.util.Optional;

/// A span of a trace that is not recorded: servers are told so.
record UnrecordedSpan(TraceContext at) implements Span {
  @Override
  public Span part(String what, String of) {
    return this;
  }

  @Override
  public Span waiting(String what, String of) {
    return this;
  }

  @Override
  public Span call(Call call, String server) {
    return this;
  }

  @Override
  public void note(String key, String value) {}

  @Override
  public void failed(String type) {}

  @Override
  public Optional<TraceContext> context() {
    return Optional.of(at);
  }

  @Override
  public void close() {}
}
