package io.watchgate.upstream;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.ssl.NotSslRecordException;
import io.netty.util.concurrent.ScheduledFuture;
import io.watchgate.upstream.HttpConnector.Outgoing;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.Objects;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/// One connection, which carries one exchange at a time. What is read is handled on its event loop.
final class HttpConnection extends SimpleChannelInboundHandler<HttpObject>
    implements HttpExchange.Connection {
  /// Shorter than the five seconds after which Node's server closes an idle connection.
  private static final long MAX_IDLE_SECONDS = 4;

  private static final long DRAIN_SECONDS = 1;

  /// An alarm outlives what it was set for, but not for long.
  private static final long LONGEST_ALARM_NANOS = TimeUnit.MINUTES.toNanos(1);

  private static final Pattern TIMEOUT = Pattern.compile("\\btimeout\\s*=\\s*(\\d{1,6})");

  /// Keeps connections that can be used again.
  interface Pool {
    void keep(HttpConnection connection);

    void forget(HttpConnection connection);
  }

  /// An exchange with its request, and how to start it anew on another connection; null when this
  /// one is new.
  record Job(HttpExchange exchange, Outgoing outgoing, @Nullable Runnable anew) {}

  private final Pool pool;
  private final String server;
  private final String host;
  private volatile @Nullable Channel connected;
  private volatile @Nullable Job current;
  private boolean sent;
  private boolean heard;
  private boolean interim;
  private boolean reusable;
  private long idleSeconds = MAX_IDLE_SECONDS;
  private volatile long usableUntilNanos;
  private volatile @Nullable HttpExchange waiting;
  private volatile @Nullable ScheduledFuture<?> alarm;

  /// @param server host and port, for messages to people
  /// @param host the header of all requests
  HttpConnection(Pool pool, String server, String host) {
    this.pool = pool;
    this.server = server;
    this.host = host;
  }

  void connected(Channel channel) {
    connected = channel;
  }

  private Channel channel() {
    return Objects.requireNonNull(connected, "not connected");
  }

  boolean isUsable() {
    return channel().isActive() && usableUntilNanos - System.nanoTime() > 0;
  }

  void close() {
    channel().close();
  }

  void carry(Job job) {
    current = job;
    if (job.exchange().carriedBy(this)) {
      channel().eventLoop().execute(() -> send(job.outgoing()));
    } else {
      close();
    }
  }

  /// What the event loop found out before this, such as the server's end of the connection, is
  /// known here: nothing is sent into a connection that is known to be dead.
  private void send(Outgoing outgoing) {
    sent = false;
    heard = false;
    reusable = false;
    channel()
        .writeAndFlush(outgoing.head().with(host, outgoing.body(), channel().alloc()))
        .addListener(result -> {
          if (result.isSuccess()) {
            sent = true;
          } else if (!heard) {
            broken(failure("cannot send: ", result.cause()));
            close();
          }
        });
  }

  @Override
  protected void channelRead0(ChannelHandlerContext context, HttpObject part) {
    var job = current;
    if (job == null) {
      context.close(); // nobody asked
      return;
    }
    heard = true;
    if (part.decoderResult().isFailure()) {
      broken(failure("the answer is not HTTP: ", part.decoderResult().cause()));
      context.close();
      return;
    }
    if (part instanceof HttpResponse response) {
      begin(response, job.exchange());
    }
    if (!interim && part instanceof HttpContent content && content.content().isReadable()) {
      job.exchange().body(content.content());
    }
    if (part instanceof LastHttpContent) {
      end(job);
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    var job = current;
    if (job != null) {
      job.exchange().arrived();
    }
  }

  /// `100 Continue` and its like come before the response and are no response.
  private void begin(HttpResponse response, HttpExchange exchange) {
    int status = response.status().code();
    interim = status < 200 && status != 101;
    if (!interim) {
      reusable = HttpUtil.isKeepAlive(response) && status != 101;
      idleSeconds = idleSeconds(response.headers().get("Keep-Alive", ""));
      exchange.head(status, response.headers());
    }
  }

  /// A second less than what the server says, because it counts from an earlier moment.
  private static long idleSeconds(String keepAlive) {
    if (keepAlive.isEmpty()) {
      return MAX_IDLE_SECONDS;
    }
    var timeout = TIMEOUT.matcher(keepAlive);
    return timeout.find()
        ? Math.min(MAX_IDLE_SECONDS, Long.parseLong(timeout.group(1)) - 1)
        : MAX_IDLE_SECONDS;
  }

  private void end(Job job) {
    if (interim) {
      interim = false;
      return;
    }
    current = null;
    channel().config().setAutoRead(true);
    // A request that is still on its way when the answer is complete was not read to its end.
    if (reusable && sent && idleSeconds > 0 && channel().isActive()) {
      usableUntilNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(idleSeconds);
      pool.keep(this);
    } else {
      close();
    }
    job.exchange().end();
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    pool.forget(this);
    cancel(alarm);
    broken(new IOException("connection closed before the answer was complete"));
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    broken(failure("", cause));
    context.close();
  }

  /// A server that closed an idle connection just before it was used again has done nothing.
  private void broken(IOException cause) {
    var job = current;
    current = null;
    if (job == null) {
      return;
    }
    var anew = job.anew();
    if (anew != null && !heard && (!sent || job.outgoing().repeatable())) {
      Thread.ofVirtual().name("send again to " + server).start(anew);
    } else {
      job.exchange().fail(cause);
    }
  }

  private IOException failure(String what, Throwable cause) {
    var inner =
        cause instanceof DecoderException && cause.getCause() != null ? cause.getCause() : cause;
    if (inner instanceof NotSslRecordException) {
      return new IOException(server + " does not speak TLS, the URL says https", cause);
    }
    return inner instanceof SSLException
        ? new IOException("no TLS with " + server + ": " + reason(inner), cause)
        : new IOException(what + reason(inner), cause);
  }

  static String reason(Throwable cause) {
    if (cause instanceof ClosedChannelException) {
      return "the connection is closed";
    }
    var message = cause.getMessage();
    return message == null ? cause.getClass().getSimpleName() : message;
  }

  /// An alarm stays set when the wait ends before it, and serves those that come later: hardly a
  /// call needs one of its own. Whoever waits for longer asks again.
  @Override
  public void wakeWithin(long nanos, HttpExchange who) {
    long soon = Math.min(nanos, LONGEST_ALARM_NANOS);
    waiting = who;
    var set = alarm;
    long left = set == null || set.isDone() ? 0 : set.getDelay(TimeUnit.NANOSECONDS);
    if (left <= 0 || left > soon) {
      cancel(set);
      alarm = channel().eventLoop().schedule(this::wake, soon, TimeUnit.NANOSECONDS);
    }
  }

  private static void cancel(@Nullable Future<?> set) {
    if (set != null) {
      set.cancel(false);
    }
  }

  private void wake() {
    var sleeper = waiting;
    if (sleeper != null) {
      sleeper.wake();
    }
  }

  @Override
  public void pauseReading() {
    channel().config().setAutoRead(false);
  }

  @Override
  public void resumeReading() {
    channel().config().setAutoRead(true);
  }

  /// A body that is about to end leaves a connection worth keeping; any other one is closed.
  @Override
  public void abandon(HttpExchange left) {
    resumeReading();
    channel().eventLoop().schedule(() -> closeOn(left), DRAIN_SECONDS, TimeUnit.SECONDS);
  }

  @Override
  public void cut(HttpExchange left) {
    channel().eventLoop().execute(() -> closeOn(left));
  }

  private void closeOn(HttpExchange left) {
    var job = current;
    if (job != null && job.exchange() == left) {
      current = null; // or it would be sent again
      close();
    }
  }
}
