package io.watchgate.downstream;

import static io.watchgate.downstream.HttpServer.ACCEPT;
import static io.watchgate.downstream.HttpServer.JSON;
import static io.watchgate.downstream.HttpServer.call;
import static io.watchgate.downstream.HttpServer.session;
import static org.assertj.core.api.Assertions.assertThat;

import io.watchgate.testkit.RawHttp;
import io.watchgate.testkit.RawHttp.Event;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
@SuppressWarnings("NullAway.Init") // JUnit fills the fields
class HttpStreamsTest {
  private static final String EVENTS = "Accept: text/event-stream";

  private HttpServer server;
  private RawHttp http;

  @BeforeEach
  void start() throws IOException, InterruptedException {
    server = new HttpServer();
    http = server.connect();
  }

  @AfterEach
  void stop() throws IOException {
    http.close();
    server.close();
  }

  @Test
  void whatComesBeforeTheAnswerTurnsItIntoAStream() throws IOException {
    var session = session(http, "/mcp");
    http.request("POST", "/mcp", call(1, "tell", "{\"count\":2}"), JSON, ACCEPT, session);
    var head = http.readHead();
    assertThat(head.header("Content-Type")).isEqualTo("text/event-stream");
    assertThat(head.header("Cache-Control")).contains("no-cache");
    assertThat(http.readEvent().data()).contains("\"progress\":1");
    assertThat(http.readEvent().data()).contains("\"progress\":2");
    assertThat(http.readEvent())
        .isEqualTo(new Event("message", "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":\"told\"}"));
    assertThat(http.readEvent().name()).isEqualTo("end");
    http.request("POST", "/mcp", call(2, "echo", "{}"), JSON, ACCEPT, session);
    assertThat(http.read().header("Content-Type")).isEqualTo("application/json");
  }

  @Test
  void clientThatTakesNoEventsGetsTheAnswerAlone() throws IOException {
    var session = session(http, "/mcp");
    http.request(
        "POST",
        "/mcp",
        call(1, "tell", "{\"count\":2}"),
        JSON,
        "Accept: application/json",
        session);
    assertThat(http.read().body()).isEqualTo("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":\"told\"}");
  }

  @Test
  void clientThatTakesOnlyEventsGetsTheAnswerAsOne() throws IOException {
    var session = session(http, "/mcp");
    http.request("POST", "/mcp", call(1, "echo", "{}"), JSON, EVENTS, session);
    assertThat(http.readHead().header("Content-Type")).isEqualTo("text/event-stream");
    assertThat(http.readEvent().data()).contains("\"id\":1,\"result\":{}");
    assertThat(http.readEvent().name()).isEqualTo("end");
  }

  @Test
  void answerAsAnEventHasNoLineEndsInIt() throws IOException {
    var session = session(http, "/mcp");
    http.request("POST", "/mcp", call(1, "echo", "{\n\"a\":\r\n1}"), JSON, EVENTS, session);
    http.readHead();
    assertThat(http.readEvent().data()).doesNotContain("\n", "\r").contains("\"a\":");
  }

  @Test
  void serverAsksOnTheCallsStreamAndIsAnsweredByAnotherPost() throws IOException {
    try (var second = server.connect()) {
      var session = session(http, "/mcp");
      http.request("POST", "/mcp", call(1, "ask", "{}"), JSON, ACCEPT, session);
      http.readHead();
      var question = http.readEvent().data();
      assertThat(question).contains("roots/list");
      var id = question.replaceFirst(".*\"id\":(\\d+).*", "$1");
      var answer = "{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"result\":{\"roots\":[]}}";
      assertThat(second.request("POST", "/mcp", answer, JSON, session).read().status())
          .isEqualTo(202);
      assertThat(http.readEvent().data()).contains("\"id\":1,\"result\":{\"roots\":[]}");
    }
  }

  @Test
  void whatBelongsToNoCallComesOnTheStreamOfGet() throws IOException, InterruptedException {
    var session = session(http, "/mcp");
    var client = Stage.next(server.stage.sessions);
    client.tell(Logged.number(1)); // waits for the stream
    try (var stream = server.connect().request("GET", "/mcp", "", EVENTS, session)) {
      stream.readHead();
      assertThat(stream.readEvent().data()).contains("\"data\":1");
      client.tell(Logged.number(2));
      assertThat(stream.readEvent().data()).contains("\"data\":2");
      http.request("POST", "/mcp", call(1, "echo", "{}"), JSON, session);
      assertThat(http.read().body()).contains("\"result\":{}");
    }
  }

  @Test
  void eachMessageGoesToOneOfSeveralStreams() throws IOException, InterruptedException {
    var session = session(http, "/mcp");
    var client = Stage.next(server.stage.sessions);
    try (var first = server.connect().request("GET", "/mcp", "", EVENTS, session)) {
      first.readHead();
      try (var second = server.connect().request("GET", "/mcp", "", EVENTS, session)) {
        second.readHead();
        client.tell(Logged.number(1));
        assertThat(second.readEvent().data()).contains("\"data\":1");
        http.request("DELETE", "/mcp", "", session);
        assertThat(http.read().status()).isEqualTo(200);
        assertThat(second.readEvent().name()).isEqualTo("end");
      }
      assertThat(first.readEvent().name()).isEqualTo("end");
      assertThat(session(first, "/mcp")).isNotEqualTo(session); // the connection can go on
    }
  }

  @Test
  void sessionHasABoundedNumberOfStreams() throws IOException {
    var session = session(http, "/mcp");
    var streams = new java.util.ArrayList<RawHttp>();
    for (int i = 0; i < 16; i++) {
      streams.add(server.connect().request("GET", "/mcp", "", EVENTS, session));
      assertThat(streams.getLast().readHead().status()).isEqualTo(200);
    }
    assertThat(http.request("GET", "/mcp", "", EVENTS, session).read().status()).isEqualTo(409);
    for (var stream : streams) {
      stream.close();
    }
  }

  @Test
  void whatWaitsForAStreamIsBounded() throws IOException, InterruptedException {
    var session = session(http, "/mcp");
    var client = Stage.next(server.stage.sessions);
    for (int i = 1; i <= 150; i++) {
      client.tell(Logged.number(i));
    }
    http.request("GET", "/mcp", "", EVENTS, session).readHead();
    for (int i = 1; i <= 100; i++) {
      assertThat(http.readEvent().data()).contains("\"data\":" + i + "}");
    }
    client.tell(Logged.number(151));
    assertThat(http.readEvent().data()).contains("\"data\":151}");
  }

  @Test
  void openStreamIsKeptAliveByComments() throws IOException, InterruptedException {
    var second = Duration.ofSeconds(30);
    try (var quick =
            new HttpServer(
                new HttpPace(10, second, second, second, Duration.ofMillis(20), second),
                List.of());
        var client = quick.connect()) {
      client.request("GET", "/mcp", "", EVENTS, session(client, "/mcp")).readHead();
      assertThat(client.readEvent()).isEqualTo(new Event("comment", "keep-alive"));
      assertThat(client.readEvent().name()).isEqualTo("comment");
    }
  }

  @Test
  void readerThatNeverReadsItsStreamIsCutAndHarmsNobody() throws IOException, InterruptedException {
    var session = session(http, "/mcp");
    var client = Stage.next(server.stage.sessions);
    var text = io.watchgate.jsonrpc.Json.object("level", "info", "data", "x".repeat(1 << 20));
    try (var lazy = RawHttp.lazy(server.port()).request("GET", "/mcp", "", EVENTS, session)) {
      lazy.readHead();
      for (int i = 0; i < 80; i++) {
        client.tell(io.watchgate.jsonrpc.Notification.of("notifications/message", text));
      }
      assertThat(http.request("POST", "/mcp", call(1, "echo", "{}"), JSON, session).read().status())
          .isEqualTo(200);
      assertThat(lazy.isClosed()).isTrue();
    }
  }

  @Test
  void oldTransportTellsWhereToPostAndAnswersOnItsStream() throws IOException {
    try (var stream = server.connect().request("GET", "/sse", "", EVENTS)) {
      stream.readHead();
      var endpoint = stream.readEvent();
      assertThat(endpoint.name()).isEqualTo("endpoint");
      assertThat(endpoint.data()).startsWith("/messages?sessionId=");
      http.request("POST", endpoint.data(), HttpServer.initialize("2024-11-05"), JSON);
      assertThat(http.read().status()).isEqualTo(202);
      assertThat(stream.readEvent().data()).contains("\"protocolVersion\":\"2024-11-05\"");
      http.request("POST", endpoint.data(), call("\"a\"", "tell", "{\"count\":1}"), JSON);
      assertThat(http.read().status()).isEqualTo(202);
      assertThat(stream.readEvent().data()).contains("\"progress\":1");
      assertThat(stream.readEvent().data()).contains("\"id\":\"a\",\"result\":\"told\"");
      var malformed = http.request("POST", endpoint.data(), "nonsense", JSON).read();
      assertThat(malformed.status()).isEqualTo(400);
      assertThat(malformed.body()).contains("-32700");
      assertThat(http.request("POST", endpoint.data(), "{}", "X: y").read().status())
          .isEqualTo(415);
      assertThat(server.listener.sessions()).isEqualTo(1);
    }
  }

  @Test
  void endOfTheOldTransportsStreamEndsItsSession() throws IOException, InterruptedException {
    var stream = server.connect().request("GET", "/sse", "", EVENTS);
    stream.readHead();
    var endpoint = stream.readEvent().data();
    http.request("POST", endpoint, HttpServer.initialize("2024-11-05"), JSON).read();
    stream.readEvent();
    http.request("POST", endpoint, call(1, "hold", "{}"), JSON).read();
    Stage.next(server.stage.entered);
    stream.close();
    assertThat(Stage.next(server.stage.interrupted)).isEqualTo("gate: the client is gone");
    Stage.next(server.stage.closed);
    var gone = http.request("POST", endpoint, call(2, "echo", "{}"), JSON).read();
    assertThat(gone.status()).isEqualTo(404);
    assertThat(gone.body()).contains("/sse");
  }

  @Test
  void oldTransportKnowsItsMethodsAndFormsOnly() throws IOException {
    var post = http.request("POST", "/sse", call(1, "echo", "{}"), JSON).read();
    assertThat(post.status()).isEqualTo(405);
    assertThat(post.header("Allow")).isEqualTo("GET");
    assertThat(http.request("GET", "/messages?sessionId=1", "").read().status()).isEqualTo(405);
    assertThat(http.request("GET", "/sse", "", "Accept: text/html").read().status()).isEqualTo(406);
  }

  @Test
  void manyLargeAnswersOfTheOldTransportAllArrive() throws IOException {
    try (var stream = server.connect().request("GET", "/sse", "", EVENTS)) {
      stream.readHead();
      var endpoint = stream.readEvent().data();
      for (int i = 0; i < 12; i++) {
        http.request("POST", endpoint, call(i, "big", "{\"bytes\":5000000}"), JSON).read();
      }
      for (int i = 0; i < 12; i++) {
        assertThat(stream.readEvent().data()).hasSizeGreaterThan(5_000_000);
      }
    }
  }
}
