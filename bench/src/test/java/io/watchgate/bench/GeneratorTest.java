package io.watchgate.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

class GeneratorTest {
  private static final Operation CALL = Operation.call("small", 10, "fine");
  private static final Duration STALL = Duration.ofMillis(300);

  /// A server that answers every call, and stops the world before one of them.
  private static final class Server implements AutoCloseable {
    private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final AtomicInteger calls = new AtomicInteger();
    private final int stallAt;
    private final int lieAt;

    Server(int stallAt, int lieAt) throws IOException {
      this.stallAt = stallAt;
      this.lieAt = lieAt;
      Thread.ofVirtual().start(this::accept);
    }

    Endpoint endpoint() {
      return new Endpoint(listener.getLocalPort(), "/mcp", "", Era.STATELESS);
    }

    private void accept() {
      try {
        while (true) {
          var socket = listener.accept();
          Thread.ofVirtual().start(() -> serve(socket));
        }
      } catch (IOException _) {
        // the test is over
      }
    }

    private void serve(Socket socket) {
      var request = new HttpMessage();
      var bytes = new byte[4096];
      try (socket) {
        for (int count = 0; count >= 0; count = socket.getInputStream().read(bytes)) {
          request.take(ByteBuffer.wrap(bytes, 0, count));
          if (request.isWhole()) {
            socket.getOutputStream().write(answer(request));
            request.clear();
          }
        }
      } catch (IOException _) {
        // the client is gone
      }
    }

    private synchronized byte[] answer(HttpMessage request) {
      int number = calls.incrementAndGet();
      if (number == stallAt) {
        LockSupport.parkNanos(STALL.toNanos());
      }
      var id = new Incoming(request.body(), request.bodyFrom(), request.bodyTo()).id();
      var word = number == lieAt ? "fins" : "fine";
      var body = "{\"jsonrpc\":\"2.0\",\"id\":%s,\"result\":\"%s\"}".formatted(id, word);
      return Bytes.of(
          "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s".formatted(body.length(), body));
    }

    @Override
    public void close() throws IOException {
      listener.close();
    }
  }

  @Test
  void aStallIsFeltByAllThatWereDueInIt() throws IOException {
    try (var server = new Server(50, 0);
        var generator = Generator.repeating(server.endpoint(), 1, CALL)) {
      var sample = generator.open(100, Duration.ofSeconds(1));
      assertThat(sample.calls()).isEqualTo(100);
      // 30 of 100 were due while nothing was answered, and waited 150 ms on average
      assertThat(sample.micros(80)).isGreaterThan(50_000);
      assertThat(sample.micros(99.9)).isGreaterThan(250_000);
    }
  }

  @Test
  void aClosedLoopCountsWhatItCalls() throws IOException {
    try (var server = new Server(0, 0);
        var generator = Generator.repeating(server.endpoint(), 4, CALL)) {
      var sample = generator.closed(Duration.ofMillis(200));
      assertThat(sample.calls()).isEqualTo(server.calls.get() - 2); // those that were learned from
      assertThat(sample.nanos()).isGreaterThanOrEqualTo(Duration.ofMillis(200).toNanos());
    }
  }

  @Test
  void oneWrongAnswerSpoilsTheRun() throws IOException {
    try (var server = new Server(0, 20);
        var generator = Generator.repeating(server.endpoint(), 1, CALL)) {
      assertThatThrownBy(() -> generator.closed(Duration.ofSeconds(5)))
          .isInstanceOf(BenchFailure.class)
          .hasMessageContaining("fins");
    }
  }
}
