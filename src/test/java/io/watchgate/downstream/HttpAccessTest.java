package io.watchgate.downstream;

import static io.watchgate.downstream.HttpServer.JSON;
import static io.watchgate.downstream.HttpServer.PING;
import static io.watchgate.downstream.HttpServer.session;
import static org.assertj.core.api.Assertions.assertThat;

import io.watchgate.testkit.RawHttp;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
@SuppressWarnings("NullAway.Init") // JUnit fills the fields
class HttpAccessTest {
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

  @ParameterizedTest
  @CsvSource({
    "Host: evil.example, 403",
    "Host: localhost, 400",
    "Host: LOCALHOST:8787, 400",
    "Host: [::1]:8787, 400",
    "Host: 127.0.0.1:1, 400",
    "Host: gate.example:443, 400",
    "Host: localhost.evil.example, 403",
    "X-Other: no host at all, 403",
  })
  void hostIsAlwaysChecked(String header, int status) throws IOException {
    http.send(
        "POST /mcp HTTP/1.1\n"
            + header
            + "\n"
            + JSON
            + "\nContent-Length: "
            + PING.length()
            + "\n\n"
            + PING);
    assertThat(http.read().status()).isEqualTo(status);
  }

  @Test
  void twoHostsAreRefused() throws IOException {
    http.request("POST", "/mcp", PING, JSON, "Host: localhost");
    var answer = http.read();
    assertThat(answer.status()).isBetween(400, 403);
    assertThat(answer.body()).contains("invalid_request");
  }

  @ParameterizedTest
  @CsvSource({
    "http://localhost:5173, 400",
    "https://127.0.0.1, 400",
    "https://app.example, 400",
    "https://evil.example, 403",
    "http://localhost.evil.example, 403",
    "http://localhost@evil.example, 403",
    "null, 403",
    "not a uri, 403",
  })
  void originIsCheckedWhenPresent(String origin, int status) throws IOException {
    assertThat(http.request("POST", "/mcp", PING, JSON, "Origin: " + origin).read().status())
        .isEqualTo(status);
  }

  @Test
  void everyOriginOfARequestIsChecked() throws IOException {
    http.request(
        "POST", "/mcp", PING, JSON, "Origin: http://localhost", "Origin: https://evil.example");
    assertThat(http.read().status()).isEqualTo(403);
  }

  @Test
  void tokenIsNeededWhereTokensAreSet() throws IOException, InterruptedException {
    try (var guarded = new HttpServer(HttpPace.DEFAULT, java.util.List.of("secret", "other"));
        var client = guarded.connect()) {
      for (var header :
          new String[] {
            "X-No: token", "Authorization: Bearer wrong", "Authorization: Basic secret"
          }) {
        var refused = client.request("POST", "/mcp", PING, JSON, header).read();
        assertThat(refused.status()).isEqualTo(401);
        assertThat(refused.header("WWW-Authenticate")).startsWith("Bearer");
      }
      var session = session(client, "/mcp", "authorization: bearer secret");
      assertThat(client.request("POST", "/mcp", PING, JSON, session).read().status())
          .isEqualTo(401);
      client.request("POST", "/mcp", PING, JSON, session, "Authorization: Bearer other");
      assertThat(client.read().status()).isEqualTo(404);
      client.request("POST", "/mcp", PING, JSON, session, "Authorization: Bearer secret");
      assertThat(client.read().status()).isEqualTo(200);
    }
  }

  @Test
  void whoAsksForTheHeadGetsNoBodyThatTheNextAnswerWouldBeginWith() throws IOException {
    http.request("HEAD", "/mcp", "");
    var head = http.readHead();
    assertThat(head.status()).isEqualTo(405);
    assertThat(Integer.parseInt(head.header("content-length"))).isPositive();
    assertThat(http.request("GET", "/elsewhere", "").read().status()).isEqualTo(404);
  }
}
