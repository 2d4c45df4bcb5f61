package io.watchgate.downstream;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
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
  private boolean idle;
  private boolean arriving;

  /// Whether something came behind the request that is served: the beginning of the next one.
  private boolean begun;

  /// The time that something has, and when that is over; null while the watch rests.
  private @Nullable Duration patience;

  private long endNanos;

  /// What looks at that next, not later than then; it stays set while the watch rests, so that
  /// requests which come one after the other need none each.
  private @Nullable ScheduledFuture<?> look;

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
    begun = true;
    channel.fireChannelRead(bytes);
  }

  /// A request that was there at once is served by now.
  @Override
  public void channelReadComplete(ChannelHandlerContext channel) {
    if (idle && begun) {
      idle = false;
      arriving();
    }
    channel.fireChannelReadComplete();
  }

  @Override
  public void channelInactive(ChannelHandlerContext channel) {
    rest();
    if (look != null) {
      look.cancel(false);
    }
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
      arriving = true;
      arrivals.begin(channel.channel());
    }
  }

  private void rest() {
    patience = null;
    if (context != null && arriving) {
      arriving = false;
      arrivals.end(context.channel());
    }
  }

  private void closeAfter(Duration time) {
    rest();
    patience = time;
    endNanos = System.nanoTime() + time.toNanos();
    lookWithin(time.toNanos());
  }

  private void lookWithin(long nanos) {
    var channel = context;
    if (channel == null || !channel.channel().isActive()) {
      return;
    }
    if (look != null && look.getDelay(TimeUnit.NANOSECONDS) > nanos) {
      look.cancel(false);
      look = null;
    }
    if (look == null) {
      look =
          channel.executor().schedule(() -> look(channel.channel()), nanos, TimeUnit.NANOSECONDS);
    }
  }

  private void look(Channel channel) {
    look = null;
    var given = patience;
    if (given == null) {
      return;
    }
    long left = endNanos - System.nanoTime();
    if (left > 0) {
      lookWithin(left);
    } else {
      log.debug("nothing whole from {} in {} ms", channel, given.toMillis());
      channel.close();
    }
  }
}
