package io.watchgate.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.watchgate.faults.FaultProxy.BlackHole;
import io.watchgate.faults.FaultProxy.Delay;
import io.watchgate.faults.FaultProxy.HalfClose;
import io.watchgate.faults.FaultProxy.Limit;
import io.watchgate.faults.FaultProxy.Pass;
import io.watchgate.faults.FaultProxy.Refuse;
import io.watchgate.faults.FaultProxy.Reset;
import io.watchgate.faults.FaultProxy.Toxic;
import io.watchgate.faults.FaultProxy.Trickle;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What the proxy does to a connection to an echo server.
class FaultProxyTest {
  private final AtomicReference<String> heard = new AtomicReference<>("");
  private ServerSocket echo;
  private FaultProxy proxy;

  @BeforeEach
  void start() throws IOException {
    echo = new ServerSocket(0, 16, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::serve);
    proxy = new FaultProxy(echo.getLocalPort());
  }

  @AfterEach
  void stop() throws IOException {
    proxy.close();
    echo.close();
  }

  private void serve() {
    try {
      while (true) {
        var client = echo.accept();
        Thread.ofVirtual().start(() -> answer(client));
      }
    } catch (IOException closed) {
      // the test is over
    }
  }

  private void answer(Socket client) {
    try (client) {
      var piece = new byte[64];
      for (int n = client.getInputStream().read(piece);
          n >= 0;
          n = client.getInputStream().read(piece)) {
        var text = new String(piece, 0, n, StandardCharsets.US_ASCII);
        heard.accumulateAndGet(text, String::concat);
        client.getOutputStream().write(piece, 0, n);
      }
    } catch (IOException gone) {
      // as the test wants it
    }
  }

  private Socket connect() throws IOException {
    var socket = new Socket(InetAddress.getLoopbackAddress(), proxy.port());
    socket.setSoTimeout(10_000);
    return socket;
  }

  private static String ask(Socket socket, String words) throws IOException {
    socket.getOutputStream().write(words.getBytes(StandardCharsets.US_ASCII));
    return new String(
        socket.getInputStream().readNBytes(words.length()), StandardCharsets.US_ASCII);
  }

  private long nanosOf(Toxic toxic, String words) throws IOException {
    try (var socket = connect()) {
      proxy.become(toxic);
      long started = System.nanoTime();
      assertThat(ask(socket, words)).isEqualTo(words);
      return System.nanoTime() - started;
    }
  }

  @Test
  void passesWhatComes() throws IOException {
    assertThat(nanosOf(new Pass(), "hello")).isPositive();
    assertThat(proxy.accepted()).isEqualTo(1);
    await().until(() -> proxy.open() == 0);
    assertThat(proxy.highest()).isZero();
  }

  @Test
  void delaysAnswers() throws IOException {
    assertThat(nanosOf(new Delay(Duration.ofMillis(200), Duration.ofMillis(50)), "hello"))
        .isGreaterThan(Duration.ofMillis(200).toNanos());
  }

  @Test
  void tricklesAnswers() throws IOException {
    assertThat(nanosOf(new Trickle(50), "0123456789"))
        .isGreaterThan(Duration.ofMillis(180).toNanos());
  }

  @Test
  void resetsConnections() throws IOException {
    try (var socket = connect();
        var other = connect()) {
      assertThat(ask(other, "hi")).isEqualTo("hi");
      proxy.become(new Reset());
      assertThatThrownBy(() -> ask(socket, "hello")).hasMessageContaining("reset");
      proxy.cut();
      assertThatThrownBy(() -> other.getInputStream().read()).hasMessageContaining("reset");
    }
  }

  @Test
  void countsTheRequestsThatWaitInABlackHole() throws IOException {
    proxy.become(new BlackHole());
    try (var request = connect();
        var notification = connect()) {
      notification
          .getOutputStream()
          .write("{\"method\":\"x\"}".getBytes(StandardCharsets.US_ASCII));
      request.getOutputStream().write("{\"id\":1}".getBytes(StandardCharsets.US_ASCII));
      await().until(() -> proxy.requests() == 1 && proxy.open() == 2);
      assertThat(proxy.highest()).isEqualTo(1);
    }
    await().until(() -> proxy.open() == 0);
    assertThat(proxy.highest()).isEqualTo(1);
    assertThat(proxy.highest()).isZero();
  }

  @Test
  void swallowsEverythingUntilTheHoleIsClosed() throws IOException {
    try (var socket = connect()) {
      proxy.become(new BlackHole());
      socket.setSoTimeout(200);
      assertThatThrownBy(() -> ask(socket, "hello")).isInstanceOf(SocketTimeoutException.class);
      assertThat(heard.get()).isEmpty();
      proxy.become(new Pass());
      socket.setSoTimeout(10_000);
      assertThat(new String(socket.getInputStream().readNBytes(5), StandardCharsets.US_ASCII))
          .isEqualTo("hello");
      assertThat(ask(socket, "more")).isEqualTo("more");
    }
  }

  @Test
  void seesWhoLeavesABlackHole() throws IOException {
    proxy.become(new BlackHole());
    try (var socket = connect()) {
      socket.getOutputStream().write(1);
      await().until(() -> proxy.open() == 1);
    }
    await().until(() -> proxy.open() == 0);
  }

  @Test
  void endsAnswersWhileRequestsStillGoThrough() throws IOException {
    try (var socket = connect()) {
      proxy.become(new HalfClose());
      assertThat(ask(socket, "one")).isEmpty();
      socket.getOutputStream().write("two".getBytes(StandardCharsets.US_ASCII));
      await().until(() -> heard.get().equals("onetwo"));
    }
  }

  @Test
  void closesBehindSomeBytes() throws IOException {
    try (var socket = connect()) {
      proxy.become(new Limit(3));
      assertThat(ask(socket, "hello")).isEqualTo("hel");
    }
  }

  @Test
  void refusesConnectionsUntilItListensAgain() throws IOException {
    try (var open = connect()) {
      assertThat(ask(open, "hi")).isEqualTo("hi");
      proxy.become(new Refuse());
      assertThatThrownBy(this::connect).isInstanceOf(ConnectException.class);
      assertThat(ask(open, "hi")).isEqualTo("hi");
      assertThat(askNew(new Pass(), "hello")).isEqualTo("hello");
    }
  }

  private String askNew(Toxic toxic, String words) throws IOException {
    proxy.become(toxic);
    try (var socket = connect()) {
      return ask(socket, words);
    }
  }
}
