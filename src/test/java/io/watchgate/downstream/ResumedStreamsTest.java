package io.watchgate.downstream;

import static io.watchgate.downstream.HttpServer.ACCEPT;
import static io.watchgate.downstream.HttpServer.JSON;
import static io.watchgate.downstream.HttpServer.call;
import static io.watchgate.downstream.HttpServer.session;
import static io.watchgate.downstream.HttpServer.sessionAt;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
@SuppressWarnings("NullAway.Init") // JUnit fills the fields
class ResumedStreamsTest {
  private static final String EVENTS = "Accept: text/event-stream";
  private static final String TOLD = "{\"count\":2,\"gate\":\"gate\"}";

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

  private static String after(String id) {
    return "Last-Event-ID: " + id;
  }

  private RawHttp resume(String session, String id) throws IOException {
    return server.connect().request("GET", "/mcp", "", EVENTS, session, after(id));
  }

  @Test
  void clientThatLosesItsStreamGetsTheRestExactlyOnce() throws IOException, InterruptedException {
    var session = session(http, "/mcp");
    var lost =
        server.connect().request("POST", "/mcp", call(1, "tell", TOLD), JSON, ACCEPT, session);
    assertThat(lost.readHead().header("Content-Type")).isEqualTo("text/event-stream");
    assertThat(lost.readAnyEvent()).isEqualTo(new Event("priming", ""));
    assertThat(lost.retry()).isEmpty();
    assertThat(lost.readEvent().data()).contains("\"progress\":1");
    var last = lost.lastId();
    assertThat(lost.readEvent().data()).contains("\"progress\":2");
    Stage.next(server.stage.entered);
    lost.close();
    server.stage.open("gate");

    try (var back = resume(session, last)) {
      assertThat(back.readHead().status()).isEqualTo(200);
      assertThat(back.readAnyEvent().data()).contains("\"progress\":2");
      assertThat(back.readAnyEvent().data()).contains("\"id\":1,\"result\":\"told\"");
      assertThat(back.readAnyEvent().name()).isEqualTo("end");
      assertThat(server.stage.interrupted).isEmpty();
      assertThat(session(back, "/mcp")).isNotEmpty(); // the connection can go on
    }
    try (var again = resume(session, last)) { // the client lost that one too
      again.readHead();
      assertThat(again.readAnyEvent().data()).contains("\"progress\":2");
      assertThat(again.readAnyEvent().data()).contains("\"result\":\"told\"");
    }
  }

  @Test
  void clientThatComesBackForACallThatItCancelledIsToldToStop()
      throws IOException, InterruptedException {
    var session = session(http, "/mcp");
    try (var stream =
        server.connect().request("POST", "/mcp", call(1, "tell", TOLD), JSON, ACCEPT, session)) {
      stream.readHead();
      assertThat(stream.readEvent().data()).contains("\"progress\":1");
      var last = stream.lastId();
      Stage.next(server.stage.entered);
      var cancelled =
          "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\","
              + "\"params\":{\"requestId\":1}}";
      http.request("POST", "/mcp", cancelled, JSON, ACCEPT, session);
      assertThat(http.readHead().status()).isEqualTo(202);
      while (!stream.readAnyEvent().name().equals("end")) {}

      try (var back = resume(session, last)) {
        assertThat(back.readHead().status()).isEqualTo(204);
      }
    }
  }

  @Test
  void resumedStreamGoesOnLiveInPlaceOfTheOneBefore() throws IOException, InterruptedException {
    var session = session(http, "/mcp");
    try (var first =
        server.connect().request("POST", "/mcp", call(1, "tell", TOLD), JSON, ACCEPT, session)) {
      first.readHead();
      first.readAnyEvent();
      var start = first.lastId();
      Stage.next(server.stage.entered);
      try (var second = resume(session, start)) {
        second.readHead();
        assertThat(second.readAnyEvent().data()).contains("\"progress\":1");
        assertThat(second.readAnyEvent().data()).contains("\"progress\":2");
        assertThat(first.isClosed()).isTrue();
        server.stage.open("gate");
        assertThat(second.readAnyEvent().data()).contains("\"result\":\"told\"");
        assertThat(second.readAnyEvent().name()).isEqualTo("end");
      }
    }
  }

  @Test
  void callWhoseClientDoesNotComeBackIsCancelled() throws IOException, InterruptedException {
    var longTime = Duration.ofSeconds(30);
    var pace = new HttpPace(10, longTime, longTime, longTime, longTime, Duration.ofMillis(50));
    try (var quick = new HttpServer(pace, List.of());
        var client = quick.connect()) {
      var session = session(client, "/mcp");
      var lost =
          quick.connect().request("POST", "/mcp", call(1, "tell", TOLD), JSON, ACCEPT, session);
      lost.readHead();
      lost.readEvent();
      var last = lost.lastId();
      Stage.next(quick.stage.entered);
      lost.close();
      assertThat(Stage.next(quick.stage.interrupted)).startsWith("gate");
      client.request("GET", "/mcp", "", EVENTS, session, after(last));
      assertThat(client.read().body()).contains("unknown_event");
    }
  }

  @Test
  void callWithoutAStreamIsCancelledWithItsConnection() throws IOException, InterruptedException {
    var session = session(http, "/mcp");
    var plain =
        server.connect().request("POST", "/mcp", call(1, "hold", "{}"), JSON, ACCEPT, session);
    Stage.next(server.stage.entered);
    plain.close();
    assertThat(Stage.next(server.stage.interrupted)).startsWith("gate");
  }

  @Test
  void streamOfASessionIsResumedWhereItBrokeOff() throws IOException, InterruptedException {
    var session = session(http, "/mcp");
    var client = Stage.next(server.stage.sessions);
    var stream = server.connect().request("GET", "/mcp", "", EVENTS, session);
    stream.readHead();
    assertThat(stream.readAnyEvent().name()).isEqualTo("priming");
    for (int i = 1; i <= 3; i++) {
      client.tell(Logged.number(i));
    }
    assertThat(stream.readEvent().data()).contains("\"data\":1}");
    try (var back = resume(session, stream.lastId())) {
      back.readHead();
      assertThat(back.readAnyEvent().data()).contains("\"data\":2}");
      assertThat(back.readAnyEvent().data()).contains("\"data\":3}");
      client.tell(Logged.number(4));
      assertThat(back.readAnyEvent().data()).contains("\"data\":4}");
      assertThat(stream.isClosed()).isTrue();
    }
  }

  @Test
  void whatComesWhileNobodyListensComesOnceAfterTheReplay()
      throws IOException, InterruptedException {
    var session = session(http, "/mcp");
    var client = Stage.next(server.stage.sessions);
    var older = server.connect().request("GET", "/mcp", "", EVENTS, session);
    older.readHead();
    older.readAnyEvent();
    var newer = server.connect().request("GET", "/mcp", "", EVENTS, session);
    newer.readHead();
    newer.readAnyEvent();
    client.tell(Logged.number(1));
    assertThat(newer.readEvent().data()).contains("\"data\":1}");
    try (var back = resume(session, newer.lastId())) {
      back.readHead();
      client.tell(Logged.number(2));
      assertThat(back.readAnyEvent().data()).contains("\"data\":2}");
      http.request("DELETE", "/mcp", "", session).read();
      assertThat(older.readAnyEvent().name()).as("nothing came there").isEqualTo("end");
    }
    older.close();
    newer.close();
  }

  @Test
  void fullBufferKeepsTheNewest() throws IOException, InterruptedException {
    var session = session(http, "/mcp");
    int count = ReplayBuffer.MAX_EVENTS + 10;
    var lost =
        server
            .connect()
            .request(
                "POST",
                "/mcp",
                call(1, "tell", "{\"count\":" + count + ",\"gate\":\"gate\"}"),
                JSON,
                ACCEPT,
                session);
    lost.readHead();
    lost.readAnyEvent();
    var start = lost.lastId();
    Stage.next(server.stage.entered);
    lost.close();
    server.stage.open("gate");
    try (var back = resume(session, start)) {
      back.readHead();
      var first = back.readAnyEvent().data();
      int progress = Integer.parseInt(first.replaceFirst(".*\"progress\":(\\d+).*", "$1"));
      assertThat(progress).isBetween(11, 12); // the answer may have come already, or not
      for (int i = progress + 1; i <= count; i++) {
        assertThat(back.readAnyEvent().data()).contains("\"progress\":" + i + "}");
      }
      assertThat(back.readAnyEvent().data()).contains("\"result\":\"told\"");
      assertThat(back.readAnyEvent().name()).isEqualTo("end");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"nonsense", "1", "AAAAAAAA.c1.1", "AAAAAAAA.s1.0", "a.b.c", "%s.c1.1"})
  void idOfNoEventOfTheSessionIsRefusedAndHarmsNothing(String id)
      throws IOException, InterruptedException {
    var session = session(http, "/mcp");
    var client = Stage.next(server.stage.sessions);
    var own = EventId.session(client.key());
    http.request("GET", "/mcp", "", EVENTS, session, after(id.formatted(own)));
    var refused = http.read();
    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.body()).contains("unknown_event", "Last-Event-ID");
    assertThat(http.request("POST", "/mcp", call(1, "echo", "{}"), JSON, session).read().status())
        .isEqualTo(200);
  }

  @Test
  void eventOfAnotherSessionIsNone() throws IOException {
    var session = session(http, "/mcp");
    try (var stream = server.connect().request("GET", "/mcp", "", EVENTS, session)) {
      stream.readHead();
      stream.readAnyEvent();
      var other = session(http, "/mcp");
      http.request("GET", "/mcp", "", EVENTS, other, after(stream.lastId()));
      assertThat(http.read().status()).isEqualTo(400);
      var beyond = stream.lastId().replaceFirst("\\d+$", "7");
      http.request("GET", "/mcp", "", EVENTS, session, after(beyond));
      assertThat(http.read().status()).isEqualTo(400);
    }
  }

  @Test
  void forgottenStreamOfASessionBeginsAnew() throws IOException, InterruptedException {
    var session = session(http, "/mcp");
    var client = Stage.next(server.stage.sessions);
    try (var back = resume(session, EventId.session(client.key()) + ".s1.5")) {
      assertThat(back.readHead().status()).isEqualTo(200);
      assertThat(back.readAnyEvent().name()).isEqualTo("priming");
      client.tell(Logged.number(1));
      assertThat(back.readAnyEvent().data()).contains("\"data\":1}");
    }
  }

  @Test
  void olderClientsGetIdsButNoPrimingEvent() throws IOException {
    var session = sessionAt("2025-06-18", http, "/mcp");
    http.request("POST", "/mcp", call(1, "tell", "{\"count\":1}"), JSON, ACCEPT, session);
    http.readHead();
    assertThat(http.readAnyEvent().data()).contains("\"progress\":1");
    assertThat(http.lastId()).matches("[\\w-]{8}\\.c\\d+\\.1");
    assertThat(http.retry()).isEmpty();
  }

  @Test
  void serversStreamIsTheClientsStreamWithItsRetry() throws IOException, InterruptedException {
    var session = session(http, "/mcp");
    http.request("POST", "/mcp", call(1, "stream", "{}"), JSON, ACCEPT, session);
    http.readHead();
    assertThat(http.readAnyEvent().name()).isEqualTo("priming");
    assertThat(http.retry()).isEqualTo("250");
    server.stage.open("gate");
    assertThat(http.readAnyEvent().data()).contains("\"id\":1,\"result\":\"streamed\"");
    assertThat(http.readAnyEvent().name()).isEqualTo("end");

    var older = sessionAt("2025-06-18", http, "/mcp");
    http.request("POST", "/mcp", call(1, "stream", "{}"), JSON, ACCEPT, older);
    assertThat(http.read().header("Content-Type")).isEqualTo("application/json");
  }

  @Test
  void serverThatAsksIsAnsweredByAClientThatCameBack() throws IOException {
    var session = session(http, "/mcp");
    var lost =
        server.connect().request("POST", "/mcp", call(1, "ask", "{}"), JSON, ACCEPT, session);
    lost.readHead();
    lost.readAnyEvent();
    var start = lost.lastId();
    lost.close();
    try (var back = resume(session, start)) {
      back.readHead();
      var id = back.readAnyEvent().data().replaceFirst(".*\"id\":(\\d+).*", "$1");
      var answer = "{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"result\":{\"roots\":[]}}";
      assertThat(http.request("POST", "/mcp", answer, JSON, session).read().status())
          .isEqualTo(202);
      assertThat(back.readAnyEvent().data()).contains("\"id\":1,\"result\":{\"roots\":[]}");
    }
  }
}
