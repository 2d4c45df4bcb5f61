package io.watchgate.downstream;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.watchgate.downstream.Endpoint.Visit;
import io.watchgate.flow.Refusals.Kind;
import io.watchgate.jsonrpc.MalformedMessage;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One connection of a client: lets requests in, gives each a thread, one after the other, and
/// interrupts that thread when the client goes away for good. Its state belongs to the event loop.
final class HttpConnection extends SimpleChannelInboundHandler<FullHttpRequest> {
  private static final Logger log = LoggerFactory.getLogger(HttpConnection.class);
  private static final int MAX_PIPELINED = 16;

  private final Supplier<HttpHall> halls;
  private final ArrivalWatch watch;
  private final ArrayDeque<FullHttpRequest> next = new ArrayDeque<>();
  private HttpHall hall;
  private long waitingBytes;
  private @Nullable FullHttpRequest current;
  private boolean counted;
  private boolean lingering;
  private @Nullable Thread serving;
  private @Nullable HttpReply reply;

  /// @param halls gives the one of the moment
  HttpConnection(Supplier<HttpHall> halls, ArrivalWatch watch) {
    this.halls = halls;
    this.hall = halls.get();
    this.watch = watch;
  }

  @Override
  protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
    if (lingering) {
      return;
    }
    int bytes = request.content().readableBytes();
    boolean tooMany = next.size() == MAX_PIPELINED;
    if (tooMany || (!next.isEmpty() && waitingBytes + bytes > hall.limits().maxBytes())) {
      log.warn("client {} sends requests without end: it is cut", context.channel());
      context.close();
      return;
    }
    waitingBytes += bytes;
    next.add(request.retain());
    serveNext(context);
  }

  private void serveNext(ChannelHandlerContext context) {
    if (current != null) {
      return;
    }
    var request = next.poll();
    if (request == null) {
      watch.idle();
      return;
    }
    waitingBytes -= request.content().readableBytes();
    current = request;
    hall = halls.get();
    watch.serving();
    boolean whole = request.decoderResult().isSuccess();
    boolean keepAlive = whole && HttpUtil.isKeepAlive(request) && !hall.closing();
    var reply =
        new HttpReply(
            context.channel(),
            hall.pace(),
            Accepts.of(request),
            keepAlive,
            () -> onLoop(context, () -> served(context, whole, keepAlive)));
    if (keepAlive && request.protocolVersion().equals(HttpVersion.HTTP_1_0)) {
      reply.header("Connection", "keep-alive"); // what HTTP/1.1 takes for granted
    }
    if (whole) {
      admit(context, request, reply);
    } else {
      refuseBroken(request.decoderResult().cause(), reply);
    }
  }

  private static void onLoop(ChannelHandlerContext context, Runnable action) {
    if (context.executor().inEventLoop()) {
      action.run();
    } else {
      context.executor().execute(action);
    }
  }

  private void served(ChannelHandlerContext context, boolean whole, boolean keepAlive) {
    release();
    if (keepAlive) {
      serveNext(context);
    } else if (whole || !(context.channel() instanceof DuplexChannel channel)) {
      context.close();
    } else {
      lingering = true;
      watch.lingering();
      channel.shutdownOutput();
    }
  }

  private void release() {
    serving = null;
    reply = null;
    if (counted) {
      counted = false;
      hall.work().end();
    }
    if (current != null) {
      current.release();
      current = null;
    }
  }

  private void refused(Kind kind, HttpResponseStatus status, String why) {
    hall.refusals().add(kind, why, OptionalInt.of(status.code()), Optional.empty());
  }

  private void refuseBroken(Throwable cause, HttpReply reply) {
    refused(Kind.HTTP, HttpResponseStatus.BAD_REQUEST, "it is too large, or no request of HTTP");
    switch (cause) {
      case WholeRequests.TooLarge _ ->
          reply.finish(
              HttpResponseStatus.REQUEST_ENTITY_TOO_LARGE,
              MalformedMessage.tooLarge(hall.limits().maxBytes()).answer().toBytes());
      case TooLongHttpLineException _ ->
          reply.refuse(HttpResponseStatus.REQUEST_URI_TOO_LONG, "the request line is too long");
      case TooLongHttpHeaderException _ ->
          reply.refuse(
              HttpResponseStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, "the headers are too large");
      default -> reply.refuse(HttpResponseStatus.BAD_REQUEST, "not a valid HTTP request");
    }
  }

  private void admit(ChannelHandlerContext context, FullHttpRequest request, HttpReply reply) {
    var refusal = hall.gatekeeper().check(request);
    var route = hall.route(HttpListener.path(request.uri()));
    if (refusal.isPresent()) {
      refused(refusal.get().kind(), refusal.get().status(), refusal.get().why());
      if (refusal.get().status().equals(HttpResponseStatus.UNAUTHORIZED)) {
        reply.header("WWW-Authenticate", "Bearer");
      }
      reply.refuse(refusal.get().status(), refusal.get().why());
    } else if (route == null) {
      refused(Kind.HTTP, HttpResponseStatus.NOT_FOUND, "nothing is served at its path");
      reply.refuse(HttpResponseStatus.NOT_FOUND, "nothing is served here; known: " + hall.paths());
    } else if (!route.has(request.method())) {
      refused(Kind.HTTP, HttpResponseStatus.METHOD_NOT_ALLOWED, "its method is none of the path's");
      reply.header("Allow", route.allowed());
      reply.refuse(HttpResponseStatus.METHOD_NOT_ALLOWED, "use " + route.allowed());
    } else {
      var principal = hall.gatekeeper().principal(request).orElseThrow();
      serve(route, new Visit(request, route.handler(), principal, context.channel()), reply);
    }
  }

  private void serve(Route route, Visit visit, HttpReply reply) {
    counted = !visit.request().method().equals(HttpMethod.GET); // a stream has no end to wait for
    if (counted) {
      hall.work().begin();
    }
    visit.request().retain();
    this.reply = reply;
    reply.onAbandoned(() -> visit.channel().eventLoop().execute(this::interrupt));
    serving =
        Thread.ofVirtual()
            .start(() -> {
              try {
                route.endpoint().serve(visit, reply);
              } catch (RuntimeException fault) { // supervised edge: the client must not hang
                log.error("serving {} failed", visit.path(), fault);
                reply.refuse(HttpResponseStatus.INTERNAL_SERVER_ERROR, "internal error");
              } finally {
                visit.request().release();
              }
            });
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    if (reply == null || !reply.lost()) {
      interrupt();
    }
    if (!counted) {
      release(); // a stream of events, which nobody else ends
    }
    next.forEach(FullHttpRequest::release);
    next.clear();
  }

  private void interrupt() {
    if (serving != null) {
      serving.interrupt();
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    log.debug("connection from {} failed", context.channel().remoteAddress(), cause);
    context.close();
  }
}
