package io.watchgate.upstream;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http.HttpResponseDecoder;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.watchgate.flow.Deadline;
import io.watchgate.upstream.HttpConnection.Job;
import io.watchgate.upstream.Transport.NotSent;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// HTTP/1.1 to one origin over kept-alive connections. An exchange has a connection for itself;
/// idle connections are used again for a few seconds, newest first. Safe for any number of threads.
final class HttpConnector implements HttpConnection.Pool, AutoCloseable {
  private static final int MAX_HEADER_BYTES = 64 << 10;
  private static final int MAX_PART_BYTES = 64 << 10;
  private static final long MAX_CONNECT_MILLIS = 60_000;
  private static final long SWEEP_SECONDS = 4;

  /// A request as it is sent, and sent again.
  ///
  /// @param repeatable whether the server may do it twice without harm
  record Outgoing(HttpHead head, ByteBuffer body, boolean repeatable) {}

  private final String host;
  private final int port;
  private final String hostHeader;
  private final @Nullable SslContext tls;
  private final EventLoopGroup loops;
  private final ConcurrentLinkedDeque<HttpConnection> idle = new ConcurrentLinkedDeque<>();
  private final AtomicBoolean sweeping = new AtomicBoolean();
  private volatile boolean closed;

  HttpConnector(URI origin, EventLoopGroup loops) throws IOException {
    var secure = "https".equalsIgnoreCase(origin.getScheme());
    this.host = origin.getHost();
    this.port = RemoteEndpoint.port(origin);
    this.tls =
        secure
            ? SslContextBuilder.forClient().endpointIdentificationAlgorithm("HTTPS").build()
            : null;
    this.hostHeader = port == (secure ? 443 : 80) ? host : host + ":" + port;
    this.loops = loops;
  }

  /// Sends a request; the exchange that is returned waits for the response. A connection that turns
  /// out to be dead is replaced where the server cannot have done anything yet, or may do it twice.
  HttpExchange send(Outgoing outgoing, Deadline deadline) throws IOException, InterruptedException {
    var exchange = new HttpExchange();
    var used = idleConnection();
    if (used == null) {
      connect(deadline).carry(new Job(exchange, outgoing, null));
    } else {
      used.carry(new Job(exchange, outgoing, () -> sendAnew(exchange, outgoing, deadline)));
    }
    return exchange;
  }

  private void sendAnew(HttpExchange exchange, Outgoing outgoing, Deadline deadline) {
    try {
      connect(deadline).carry(new Job(exchange, outgoing, null));
    } catch (IOException e) {
      exchange.fail(e);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private @Nullable HttpConnection idleConnection() {
    for (var found = idle.pollFirst(); found != null; found = idle.pollFirst()) {
      if (found.isUsable()) {
        return found;
      }
      found.close();
    }
    return null;
  }

  private HttpConnection connect(Deadline deadline) throws IOException, InterruptedException {
    // Resolved here, because Netty would do it on an event loop and block that.
    var addresses = addresses();
    IOException failure = new NotSent("no address for " + host, null);
    for (int i = 0; i < addresses.length; i++) {
      // An address that swallows packets must leave time for the ones after it.
      long nanos = deadline.remainingNanos() / (addresses.length - i);
      try {
        return connect(new InetSocketAddress(addresses[i], port), nanos);
      } catch (IOException e) {
        failure = e;
      }
    }
    throw failure;
  }

  private InetAddress[] addresses() throws IOException {
    try {
      return InetAddress.getAllByName(host);
    } catch (UnknownHostException e) {
      throw new NotSent("the host " + host + " is not known", e);
    }
  }

  private HttpConnection connect(InetSocketAddress address, long nanos)
      throws IOException, InterruptedException {
    long millis = Math.min(TimeUnit.NANOSECONDS.toMillis(nanos), MAX_CONNECT_MILLIS);
    if (millis <= 0) {
      throw new HttpExchange.TimeOver();
    }
    var connection = new HttpConnection(this, host + ":" + port, hostHeader);
    var future =
        new Bootstrap()
            .group(loops)
            .channel(NioSocketChannel.class)
            .option(ChannelOption.TCP_NODELAY, true)
            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) millis)
            .handler(pipeline(connection))
            .connect(address);
    try {
      future.await();
    } catch (InterruptedException interrupted) {
      future.channel().close();
      throw interrupted;
    }
    if (!future.isSuccess()) {
      var why = HttpConnection.reason(future.cause());
      throw future.cause() instanceof ConnectTimeoutException
          ? NotSent.tooLate(why, future.cause())
          : new NotSent(why, future.cause());
    }
    return connection;
  }

  private ChannelInitializer<Channel> pipeline(HttpConnection connection) {
    return new ChannelInitializer<>() {
      @Override
      protected void initChannel(Channel channel) {
        connection.connected(channel);
        if (tls != null) {
          var name = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
          channel.pipeline().addLast(tls.newHandler(channel.alloc(), name, port));
        }
        channel.pipeline().addLast(new HttpResponseDecoder(4096, MAX_HEADER_BYTES, MAX_PART_BYTES));
        channel.pipeline().addLast(connection);
      }
    };
  }

  @Override
  public void keep(HttpConnection connection) {
    idle.addFirst(connection);
    if (closed) {
      close();
    } else if (sweeping.compareAndSet(false, true)) {
      loops.schedule(this::sweep, SWEEP_SECONDS, TimeUnit.SECONDS);
    }
  }

  @Override
  public void forget(HttpConnection connection) {
    idle.remove(connection);
  }

  /// Closes what nobody wanted for too long; goes on as long as there is something to watch.
  private void sweep() {
    sweeping.set(false);
    var oldest = idle.pollLast();
    while (oldest != null && !oldest.isUsable()) {
      oldest.close();
      oldest = idle.pollLast();
    }
    if (oldest != null) {
      idle.addLast(oldest);
      if (sweeping.compareAndSet(false, true)) {
        loops.schedule(this::sweep, SWEEP_SECONDS, TimeUnit.SECONDS);
      }
    }
  }

  /// Connections that wait to be used again.
  int idleCount() {
    return idle.size();
  }

  @Override
  public void close() {
    closed = true;
    for (var left = idle.pollFirst(); left != null; left = idle.pollFirst()) {
      left.close();
    }
  }
}
