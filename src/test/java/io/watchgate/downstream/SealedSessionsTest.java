package io.watchgate.downstream;

import static io.watchgate.downstream.HttpServer.ACCEPT;
import static io.watchgate.downstream.HttpServer.JSON;
import static io.watchgate.downstream.HttpServer.PING;
import static io.watchgate.downstream.HttpServer.call;
import static io.watchgate.downstream.HttpServer.session;
import static io.watchgate.downstream.HttpServer.sessionAt;
import static org.assertj.core.api.Assertions.assertThat;

import io.watchgate.flow.Refusals.Kind;
import io.watchgate.flow.Seal;
import io.watchgate.testkit.RawHttp;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SealedSessionsTest {
  private final Seal seal = Seal.random();
  private final AtomicReference<Instant> now =
      new AtomicReference<>(Instant.parse("2026-11-27T12:00:00Z"));

  private HttpServer start(String... tokens) throws IOException, InterruptedException {
    return new HttpServer(
        HttpPace.DEFAULT, List.of(tokens), HttpServer.terms(seal, () -> now.get()));
  }

  private static int ping(RawHttp http, String path, String... headers) throws IOException {
    var all = new java.util.ArrayList<>(List.of(JSON));
    all.addAll(List.of(headers));
    return http.request("POST", path, PING, all.toArray(String[]::new)).read().status();
  }

  @Test
  void gatewayThatIsStartedAgainTakesTheSessionUp() throws IOException, InterruptedException {
    String session;
    try (var before = start();
        var http = before.connect()) {
      session = sessionAt("2025-06-18", http, "/mcp");
    }
    try (var after = start();
        var http = after.connect()) {
      http.request("POST", "/mcp", call(1, "echo", "{\"a\":1}"), JSON, ACCEPT, session);
      assertThat(http.read().body()).contains("\"id\":1,\"result\":{\"a\":1}");
      var client = Stage.next(after.stage.sessions);
      assertThat(client.version()).hasToString("2025-06-18");
      assertThat(client.clientName()).isEqualTo("test");
      assertThat(client.capabilities()).hasToString("{}");
      assertThat(ping(http, "/mcp", session)).isEqualTo(200);
      assertThat(after.stage.sessions).as("the servers hear of it once").isEmpty();
      assertThat(after.listener.sessions()).isEqualTo(1);
      try (var stream = after.connect().request("GET", "/mcp", "", ACCEPT, session)) {
        stream.readHead();
        client.tell(Logged.number(1));
        assertThat(stream.readEvent().data()).contains("\"data\":1}");
      }
    }
  }

  @Test
  void everyRequestOfATakenUpSessionWaitsForTheServers() throws IOException, InterruptedException {
    String session;
    try (var before = start();
        var http = before.connect()) {
      session = session(http, "/mcp");
    }
    try (var after = start();
        var one = after.connect();
        var two = after.connect()) {
      one.request("POST", "/mcp", PING, JSON, session);
      two.request("POST", "/mcp", PING.replace("1", "2"), JSON, session);
      assertThat(one.read().status()).isEqualTo(200);
      two.read();
      assertThat(after.stage.sessions).hasSize(1);
    }
  }

  @Test
  void idThatWasChangedIsNone() throws IOException, InterruptedException {
    try (var server = start();
        var http = server.connect()) {
      var session = session(http, "/mcp");
      int start = "Mcp-Session-Id: ".length();
      for (int i = start; i < session.length(); i += 7) {
        assertThat(ping(http, "/mcp", changed(session, i))).isEqualTo(404);
      }
      assertThat(ping(http, "/mcp", changed(session, session.length() - 1))).isEqualTo(404);
      assertThat(ping(http, "/mcp", session.substring(0, session.length() - 1))).isEqualTo(404);
      assertThat(server.stage.sessions).hasSize(1);
      assertThat(server.listener.sessions()).isEqualTo(1);
      assertThat(server.terms.refusals().count(Kind.SESSION_ID)).isGreaterThan(20);
      assertThat(ping(http, "/mcp", session)).isEqualTo(200);
    }
  }

  private static String changed(String text, int at) {
    char other = text.charAt(at) == 'B' ? 'C' : 'B';
    return text.substring(0, at) + other + text.substring(at + 1);
  }

  @Test
  void idOfAnotherClientOrPathOrKeyIsNone() throws IOException, InterruptedException {
    String[] who = {"Authorization: Bearer one", "Authorization: Bearer two"};
    String session;
    try (var before = start("one", "two");
        var http = before.connect()) {
      session = session(http, "/mcp", who[0]);
      assertThat(ping(http, "/mcp", session, who[1])).isEqualTo(404);
      assertThat(ping(http, "/mcp/files", session, who[0])).isEqualTo(404);
      http.request("DELETE", "/mcp", "", session, who[1]);
      assertThat(http.read().status()).isEqualTo(404);
      assertThat(ping(http, "/mcp", session, who[0])).isEqualTo(200);
    }
    try (var after = start("one", "two");
        var http = after.connect()) {
      assertThat(ping(http, "/mcp", session, who[1])).isEqualTo(404);
      assertThat(ping(http, "/mcp/files", session, who[0])).isEqualTo(404);
      assertThat(after.stage.sessions).as("nothing reached a server").isEmpty();
      assertThat(ping(http, "/mcp", session, who[0])).isEqualTo(200);
    }
    try (var stranger = new HttpServer();
        var http = stranger.connect()) {
      assertThat(ping(http, "/mcp", session)).isEqualTo(404);
      assertThat(stranger.stage.sessions).isEmpty();
    }
  }

  @Test
  void endedSessionIsNeverTakenUp() throws IOException, InterruptedException {
    String session;
    try (var before = start();
        var http = before.connect()) {
      session = session(http, "/mcp");
    }
    try (var after = start();
        var http = after.connect()) {
      assertThat(http.request("DELETE", "/mcp", "", session).read().status()).isEqualTo(200);
      assertThat(after.stage.sessions).as("no server is told of it for that").isEmpty();
      assertThat(ping(http, "/mcp", session)).isEqualTo(404);
      assertThat(http.request("GET", "/mcp", "", ACCEPT, session).read().status()).isEqualTo(404);
      assertThat(http.request("DELETE", "/mcp", "", session).read().status()).isEqualTo(404);
      assertThat(after.listener.sessions()).isZero();
    }
  }

  @Test
  void idIsGoodForADay() throws IOException, InterruptedException {
    String session;
    try (var before = start();
        var http = before.connect()) {
      session = session(http, "/mcp");
      now.updateAndGet(time -> time.plus(Duration.ofHours(25)));
      assertThat(ping(http, "/mcp", session)).as("the session is known").isEqualTo(200);
    }
    try (var after = start();
        var http = after.connect()) {
      assertThat(ping(http, "/mcp", session)).isEqualTo(404);
      now.updateAndGet(time -> time.minus(Duration.ofHours(2)));
      assertThat(ping(http, "/mcp", session)).isEqualTo(200);
    }
  }

  @Test
  void idIsShortAndVisible() throws IOException, InterruptedException {
    try (var server = start();
        var http = server.connect()) {
      assertThat(session(http, "/mcp")).matches("Mcp-Session-Id: [\\w-]{100,400}");
    }
  }

  @Test
  void clientThatDeclaresTooMuchHasASessionThatEndsWithTheGateway()
      throws IOException, InterruptedException {
    String session;
    var much = "\"capabilities\":{\"experimental\":{\"x\":\"" + "y".repeat(5000) + "\"}}";
    var initialize = HttpServer.initialize("2025-11-25").replace("\"capabilities\":{}", much);
    try (var before = start();
        var http = before.connect()) {
      http.request("POST", "/mcp", initialize, JSON, ACCEPT);
      session = "Mcp-Session-Id: " + http.read().header("Mcp-Session-Id");
      assertThat(session).hasSizeLessThan(500);
      assertThat(ping(http, "/mcp", session)).isEqualTo(200);
    }
    try (var after = start();
        var http = after.connect()) {
      assertThat(ping(http, "/mcp", session)).isEqualTo(404);
    }
  }
}
