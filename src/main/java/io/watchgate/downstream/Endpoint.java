package io.watchgate.downstream;

import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.watchgate.flow.Handler;
import io.watchgate.flow.TraceContext;
import java.util.Optional;

/// What is served on a path. Called on a thread of the request's own, which may wait, and which is
/// interrupted when the client goes away before the reply is finished.
@FunctionalInterface
interface Endpoint {
  void serve(Visit visit, HttpReply reply);

  /// One request, read whole and let in.
  ///
  /// @param handler the stack behind the request's path
  /// @param principal who is asking
  record Visit(FullHttpRequest request, Handler handler, String principal, Channel channel) {
    String path() {
      return HttpListener.path(request.uri());
    }

    Optional<String> header(String name) {
      return Optional.ofNullable(request.headers().get(name));
    }

    /// The trace that the request is a part of, by its headers (W3C Trace Context).
    Optional<TraceContext> traceContext() {
      return header("traceparent")
          .flatMap(parent -> TraceContext.of(parent, header("tracestate").orElse("")));
    }

    boolean isJson() {
      var type = request.headers().get(HttpHeaderNames.CONTENT_TYPE, "");
      return Accepts.withoutParameters(type).equals(Accepts.JSON);
    }

    byte[] body() {
      return ByteBufUtil.getBytes(request.content());
    }
  }
}
