package io.watchgate.downstream;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.concurrent.ScheduledFuture;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A response of server-sent events that is open: one event a message, and a comment now and then
/// so that nobody in between takes it for dead. Safe for any number of threads.
final class EventStream implements Outlet {
  private static final Logger log = LoggerFactory.getLogger(EventStream.class);
  private static final byte[] COMMENT = ": keep-alive\n\n".getBytes(StandardCharsets.US_ASCII);

  private final Channel channel;
  private final HttpPace pace;
  private final Consumer<ChannelFuture> onEnd;
  private final ScheduledFuture<?> keepAlive;
  private final ReentrantLock turn = new ReentrantLock();
  private boolean ended;

  private EventStream(Channel channel, HttpPace pace, Consumer<ChannelFuture> onEnd) {
    this.channel = channel;
    this.pace = pace;
    this.onEnd = onEnd;
    long every = pace.comments().toMillis();
    this.keepAlive =
        channel.eventLoop().scheduleAtFixedRate(this::comment, every, every, TimeUnit.MILLISECONDS);
  }

  /// Begins the response.
  ///
  /// @param head completes the head
  /// @param onEnd gets the writing of the last byte, when somebody ends the stream
  static EventStream open(
      Channel channel,
      HttpPace pace,
      Consumer<DefaultHttpResponse> head,
      Consumer<ChannelFuture> onEnd) {
    var response = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
    response.headers().set(HttpHeaderNames.CONTENT_TYPE, "text/event-stream");
    response.headers().set(HttpHeaderNames.CACHE_CONTROL, "no-cache, no-transform");
    response.headers().set("X-Accel-Buffering", "no");
    HttpUtil.setTransferEncodingChunked(response, true);
    head.accept(response);
    channel.writeAndFlush(response);
    return new EventStream(channel, pace, onEnd);
  }

  @Override
  public boolean send(byte[] message) {
    return send(Event.message(message));
  }

  boolean send(Event event) {
    return write(event) != null;
  }

  /// Sends a message and waits until it has left, one after the other: the answers of many calls
  /// must not pile up in front of a client that reads as fast as it can.
  ///
  /// @return false when the client is gone, or did not read in time and was cut
  boolean sendPatiently(byte[] message) throws InterruptedException {
    Duration patience = pace.departure();
    turn.lockInterruptibly();
    try {
      var written = write(Event.message(message));
      if (written == null) {
        return false;
      }
      if (!written.await(patience.toMillis(), TimeUnit.MILLISECONDS)) {
        cut();
      }
      return written.isSuccess();
    } finally {
      turn.unlock();
    }
  }

  private synchronized @Nullable ChannelFuture write(Event event) {
    if (ended || !channel.isActive()) {
      return null;
    }
    if (!channel.isWritable()) {
      cut();
      return null;
    }
    return channel.writeAndFlush(new DefaultHttpContent(event.encoded()));
  }

  private void cut() {
    log.warn("client {} does not read its stream of events: it is cut", channel.remoteAddress());
    channel.close();
  }

  /// Closes the connection below the stream.
  void close() {
    channel.close();
  }

  /// Runs an action when a client that lost the stream has been away for too long.
  void afterAbsence(Runnable action) {
    channel.eventLoop().schedule(action, pace.absence().toMillis(), TimeUnit.MILLISECONDS);
  }

  /// Sends the last event and ends the response.
  synchronized void end(@Nullable Event last) {
    if (ended) {
      return;
    }
    ended = true;
    keepAlive.cancel(false);
    var rest = last == null ? Unpooled.EMPTY_BUFFER : last.encoded();
    onEnd.accept(channel.writeAndFlush(new DefaultLastHttpContent(rest)));
  }

  private synchronized void comment() {
    if (!ended && channel.isActive()) {
      channel.writeAndFlush(new DefaultHttpContent(Unpooled.wrappedBuffer(COMMENT)));
    } else {
      keepAlive.cancel(false);
    }
  }
}
