package io.watchgate.downstream;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.watchgate.flow.TraceContext;
import io.watchgate.jsonrpc.ErrorCode;
import io.watchgate.jsonrpc.Json;
import io.watchgate.jsonrpc.Response;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The response to one request: plain JSON when all there is to say is the answer, a stream of
/// events from the moment something must be said before it. In a session the stream outlives the
/// connection: its client may come back for the rest. Safe for any number of threads.
final class HttpReply implements Outlet {
  private static final Logger log = LoggerFactory.getLogger(HttpReply.class);

  private final Channel channel;
  private final HttpPace pace;
  private final Accepts accepts;
  private final boolean keepAlive;
  private final Runnable onEnd;
  private final Map<String, String> headers = new HashMap<>();
  private volatile Optional<TraceContext> trace = Optional.empty();
  private boolean finished;
  private Runnable onAbandoned = () -> {};
  private @Nullable EventStream events;
  private @Nullable SessionStreams session;
  private @Nullable SessionStream stream;

  /// @param keepAlive false when the connection ends behind the response
  /// @param onEnd runs on the event loop when the response has left, or cannot leave any more
  HttpReply(Channel channel, HttpPace pace, Accepts accepts, boolean keepAlive, Runnable onEnd) {
    this.channel = channel;
    this.pace = pace;
    this.accepts = accepts;
    this.keepAlive = keepAlive;
    this.onEnd = onEnd;
  }

  Accepts accepts() {
    return accepts;
  }

  /// Adds a header, which is sent unless the head went out already.
  synchronized void header(String name, String value) {
    headers.put(name, value);
  }

  /// Notes the trace that the request is a part of.
  void traced(Optional<TraceContext> context) {
    trace = context;
  }

  @Override
  public Optional<TraceContext> traceContext() {
    return trace;
  }

  /// Runs an action when the client lost the stream of its call and does not come back for it.
  synchronized void onAbandoned(Runnable action) {
    onAbandoned = action;
  }

  /// From now on what the reply says is said on a stream of a session.
  synchronized void within(SessionStreams streams) {
    session = streams;
  }

  @Override
  public synchronized void begin(Duration retry) {
    if (!finished && accepts.events() && session != null && session.arePrimed()) {
      open(Optional.of(retry));
    }
  }

  @Override
  public synchronized boolean send(byte[] message) {
    if (finished || !accepts.events()) {
      return false;
    }
    open(Optional.empty());
    if (session == null || stream == null) {
      return openEvents().send(message);
    }
    return session.send(stream, message);
  }

  @Override
  public synchronized void hangUp() {
    if (!finished && lost()) {
      openEvents().end(null);
    }
  }

  private void open(Optional<Duration> retry) {
    if (events == null && session != null && channel.isActive()) {
      stream = session.answer(openEvents(), retry, onAbandoned).orElse(null);
    }
  }

  /// Makes the response one of a stream that its session opens or takes up; false when it does not.
  synchronized boolean join(
      SessionStreams streams, Function<Supplier<EventStream>, Optional<SessionStream>> joining) {
    session = streams;
    stream = joining.apply(this::openEvents).orElse(null);
    return stream != null;
  }

  /// The connection broke.
  ///
  /// @return whether the stream waits for its client, and its call goes on
  synchronized boolean lost() {
    if (session == null || stream == null || events == null) {
      return false;
    }
    session.lost(stream, events);
    return true;
  }

  /// The response as an open stream of events, which ends when somebody ends the stream.
  synchronized EventStream openEvents() {
    if (events == null) {
      events = EventStream.open(channel, pace, this::complete, this::leaving);
    }
    return events;
  }

  private void complete(DefaultHttpResponse head) {
    headers().forEach((name, value) -> head.headers().set(name, value));
  }

  private Map<String, String> headers() {
    if (!keepAlive) {
      headers.putIfAbsent("Connection", "close");
    }
    return Map.copyOf(headers);
  }

  /// Ends the response with the gateway's or a server's answer.
  void finish(Inbox.Answer answer) {
    if (answer.retryAfterSeconds() > 0) {
      header("Retry-After", String.valueOf(answer.retryAfterSeconds()));
      finish(HttpResponseStatus.SERVICE_UNAVAILABLE, answer.bytes());
      return;
    }
    switch (answer.errorCode()) {
      case ErrorCode.PARSE_ERROR, ErrorCode.INVALID_REQUEST ->
          finish(HttpResponseStatus.BAD_REQUEST, answer.bytes());
      default -> finish(HttpResponseStatus.OK, answer.bytes());
    }
  }

  /// Ends the response with an error of HTTP, in the form of JSON-RPC.
  void refuse(HttpResponseStatus status, String why) {
    refuse(status, ErrorCode.INVALID_REQUEST, why, Json.object("reason", "invalid_request"));
  }

  void refuse(HttpResponseStatus status, int code, String why, Json data) {
    finish(status, Response.failure(null, code, why, data).toBytes());
  }

  /// Ends the response without a body.
  void finishEmpty(HttpResponseStatus status) {
    finish(status, new byte[0]);
  }

  synchronized void finish(HttpResponseStatus status, byte[] body) {
    if (finished) {
      return;
    }
    finished = true;
    if (body.length > 0 && status.equals(HttpResponseStatus.OK) && prefersEvents()) {
      open(Optional.empty());
      openEvents();
    }
    if (events == null) {
      var response = new WholeResponse(status, headers());
      channel.eventLoop().execute(() -> leaving(write(response, body)));
    } else {
      end(events, body);
    }
  }

  private ChannelFuture write(WholeResponse response, byte[] body) {
    return channel.writeAndFlush(
        accepts.body()
            ? response.with(body, channel.alloc())
            : response.without(body, channel.alloc()));
  }

  /// A client that names events first gets them where its revision can come back for them.
  private boolean prefersEvents() {
    return !accepts.json() || (accepts.eventsFirst() && session != null && session.arePrimed());
  }

  private void end(EventStream own, byte[] body) {
    if (session == null || stream == null) {
      own.end(body.length == 0 ? null : Event.message(body));
      return;
    }
    if (body.length == 0) {
      session.finish(stream);
    } else {
      session.finish(stream, body);
    }
    own.end(null); // the stream may have gone on in another response
  }

  /// The last byte is on its way: a client that does not take it at once has some time.
  private void leaving(ChannelFuture last) {
    if (last.isDone()) {
      onEnd.run();
      return;
    }
    Runnable cut =
        () -> {
          log.warn("client {} does not read its answer: it is cut", channel.remoteAddress());
          channel.close();
        };
    var patience =
        channel.eventLoop().schedule(cut, pace.departure().toMillis(), TimeUnit.MILLISECONDS);
    last.addListener(_ -> {
      patience.cancel(false);
      onEnd.run();
    });
  }
}
