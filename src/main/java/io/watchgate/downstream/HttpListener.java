package io.watchgate.downstream;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.watchgate.flow.Handler;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Listens for clients of streamable HTTP, and of the transport before it.
public final class HttpListener {
  private static final Logger log = LoggerFactory.getLogger(HttpListener.class);
  private static final Duration LAST_ANSWERS = Duration.ofMillis(500);
  private static final int MAX_HEADER_BYTES = 64 << 10;
  private static final int MAX_PART_BYTES = 64 << 10;

  /// Connections that wait to be accepted; one beyond that tries again after a second, by itself.
  private static final int BACKLOG = 4096;

  /// A client that does not read its stream of events may let this much wait.
  private static final WriteBufferWaterMark WATER_MARK =
      new WriteBufferWaterMark(8 << 20, 32 << 20);

  private final HttpSettings settings;
  private final Terms terms;
  private final HttpPace pace;
  private final OpenWork work;
  private final HttpSessions sessions;
  private final EventsEndpoint streams;
  private final StatelessSessions stateless;
  private final OpenCalls statelessCalls = new OpenCalls();
  private final EventLoopGroup loops;
  private final AtomicInteger connections = new AtomicInteger();
  private final Arrivals arrivals = new Arrivals();
  private final Channel channel;
  private volatile HttpHall hall;

  /// Starts to listen.
  ///
  /// @param handlers the stack behind each path
  /// @throws IOException when the address cannot be bound
  public HttpListener(
      HttpSettings settings, Map<String, Handler> handlers, Terms terms, EventLoopGroup loops)
      throws IOException, InterruptedException {
    this(settings, handlers, terms, loops, HttpPace.DEFAULT);
  }

  HttpListener(
      HttpSettings settings,
      Map<String, Handler> handlers,
      Terms terms,
      EventLoopGroup loops,
      HttpPace pace)
      throws IOException, InterruptedException {
    this.settings = settings;
    this.terms = terms;
    this.pace = pace;
    this.work = new OpenWork(terms.time());
    this.stateless = new StatelessSessions(terms.time());
    this.sessions = new HttpSessions(terms);
    this.streams = new EventsEndpoint(sessions, terms, work);
    this.loops = loops;
    this.hall =
        new HttpHall(
            new Gatekeeper(settings),
            routes(handlers),
            terms.limits(),
            pace,
            terms.refusals(),
            work,
            false);
    this.channel = bind();
    loops.scheduleAtFixedRate(sessions::sweep, 1, 1, TimeUnit.MINUTES);
    loops.scheduleAtFixedRate(stateless::sweep, 1, 1, TimeUnit.MINUTES);
  }

  private Channel bind() throws IOException, InterruptedException {
    var bound =
        new ServerBootstrap()
            .group(loops)
            .channel(NioServerSocketChannel.class)
            .option(ChannelOption.SO_BACKLOG, BACKLOG)
            .option(ChannelOption.SO_REUSEADDR, true)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK)
            .childHandler(
                new ChannelInitializer<>() {
                  @Override
                  protected void initChannel(Channel client) {
                    welcome(client);
                  }
                })
            .bind(settings.host(), settings.port())
            .await();
    if (!bound.isSuccess()) {
      throw new IOException(
          "cannot listen on %s:%d: %s"
              .formatted(settings.host(), settings.port(), bound.cause().getMessage()),
          bound.cause());
    }
    return bound.channel();
  }

  private Map<String, Route> routes(Map<String, Handler> handlers) {
    var routes = new LinkedHashMap<String, Route>();
    var joined = handlers.get(settings.path());
    if (joined != null) {
      routes.put(EventsEndpoint.STREAM, new Route(streams, joined, List.of(HttpMethod.GET)));
      routes.put(EventsEndpoint.MESSAGES, new Route(streams, joined, List.of(HttpMethod.POST)));
    }
    var calls = new StatelessCalls(stateless, terms);
    var endpoint =
        new HttpEndpoint(
            sessions, new StatelessEndpoint(calls, statelessCalls, terms.refusals()), terms);
    var methods = List.of(HttpMethod.POST, HttpMethod.GET, HttpMethod.DELETE);
    handlers.forEach((path, handler) -> routes.put(path, new Route(endpoint, handler, methods)));
    return routes;
  }

  /// Lets in whom these settings let in, and to these handlers, from the next request on; the
  /// address stays. The sessions end of those who are let in no more.
  public synchronized void admit(HttpSettings now, Map<String, Handler> handlers) {
    var gatekeeper = hall.gatekeeper().next(now);
    hall = hall.with(gatekeeper, routes(handlers));
    sessions.endUnless(gatekeeper::knows);
    streams.endUnless(gatekeeper::knows);
    stateless.endUnless(gatekeeper::knows);
  }

  private void welcome(Channel client) {
    client.closeFuture().addListener(_ -> connections.decrementAndGet());
    if (connections.incrementAndGet() > pace.maxConnections() && !arrivals.makeRoom()) {
      log.warn("more than {} connections: {} is sent away", pace.maxConnections(), client);
      client.pipeline().addLast(new Full());
      return;
    }
    var watch = new ArrivalWatch(pace, arrivals);
    client
        .pipeline()
        .addLast(watch)
        .addLast(new HttpRequestDecoder(4096, MAX_HEADER_BYTES, MAX_PART_BYTES))
        .addLast(new WholeResponse.Encoder())
        .addLast(new WholeRequests(terms.limits().maxBytes()))
        .addLast(new HttpConnection(() -> hall, watch));
  }

  /// Tells a client that there are too many connections.
  private static final class Full extends ChannelInboundHandlerAdapter {
    private static final String ANSWER =
        String.join(
            "\r\n",
            "HTTP/1.1 503 Service Unavailable",
            "Retry-After: 5",
            "Content-Length: 0",
            "Connection: close",
            "",
            "");

    @Override
    public void channelActive(ChannelHandlerContext context) {
      var answer = Unpooled.copiedBuffer(ANSWER, StandardCharsets.US_ASCII);
      context.writeAndFlush(answer).addListener(_ -> context.close());
    }
  }

  /// The port that is bound, also when the system chose it.
  public int port() {
    return ((InetSocketAddress) channel.localAddress()).getPort();
  }

  /// Clients that the gateway knows to be there now: open sessions, and listens of those who have
  /// no session.
  public int sessions() {
    return sessions.count() + streams.count() + stateless.listens();
  }

  /// Where clients connect to.
  public String url() {
    var host = settings.host().contains(":") ? "[" + settings.host() + "]" : settings.host();
    return "http://" + host + ":" + port() + settings.path();
  }

  /// Accepts nobody any more, ends all listens, lets what is in flight finish within the time,
  /// answers the rest with an error, and ends all sessions with their streams.
  public void drain(Duration time) throws InterruptedException {
    channel.close().await();
    closeHall();
    sessions.stop();
    streams.stop();
    statelessCalls.stop();
    stateless.endListens();
    awaitLoops(); // what clients sent before has been read and counted
    if (!work.finishes(time)) {
      log.warn("requests did not finish in time: they are given up");
      clients().forEach(ClientSession::abort);
      statelessCalls.abort();
      boolean _ = work.finishes(LAST_ANSWERS);
    }
    sessions.closeAll();
    streams.closeAll();
    stateless.closeAll();
    awaitLoops(); // the ends of the streams have been written
  }

  private synchronized void closeHall() {
    hall = hall.close();
  }

  /// Waits until every event loop has looked at its connections once, and did what it was told
  /// before.
  private void awaitLoops() throws InterruptedException {
    for (int round = 0; round < 2; round++) {
      for (var loop : loops) {
        boolean _ = loop.submit(() -> {}).await(LAST_ANSWERS.toMillis());
      }
    }
  }

  private Stream<ClientSession> clients() {
    return Stream.concat(sessions.clients(), streams.clients());
  }

  static String path(String uri) {
    int query = uri.indexOf('?');
    return query < 0 ? uri : uri.substring(0, query);
  }
}
