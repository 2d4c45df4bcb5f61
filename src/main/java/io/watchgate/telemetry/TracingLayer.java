package io.watchgate.telemetry;

import io.watchgate.flow.Call;
import io.watchgate.flow.Handler;
import io.watchgate.flow.Layer;
import io.watchgate.flow.Rejection;
import io.watchgate.flow.Reply;
import io.watchgate.flow.Span;
import io.watchgate.jsonrpc.Notification;
import java.util.function.Supplier;

/// Makes a span of every request of a client. Only there where traces are wanted.
///
/// @param ids names the call where nobody did
public record TracingLayer(Tracer tracer, Supplier<String> ids) implements Layer {
  @Override
  public Handler around(Handler inner) {
    return call ->
        call.message() instanceof Notification ? inner.handle(call) : traced(inner, call);
  }

  private Reply traced(Handler inner, Call call) throws InterruptedException {
    try (var span = tracer.begin(call, call.trail().id(ids))) {
      var _ = call.trail().within(span);
      return noted(inner, call, span);
    }
  }

  private static Reply noted(Handler inner, Call call, Span span) throws InterruptedException {
    try {
      var reply = inner.handle(call);
      ended(span, Outcome.of(reply), reply);
      return reply;
    } catch (Rejection rejection) {
      span.failed(Outcome.of(rejection.reason()).label());
      throw rejection;
    } catch (InterruptedException cancelled) {
      span.failed(Outcome.CANCELLED.label());
      throw cancelled;
    } finally {
      call.trail().server().ifPresent(server -> span.note(Conventions.UPSTREAM, server));
      if (span instanceof RecordedSpan recorded) {
        recorded.tool(call.trail().listedTool());
      }
    }
  }

  /// Notes how a call ended that was answered somehow.
  static void ended(Span span, Outcome outcome, Reply reply) {
    if (outcome != Outcome.COMPLETED) {
      span.failed(outcome.label());
    }
    if (reply.response().error().isPresent()) {
      span.note(Conventions.STATUS_CODE, Integer.toString(reply.response().errorCode()));
    }
  }
}
