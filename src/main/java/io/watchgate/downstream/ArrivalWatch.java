package io.watchgate.downstream;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Closes a connection whose request does not arrive whole in time, or on which nothing happens at
/// all. While a request is served the watch rests. Its state belongs to the event loop.
///
/// | state | from | to |
/// |---|---|---|
/// | arriving | the connection, or a first byte while idle | serving, with the whole request |
/// | serving | a whole request | idle when its answer left, or arriving if more came |
/// | idle | serving | arriving, with the next byte |
final class ArrivalWatch extends ChannelInboundHandlerAdapter {
  private static final Logger log = LoggerFactory.getLogger(ArrivalWatch.class);

  private final HttpPace pace;
  private final Arrivals arrivals;
  private @Nullable ChannelHandlerContext context;
  private @Nullable Future<?> end;
  private boolean idle;

  /// Whether something came behind the request that is served: the beginning of the next one.
  private boolean begun;

  ArrivalWatch(HttpPace pace, Arrivals arrivals) {
    this.pace = pace;
    this.arrivals = arrivals;
  }

  @Override
  public void channelActive(ChannelHandlerContext channel) {
    context = channel;
    arriving();
    channel.fireChannelActive();
  }

  @Override
  public void channelRead(ChannelHandlerContext channel, Object bytes) {
    if (idle) {
      idle = false;
      arriving();
    }
    begun = true;
    channel.fireChannelRead(bytes);
  }

  @Override
  public void channelInactive(ChannelHandlerContext channel) {
    rest();
    channel.fireChannelInactive();
  }

  void serving() {
    idle = false;
    begun = false;
    rest();
  }

  void idle() {
    idle = !begun;
    if (begun) {
      arriving();
    } else {
      closeAfter(pace.idle());
    }
  }

  /// The last answer said that the connection ends: what the client still sends is thrown away, so
  /// that it gets to read the answer.
  void lingering() {
    idle = false;
    arriving();
  }

  private void arriving() {
    closeAfter(pace.arrival());
    var channel = context;
    if (channel != null && channel.channel().isActive()) {
      arrivals.begin(channel.channel());
    }
  }

  private void rest() {
    if (context != null) {
      arrivals.end(context.channel());
    }
    if (end != null) {
      end.cancel(false);
      end = null;
    }
  }

  private void closeAfter(Duration time) {
    rest();
    var channel = context;
    if (channel != null && channel.channel().isActive()) {
      Runnable close =
          () -> {
            log.debug("nothing whole from {} in {} ms", channel.channel(), time.toMillis());
            channel.close();
          };
      end = channel.executor().schedule(close, time.toMillis(), TimeUnit.MILLISECONDS);
    }
  }
}
