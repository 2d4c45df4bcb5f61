package io.watchgate.telemetry;

import io.watchgate.flow.Call;
import io.watchgate.flow.Handler;
import io.watchgate.flow.Layer;
import io.watchgate.flow.Rejection;
import io.watchgate.flow.Reply;
import io.watchgate.flow.Span;
import io.watchgate.flow.TraceContext;
import io.watchgate.jsonrpc.Field;
import io.watchgate.jsonrpc.Json;
import io.watchgate.jsonrpc.Notification;
import io.watchgate.jsonrpc.Request;
import java.util.Optional;

/// Makes a span of every attempt of a call, and tells the server where it is in its trace
/// (SEP-414). Only there where traces are wanted.
///
/// @param server that is called
public record AttemptLayer(String server) implements Layer {
  @Override
  public Handler around(Handler inner) {
    return call ->
        call.message() instanceof Notification ? inner.handle(call) : traced(inner, call);
  }

  private Reply traced(Handler inner, Call call) throws InterruptedException {
    try (var span = call.trail().span().call(call, server)) {
      var before = call.trail().within(span);
      try {
        var reply = inner.handle(call.with(carrying(call.request(), span.context())));
        TracingLayer.ended(span, Outcome.of(reply), reply);
        return reply;
      } catch (Rejection rejection) {
        span.failed(Outcome.of(rejection.reason()).label());
        throw rejection;
      } catch (InterruptedException cancelled) {
        span.failed(Outcome.CANCELLED.label());
        throw cancelled;
      } finally {
        Span _ = call.trail().within(before);
      }
    }
  }

  /// The request with the context in its `_meta`.
  private static Request carrying(Request request, Optional<TraceContext> context) {
    if (context.isEmpty()) {
      return request;
    }
    var meta = request.field(Field.META);
    var params = request.field(Field.PARAMS);
    if (meta.filter(Json::isObject).isPresent()) {
      return request.with(Field.META, with(meta.get(), context.get()));
    } else if (params.isEmpty()) {
      var only = Json.object("_meta", with(Json.EMPTY_OBJECT, context.get()));
      return Request.of(request.id(), request.method(), only);
    } else if (params.get().isObject() && meta.isEmpty()) {
      var added = params.get().plus("_meta", with(Json.EMPTY_OBJECT, context.get()));
      return request.with(Field.PARAMS, added);
    }
    return request; // what is no object can carry nothing
  }

  private static Json with(Json meta, TraceContext context) {
    var traced = meta.set("traceparent", Json.string(context.traceparent()));
    return context.state().isEmpty()
        ? traced
        : traced.set("tracestate", Json.string(context.state()));
  }
}
