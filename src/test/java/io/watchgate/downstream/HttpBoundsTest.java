package io.watchgate.downstream;

import static io.watchgate.downstream.HttpServer.ACCEPT;
import static io.watchgate.downstream.HttpServer.JSON;
import static io.watchgate.downstream.HttpServer.call;
import static io.watchgate.downstream.HttpServer.session;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.watchgate.flow.Seal;
import io.watchgate.testkit.RawHttp;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class HttpBoundsTest {
  private static final Duration LONG = Duration.ofSeconds(30);
  private static final Duration SHORT = Duration.ofMillis(200);

  @Test
  void requestThatArrivesDropByDropIsCut() throws IOException, InterruptedException {
    try (var server = new HttpServer(new HttpPace(10, SHORT, LONG, LONG, LONG, LONG), List.of())) {
      try (var silent = server.connect();
          var head = server.connect().send("POST /mcp HTTP/1.1\nHost: loc");
          var body =
              server
                  .connect()
                  .send("POST /mcp HTTP/1.1\nHost: localhost\nContent-Length: 9\n\n{")) {
        assertThat(silent.isClosed()).isTrue();
        assertThat(head.isClosed()).isTrue();
        assertThat(body.isClosed()).isTrue();
      }
      try (var client = server.connect()) {
        session(client, "/mcp");
        client.send("POST /mcp HTTP/1.1\n");
        assertThat(client.isClosed()).isTrue();
      }
    }
  }

  @Test
  void idleConnectionIsClosedAndABusyOneIsNot() throws IOException, InterruptedException {
    try (var server = new HttpServer(new HttpPace(10, LONG, SHORT, LONG, LONG, LONG), List.of());
        var busy = server.connect();
        var idle = server.connect()) {
      var session = session(busy, "/mcp");
      busy.request("POST", "/mcp", call(1, "hold", "{}"), JSON, session);
      Stage.next(server.stage.entered);
      session(idle, "/mcp");
      assertThat(idle.isClosed()).isTrue();
      server.stage.open("gate");
      assertThat(busy.read().body()).contains("\"result\":\"gate\"");
    }
  }

  @Test
  void connectionBeyondTheMostIsSentAway() throws IOException, InterruptedException {
    try (var server = new HttpServer(new HttpPace(1, LONG, LONG, LONG, LONG, LONG), List.of());
        var first = server.connect()) {
      session(first, "/mcp");
      try (var second = server.connect()) {
        var answer = second.read();
        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.header("Retry-After")).isNotEmpty();
      }
      assertThat(session(first, "/mcp")).isNotEmpty();
    }
  }

  @Test
  void connectionThatWaitsLongestForItsRequestMakesRoom() throws IOException, InterruptedException {
    try (var server = new HttpServer(new HttpPace(3, LONG, LONG, LONG, LONG, LONG), List.of());
        var busy = server.connect()) {
      var session = session(busy, "/mcp");
      busy.request("POST", "/mcp", call(1, "hold", "{}"), JSON, session);
      Stage.next(server.stage.entered);
      try (var first = server.connect().send("POST /mcp HTTP/1.1\nHost: loc");
          var second = server.connect();
          var newcomer = server.connect()) {
        assertThat(session(newcomer, "/mcp")).isNotEmpty();
        assertThat(first.isClosed()).isTrue();
        try (var another = server.connect()) {
          assertThat(session(another, "/mcp")).isNotEmpty();
          assertThat(second.isClosed()).isTrue();
        }
      }
      server.stage.open("gate");
      assertThat(busy.read().body()).contains("\"result\":\"gate\"");
    }
  }

  @Test
  void clientThatDoesNotReadItsAnswerIsCut() throws IOException, InterruptedException {
    try (var server = new HttpServer(new HttpPace(10, LONG, LONG, SHORT, LONG, LONG), List.of());
        var client = server.connect();
        var lazy = RawHttp.lazy(server.port())) {
      var session = session(client, "/mcp");
      lazy.request("POST", "/mcp", call(1, "big", "{\"bytes\":30000000}"), JSON, session);
      Stage.next(server.stage.entered);
      server.listener.drain(LONG); // waits until the answer has left, or cannot
      assertThatThrownBy(lazy::read).isInstanceOfAny(IOException.class, AssertionError.class);
    }
  }

  @Test
  void clientThatPipelinesWithoutEndIsCut() throws IOException, InterruptedException {
    try (var server = new HttpServer();
        var client = server.connect();
        var greedy = server.connect()) {
      var session = session(client, "/mcp");
      greedy.request("POST", "/mcp", call(1, "hold", "{}"), JSON, session);
      Stage.next(server.stage.entered);
      for (int i = 0; i < 17; i++) {
        greedy.request("POST", "/mcp", call(i, "echo", "{}"), JSON, session);
      }
      assertThat(greedy.isClosed()).isTrue();
      Stage.next(server.stage.interrupted);
    }
  }

  @Test
  void drainLetsWhatIsInFlightFinishAndTakesNothingNew() throws IOException, InterruptedException {
    try (var server = new HttpServer();
        var first = server.connect();
        var second = server.connect()) {
      var session = session(first, "/mcp");
      first.request("POST", "/mcp", call(1, "hold", "{}"), JSON, session);
      Stage.next(server.stage.entered);
      var drain = drain(server, LONG);
      RawHttp.Answer refused;
      do { // until the drain has begun
        refused = second.request("POST", "/mcp", call(2, "ping", "{}"), JSON, session).read();
      } while (refused.body().contains("\"result\""));
      assertThat(refused.body()).contains("shutting_down", "\"id\":2");
      server.stage.open("gate");
      assertThat(first.read().body()).contains("\"result\":\"gate\"");
      drain.join();
      assertThatThrownBy(server::connect).isInstanceOf(IOException.class);
    }
  }

  @Test
  void whatDoesNotFinishInTheDrainIsAnsweredWithTheReason()
      throws IOException, InterruptedException {
    try (var server = new HttpServer();
        var client = server.connect();
        var stream = server.connect()) {
      var session = session(client, "/mcp");
      stream.request("GET", "/mcp", "", ACCEPT, session).readHead();
      client.request("POST", "/mcp", call(1, "hold", "{}"), JSON, session);
      Stage.next(server.stage.entered);
      server.listener.drain(Duration.ofMillis(1));
      assertThat(client.read().body()).contains("-32603", "shutting_down", "\"id\":1");
      assertThat(stream.readEvent().name()).isEqualTo("end");
    }
  }

  @Test
  void abandonedSessionMakesRoom() throws HttpSessions.NoRoom {
    var sessions = new HttpSessions(HttpServer.terms(Seal.random()));
    var opened = sessions.open("anonymous", new Stage());
    assertThat(sessions.keep(opened, "/mcp")).isNotEmpty();
    assertThat(sessions.sweep()).isZero();
    assertThat(opened.isAbandoned(Duration.ZERO)).isTrue();
    assertThat(opened.isAbandoned(LONG)).isFalse();
    sessions.closeAll();
    assertThat(sessions.count()).isZero();
    assertThat(opened.streams().send(new byte[0])).isFalse();
    assertThat(opened.streams().listen(() -> null)).isEmpty();
  }

  @Test
  void addressThatIsTakenIsAClearError() throws IOException, InterruptedException {
    try (var server = new HttpServer()) {
      var settings =
          new HttpSettings("127.0.0.1", server.port(), "/mcp", List.of(), List.of(), List.of());
      var terms = HttpServer.terms(Seal.random());
      var loops =
          new io.netty.channel.MultiThreadIoEventLoopGroup(
              1, io.netty.channel.nio.NioIoHandler.newFactory());
      assertThatThrownBy(() -> new HttpListener(settings, java.util.Map.of(), terms, loops))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("cannot listen on 127.0.0.1:" + server.port());
      loops.shutdownGracefully(0, 1, java.util.concurrent.TimeUnit.SECONDS).awaitUninterruptibly();
    }
  }

  private static Thread drain(HttpServer server, Duration time) {
    return Thread.ofPlatform()
        .start(() -> {
          try {
            server.listener.drain(time);
          } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
          }
        });
  }
}
