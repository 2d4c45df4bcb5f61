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
  private @Nullable ChannelHandlerContext context;
  private @Nullable Future<?> end;
  private boolean idle;

  /// Whether something came behind the request that is served: the beginning of the next one.
  private boolean begun;

  ArrivalWatch(HttpPace pace) {
    this.pace = pace;
  }

  @Override
  public void channelActive(ChannelHandlerContext channel) {
    context = channel;
    closeAfter(pace.arrival());
    channel.fireChannelActive();
  }

  @Override
  public void channelRead(ChannelHandlerContext channel, Object bytes) {
    if (idle) {
      idle = false;
      closeAfter(pace.arrival());
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
    closeAfter(begun ? pace.arrival() : pace.idle());
  }

  /// The last answer said that the connection ends: what the client still sends is thrown away, so
  /// that it gets to read the answer.
  void lingering() {
    idle = false;
    closeAfter(pace.arrival());
  }

  private void rest() {
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
