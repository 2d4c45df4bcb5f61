package io.watchgate.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.util.ResourceLeakDetector;
import io.watchgate.flow.Deadline;
import io.watchgate.flow.Time;
import io.watchgate.upstream.HttpConnector.Outgoing;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

@Timeout(60)
class HttpConnectorTest {
  private static final Deadline NEVER = Deadline.NEVER;
  private static EventLoopGroup loops;

  @BeforeAll
  static void startLoops() {
    loops = new MultiThreadIoEventLoopGroup(2, NioIoHandler.newFactory());
  }

  @AfterAll
  static void stopLoops() {
    loops.shutdownGracefully(0, 1, java.util.concurrent.TimeUnit.SECONDS).awaitUninterruptibly();
  }

  static Outgoing post(String body) {
    return outgoing(HttpMethod.POST, body, false);
  }

  static Outgoing outgoing(HttpMethod method, String body, boolean repeatable) {
    var bytes = ByteBuffer.wrap(body.getBytes(StandardCharsets.UTF_8));
    var head = new HttpHead(method, "/mcp", Map.of("X-Test", "yes"));
    return new Outgoing(head, bytes, repeatable);
  }

  static String exchange(HttpConnector connector, Outgoing outgoing)
      throws IOException, InterruptedException {
    try (var exchange = connector.send(outgoing, NEVER)) {
      int status = exchange.awaitStatus(NEVER::remainingNanos);
      var body = exchange.readAll(1 << 20, NEVER::remainingNanos);
      return status + " " + new String(body, StandardCharsets.UTF_8);
    }
  }

  static String ok(String body) {
    return RawServer.response(200, "text/plain", body);
  }

  @Test
  void connectionsAreUsedAgain() throws Exception {
    try (var server = RawServer.answering(ok("hi"));
        var connector = new HttpConnector(server.uri("/"), loops)) {
      for (int i = 0; i < 20; i++) {
        assertThat(exchange(connector, post("{}"))).isEqualTo("200 hi");
      }

      assertThat(server.accepted()).isEqualTo(1);
      assertThat(server.requests().getFirst())
          .startsWith("POST /mcp HTTP/1.1\r\n")
          .containsIgnoringCase("X-Test: yes\r\n")
          .containsIgnoringCase("host: 127.0.0.1:" + server.port())
          .containsIgnoringCase("content-length: 2\r\n")
          .endsWith("\r\n\r\n{}");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello",
        "HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\nhello",
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nKeep-Alive: timeout=1\r\n\r\nhello"
      })
  void connectionThatTheServerWillCloseIsNotUsedAgain(String response) throws Exception {
    try (var server = RawServer.answering(response);
        var connector = new HttpConnector(server.uri("/"), loops)) {
      exchange(connector, post("{}"));
      exchange(connector, post("{}"));

      assertThat(server.accepted()).isEqualTo(2);
    }
  }

  @Test
  void connectionThatWasClosedWhileIdleFailsNoCall() throws Exception {
    try (var server =
            RawServer.start(peer -> {
              peer.readRequest();
              peer.write(ok("hi"));
            });
        var connector = new HttpConnector(server.uri("/"), loops)) {
      for (int i = 0; i < 5; i++) {
        assertThat(exchange(connector, post("{}"))).isEqualTo("200 hi");
        await().until(() -> connector.idleCount() == 0); // the end has come here
      }

      assertThat(server.requests()).hasSize(5);
    }
  }

  /// The server reads the second request of its first connection and says nothing.
  private static RawServer dyingOnce() throws IOException {
    return RawServer.start(peer -> {
      peer.readRequest();
      peer.write(ok("hi"));
      peer.readRequest();
      if (peer.number() > 1) {
        peer.write(ok("again"));
      }
    });
  }

  @Test
  void requestThatMayHaveRunIsNotRepeated() throws Exception {
    try (var server = dyingOnce();
        var connector = new HttpConnector(server.uri("/"), loops)) {
      exchange(connector, post("first"));

      assertThatThrownBy(() -> exchange(connector, post("second")))
          .isInstanceOf(IOException.class)
          .hasMessage("connection closed before the answer was complete");
      assertThat(server.count("second")).isEqualTo(1);
    }
  }

  @Test
  void requestThatMayRunTwiceIsRepeatedOnceOverANewConnection() throws Exception {
    try (var server = dyingOnce();
        var connector = new HttpConnector(server.uri("/"), loops)) {
      exchange(connector, post("first"));

      var second = outgoing(HttpMethod.POST, "second", true);
      assertThat(exchange(connector, second)).isEqualTo("200 hi");
      assertThat(server.count("second")).isEqualTo(2);
      assertThat(server.accepted()).isEqualTo(2);
    }
  }

  @Test
  void newConnectionThatDiesIsNotTriedAgain() throws Exception {
    try (var server = RawServer.start(RawServer.Peer::readRequest);
        var connector = new HttpConnector(server.uri("/"), loops)) {
      assertThatThrownBy(() -> exchange(connector, outgoing(HttpMethod.GET, "", true)))
          .isInstanceOf(IOException.class);
      assertThat(server.accepted()).isEqualTo(1);
    }
  }

  @Test
  void repeatedRequestSaysWhyThereIsNoNewConnection() throws Exception {
    var server = dyingOnce();
    try (var connector = new HttpConnector(server.uri("/"), loops)) {
      exchange(connector, post("first"));
      server.close();

      assertThatThrownBy(() -> exchange(connector, outgoing(HttpMethod.POST, "second", true)))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("Connection refused");
    }
  }

  @Test
  void answerThatNobodyAskedForIsNobodysAnswer() throws Exception {
    try (var server =
            RawServer.start(peer -> {
              peer.readRequest();
              peer.write(ok("one"));
              peer.write(ok("unasked"));
              peer.awaitEnd();
            });
        var connector = new HttpConnector(server.uri("/"), loops)) {
      assertThat(exchange(connector, post("{}"))).isEqualTo("200 one");
      await().until(() -> connector.idleCount() == 0);
      assertThat(exchange(connector, post("{}"))).isEqualTo("200 one");
    }
  }

  @Test
  void refusedConnectionSaysWhere() throws Exception {
    int port;
    try (var free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    try (var connector = new HttpConnector(URI.create("http://127.0.0.1:" + port), loops)) {
      assertThatThrownBy(() -> connector.send(post("{}"), NEVER))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("Connection refused")
          .hasMessageContaining("127.0.0.1")
          .hasMessageContaining(Integer.toString(port));
    }
  }

  @Test
  void unknownHostIsNamed() throws Exception {
    try (var connector = new HttpConnector(URI.create("http://no.such.host.invalid"), loops)) {
      assertThatThrownBy(() -> connector.send(post("{}"), NEVER))
          .isInstanceOf(IOException.class)
          .hasMessage("the host no.such.host.invalid is not known");
    }
  }

  @Test
  void connectingEndsAtTheDeadline() throws Exception {
    // A full backlog: the kernel answers no further connection.
    try (var full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        var connector = new HttpConnector(uri(full), loops)) {
      var fillers = new java.util.ArrayList<java.nio.channels.SocketChannel>();
      for (int i = 0; i < 8; i++) {
        var filler = java.nio.channels.SocketChannel.open();
        filler.configureBlocking(false);
        filler.connect(full.getLocalSocketAddress());
        fillers.add(filler);
      }
      var started = System.nanoTime();

      assertThatThrownBy(
              () -> connector.send(post("{}"), Deadline.after(Duration.ofMillis(300), Time.REAL)))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("timed out after");
      assertThat(System.nanoTime() - started).isLessThan(Duration.ofSeconds(5).toNanos());
      for (var filler : fillers) {
        filler.close();
      }
    }
  }

  @Test
  void connectionThatKeptSomebodyWaitingInVainIsClosedAtOnce() throws Exception {
    var ended = new CompletableFuture<Long>();
    RawServer.Script silence =
        peer -> {
          while (!peer.readRequest().isEmpty()) {}
          ended.complete(System.nanoTime());
        };
    try (var server = RawServer.start(silence);
        var connector = new HttpConnector(server.uri("/"), loops)) {
      var exchange = connector.send(post("{}"), NEVER);
      var soon = Deadline.after(Duration.ofMillis(50), Time.REAL);
      assertThatThrownBy(() -> exchange.awaitStatus(soon::remainingNanos))
          .isInstanceOf(HttpExchange.TimeOver.class);
      long left = System.nanoTime();
      exchange.close();

      assertThat(Duration.ofNanos(ended.get(20, TimeUnit.SECONDS) - left))
          .isLessThan(Duration.ofMillis(800));
    }
  }

  private static URI uri(ServerSocket socket) {
    return URI.create("http://127.0.0.1:" + socket.getLocalPort());
  }

  @Test
  void deadlineThatIsOverConnectsNowhere() throws Exception {
    try (var server = RawServer.answering(ok("hi"));
        var connector = new HttpConnector(server.uri("/"), loops)) {
      assertThatThrownBy(() -> connector.send(post("{}"), Deadline.after(Duration.ZERO, Time.REAL)))
          .isInstanceOf(HttpExchange.TimeOver.class);
      assertThat(server.accepted()).isZero();
    }
  }

  @Test
  void hostsMayBeLiteralsOfTheSixthVersion() throws Exception {
    try (var server =
            RawServer.on(
                "::1",
                peer -> {
                  peer.readRequest();
                  peer.write(ok("hi"));
                });
        var connector = new HttpConnector(URI.create("http://[::1]:" + server.port()), loops)) {
      assertThat(exchange(connector, post("{}"))).isEqualTo("200 hi");
      assertThat(server.requests().getFirst()).containsIgnoringCase("host: [::1]:" + server.port());
    }
  }

  @Test
  void localhostIsFoundWhicheverFamilyListens() throws Exception {
    var families = Arrays.asList(InetAddress.getAllByName("localhost"));
    for (var address : families) {
      var literal = address instanceof Inet6Address ? "::1" : "127.0.0.1";
      try (var server =
              RawServer.on(
                  literal,
                  peer -> {
                    peer.readRequest();
                    peer.write(ok(literal));
                  });
          var connector = new HttpConnector(localhost(server), loops)) {
        assertThat(exchange(connector, post("{}"))).isEqualTo("200 " + literal);
      }
    }
  }

  private static URI localhost(RawServer server) {
    return URI.create("http://localhost:" + server.port());
  }

  @Test
  void twoHundredExchangesAtOnceLeakNothing() throws Exception {
    var level = ResourceLeakDetector.getLevel();
    var leaks = new ListAppender<ILoggingEvent>();
    var log = (Logger) LoggerFactory.getLogger(ResourceLeakDetector.class);
    log.addAppender(leaks);
    leaks.start();
    ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.PARANOID);
    var all = new CountDownLatch(200);
    try (var server =
            RawServer.start(peer -> {
              for (var got = peer.readRequest(); !got.isEmpty(); got = peer.readRequest()) {
                all.countDown();
                all.await(); // nobody is answered before everybody has asked
                peer.write(ok(got.substring(got.length() - 3)));
              }
            });
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var connector = new HttpConnector(server.uri("/"), loops);
      var answers = new java.util.ArrayList<Future<String>>();
      for (int i = 100; i < 300; i++) {
        var body = Integer.toString(i);
        answers.add(threads.submit(() -> exchange(connector, post(body))));
      }
      for (int i = 100; i < 300; i++) {
        assertThat(get(answers.get(i - 100))).isEqualTo("200 " + i);
      }
      assertThat(server.accepted()).isEqualTo(200);
      await().until(() -> connector.idleCount() == 200);
      connector.close();
      assertThat(connector.idleCount()).isZero();
      assertThat(exchange(connector, post("100"))).isEqualTo("200 100");
      assertThat(connector.idleCount()).isZero();
      System.gc(); // what leaked is found when the next buffers are made
      exchange(connector, post("100"));
      assertThat(leaks.list).isEmpty();
    } finally {
      log.detachAppender(leaks);
      ResourceLeakDetector.setLevel(level);
    }
  }

  private static String get(Future<String> answer) throws ExecutionException, InterruptedException {
    return answer.get();
  }

  @Test
  void connectionsThatNobodyWantsAreClosedAfterAWhile() throws Exception {
    try (var server = RawServer.answering(ok("hi"));
        var connector = new HttpConnector(server.uri("/"), loops)) {
      exchange(connector, post("{}"));
      assertThat(connector.idleCount()).isEqualTo(1);

      await().atMost(Duration.ofSeconds(20)).until(() -> connector.idleCount() == 0);
    }
  }
}
