package io.watchgate.upstream;

import static io.watchgate.upstream.HttpConnectorTest.exchange;
import static io.watchgate.upstream.HttpConnectorTest.ok;
import static io.watchgate.upstream.HttpConnectorTest.post;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.watchgate.flow.Deadline;
import io.watchgate.flow.Time;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// How responses and their bodies are read.
@Timeout(60)
class HttpBodiesTest {
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

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          Content-Length: 5\\r\\n\\r\\nhello
          Transfer-Encoding: chunked\\r\\n\\r\\n2\\r\\nhe\\r\\n3\\r\\nllo\\r\\n0\\r\\n\\r\\n
          Connection: close\\r\\n\\r\\nhello
          X: y\\r\\n\\r\\nhello
          """)
  void bodiesEndAsTheyAreDelimited(String rest) throws Exception {
    var response = "HTTP/1.1 200 OK\r\n" + rest.replace("\\r\\n", "\r\n");
    try (var server =
            RawServer.start(peer -> {
              peer.readRequest();
              for (byte b : response.getBytes(StandardCharsets.UTF_8)) {
                peer.write(new byte[] {b});
              }
            });
        var connector = new HttpConnector(server.uri("/"), loops)) {
      assertThat(exchange(connector, post("{}"))).isEqualTo("200 hello");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhello",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
        "HTTP/1.1 200 OK\r\nContent-"
      })
  void responseThatBreaksOffIsAFailure(String response) throws Exception {
    try (var server =
            RawServer.start(peer -> {
              peer.readRequest();
              peer.write(response);
            });
        var connector = new HttpConnector(server.uri("/"), loops)) {
      assertThatThrownBy(() -> exchange(connector, post("{}")))
          .isInstanceOf(HttpExchange.Broken.class);
    }
  }

  @Test
  void interimResponsesAreNoResponse() throws Exception {
    var interim = "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n";
    try (var server = RawServer.answering(interim + ok("hi"));
        var connector = new HttpConnector(server.uri("/"), loops)) {
      assertThat(exchange(connector, post("{}"))).isEqualTo("200 hi");
      assertThat(exchange(connector, post("{}"))).isEqualTo("200 hi");
      assertThat(server.accepted()).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"SSH-2.0-OpenSSH_9.6\r\n\r\n", "\0\1\2\r\n\r\n", "HTTP/9 what\r\n\r\n"})
  void whatIsNotHttpIsNamedSo(String garbage) throws Exception {
    try (var server = RawServer.answering(garbage);
        var connector = new HttpConnector(server.uri("/"), loops)) {
      assertThatThrownBy(() -> exchange(connector, post("{}")))
          .isInstanceOf(IOException.class)
          .hasMessageStartingWith("the answer is not HTTP: ");
    }
  }

  @Test
  void headersBeyondTheLimitAreRefusedAndLargeOnesAreNot() throws Exception {
    var huge = "HTTP/1.1 200 OK\r\nX: %s\r\nContent-Length: 0\r\n\r\n";
    try (var large = RawServer.answering(huge.formatted("x".repeat(60_000)));
        var tooLarge = RawServer.answering(huge.formatted("x".repeat(70_000)));
        var one = new HttpConnector(large.uri("/"), loops);
        var other = new HttpConnector(tooLarge.uri("/"), loops)) {
      assertThat(exchange(one, post("{}"))).isEqualTo("200 ");
      assertThatThrownBy(() -> exchange(other, post("{}")))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("65536");
    }
  }

  @Test
  void readerSlowerThanTheServerHoldsTheServerBack() throws Exception {
    var written = new AtomicLong();
    try (var server = endless(written);
        var connector = new HttpConnector(server.uri("/"), loops);
        var exchange = connector.send(post("{}"), NEVER)) {
      exchange.awaitStatus(NEVER::remainingNanos);
      long seen = -1;
      // Stands still when our buffer and the kernel's are full.
      while (written.get() != seen) {
        seen = written.get();
        await().pollDelay(Duration.ofMillis(200)).until(() -> true);
      }
      assertThat(seen).isLessThan(32L << 20);

      for (int i = 0; i < 1_000; i++) {
        assertThat(exchange.next(NEVER::remainingNanos)).isNotNull();
      }
      long before = seen;
      await().until(() -> written.get() > before);
    }
  }

  @Test
  void exchangeThatWasLeftKeepsNothingOfAFastServer() throws Exception {
    var written = new AtomicLong();
    try (var server = endless(written);
        var connector = new HttpConnector(server.uri("/"), loops)) {
      try (var exchange = connector.send(post("{}"), NEVER)) {
        exchange.awaitStatus(NEVER::remainingNanos);
        await().until(() -> written.get() > 2 << 20); // reading is paused by now
      }
      await().until(() -> server.accepted() == 1 && written.get() < 0); // cut off
    }
  }

  /// Writes without end; the count is negative once the client is gone.
  private static RawServer endless(AtomicLong written) throws IOException {
    var part = new byte[64 << 10];
    return RawServer.start(peer -> {
      peer.readRequest();
      try {
        peer.write("HTTP/1.1 200 OK\r\n\r\n");
        while (true) {
          peer.write(part);
          written.addAndGet(part.length);
        }
      } finally {
        written.set(-1);
      }
    });
  }

  @Test
  void bodyBeyondTheLimitIsRefused() throws Exception {
    try (var server = RawServer.answering(ok("x".repeat(2 << 20)));
        var connector = new HttpConnector(server.uri("/"), loops)) {
      assertThatThrownBy(() -> exchange(connector, post("{}")))
          .isInstanceOf(IOException.class)
          .hasMessage("answer is larger than the limit of 1048576 bytes");
    }
  }

  @Test
  void excerptIsOneShortLine() {
    var body = "<html>\r\n\t<b>No</b>\0\n" + "x".repeat(500);

    assertThat(HttpExchange.excerpt(body.getBytes(StandardCharsets.UTF_8)))
        .startsWith("<html> <b>No</b> xxx")
        .hasSize(201)
        .endsWith("…");
    assertThat(List.of(HttpExchange.excerpt(new byte[0]))).containsExactly("");
  }

  @Test
  void responseSlowerThanTheDeadlineIsGivenUpAndItsConnectionClosed() throws Exception {
    var ended = new CountDownLatch(1);
    try (var server =
            RawServer.start(peer -> {
              peer.readRequest();
              peer.awaitEnd();
              ended.countDown();
            });
        var connector = new HttpConnector(server.uri("/"), loops)) {
      var deadline = Deadline.after(Duration.ofMillis(100), Time.REAL);
      try (var exchange = connector.send(post("{}"), NEVER)) {
        assertThatThrownBy(() -> exchange.awaitStatus(deadline::remainingNanos))
            .isInstanceOf(HttpExchange.TimeOver.class);
      }
      ended.await();
    }
  }

  @Test
  void interruptionClosesTheConnection() throws Exception {
    var ended = new CountDownLatch(1);
    var asked = new CountDownLatch(1);
    try (var server =
            RawServer.start(peer -> {
              peer.readRequest();
              asked.countDown();
              peer.awaitEnd();
              ended.countDown();
            });
        var connector = new HttpConnector(server.uri("/"), loops)) {
      var caller =
          Thread.ofVirtual()
              .start(() -> {
                try {
                  exchange(connector, post("{}"));
                } catch (IOException | InterruptedException _) {
                  // what is wanted
                }
              });
      asked.await();
      caller.interrupt();
      caller.join();
      ended.await();
    }
  }
}
