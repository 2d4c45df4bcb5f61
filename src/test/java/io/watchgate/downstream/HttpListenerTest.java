package io.watchgate.downstream;

import static io.watchgate.downstream.HttpServer.ACCEPT;
import static io.watchgate.downstream.HttpServer.JSON;
import static io.watchgate.downstream.HttpServer.PING;
import static io.watchgate.downstream.HttpServer.call;
import static io.watchgate.downstream.HttpServer.session;
import static io.watchgate.downstream.HttpServer.sessionAt;
import static org.assertj.core.api.Assertions.assertThat;

import io.watchgate.testkit.RawHttp;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
@SuppressWarnings("NullAway.Init") // JUnit fills the fields
class HttpListenerTest {
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
  void sessionLivesFromInitializeToDelete() throws IOException, InterruptedException {
    http.request("POST", "/mcp", HttpServer.initialize("2025-06-18"), JSON, ACCEPT);
    var greeting = http.read();
    assertThat(greeting.header("Content-Type")).isEqualTo("application/json");
    assertThat(greeting.body()).contains("\"protocolVersion\":\"2025-06-18\"", "serverInfo");
    var session = "Mcp-Session-Id: " + greeting.header("Mcp-Session-Id");
    assertThat(server.listener.sessions()).isEqualTo(1);

    http.request(
        "POST",
        "/mcp",
        "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}",
        JSON,
        session);
    var accepted = http.read();
    assertThat(accepted.status()).isEqualTo(202);
    assertThat(accepted.body()).isEmpty();

    assertThat(http.request("POST", "/mcp", PING, JSON, session).read().body())
        .isEqualTo("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}");
    assertThat(http.request("DELETE", "/mcp", "", session).read().status()).isEqualTo(200);
    assertThat(Stage.next(server.stage.closed)).isNotEmpty();
    var gone = http.request("POST", "/mcp", PING, JSON, session).read();
    assertThat(gone.status()).isEqualTo(404);
    assertThat(gone.body()).contains("session_not_found", "initialize");
    assertThat(http.request("DELETE", "/mcp", "", session).read().status()).isEqualTo(404);
    assertThat(server.listener.sessions()).isZero();
  }

  @Test
  void clientOfOldHttpThatKeepsItsConnectionIsToldSo() throws IOException {
    var request =
        "POST /mcp HTTP/1.0\nHost: localhost\nConnection: keep-alive\n"
            + "Content-Type: application/json\nContent-Length: 2\n\n{}";
    http.send(request);
    assertThat(http.read().header("connection")).isEqualTo("keep-alive");
    http.send(request);
    assertThat(http.read().status()).isEqualTo(400);
  }

  @Test
  void requestOfNoSessionIsRefused() throws IOException {
    var missing = http.request("POST", "/mcp", PING, JSON, ACCEPT).read();
    assertThat(missing.status()).isEqualTo(400);
    assertThat(missing.body()).contains("-32600", "Mcp-Session-Id", "invalid_request");
    assertThat(http.request("GET", "/mcp", "", ACCEPT).read().status()).isEqualTo(400);
    var unknown = http.request("POST", "/mcp", PING, JSON, "Mcp-Session-Id: nonsense").read();
    assertThat(unknown.status()).isEqualTo(404);
  }

  @Test
  void sessionIsBoundToItsPath() throws IOException {
    var session = session(http, "/mcp");
    assertThat(http.request("POST", "/mcp/files", PING, JSON, session).read().status())
        .isEqualTo(404);
    var other = session(http, "/mcp/files");
    assertThat(http.request("POST", "/mcp/files?x=1", PING, JSON, other).read().status())
        .isEqualTo(200);
    assertThat(server.files.sessions).hasSize(1);
  }

  @Test
  void initializeThatFailsOpensNoSession() throws IOException {
    var answer = http.request("POST", "/mcp", call(1, "initialize", "{}"), JSON).read();
    assertThat(answer.header("Mcp-Session-Id")).isEmpty();
    assertThat(answer.body()).contains("-32602");
    assertThat(server.listener.sessions()).isZero();
  }

  @Test
  void requestsThatFitNoEndpointAreRefused() throws IOException {
    var lost = http.request("POST", "/other", PING, JSON).read();
    assertThat(lost.status()).isEqualTo(404);
    assertThat(lost.body()).contains("/mcp/files");
    assertThat(http.request("POST", "/mcp/nobody", PING, JSON).read().status()).isEqualTo(404);
    var method = http.request("PUT", "/mcp", PING, JSON).read();
    assertThat(method.status()).isEqualTo(405);
    assertThat(method.header("Allow")).isEqualTo("POST, GET, DELETE");
    var type = http.request("POST", "/mcp", PING, "Content-Type: text/plain").read();
    assertThat(type.status()).isEqualTo(415);
    assertThat(http.request("POST", "/mcp", PING).read().status()).isEqualTo(415);
    var form = http.request("POST", "/mcp", PING, JSON, "Accept: text/html").read();
    assertThat(form.status()).isEqualTo(406);
    var version = http.request("POST", "/mcp", PING, JSON, "MCP-Protocol-Version: 1999-01-01");
    assertThat(version.read().status()).isEqualTo(400);
    var session = session(http, "/mcp");
    assertThat(http.request("GET", "/mcp", "", session, "Accept: text/html").read().status())
        .isEqualTo(406);
    assertThat(
            http.request(
                    "POST", "/mcp", PING, "Content-Type: Application/JSON; charset=utf-8", session)
                .read()
                .status())
        .isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "nonsense                            | -32700 | null | parse_error",
        "{\"a\":1,\"a\":2}                   | -32700 | null | parse_error",
        "[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]] | -32700 | null | too_deep",
        "{\"jsonrpc\":\"2.0\",\"id\":7}      | -32600 | 7    | invalid_request",
        "[]                                  | -32600 | null | invalid_request",
        "5                                   | -32600 | null | invalid_request",
      })
  void malformedMessageGetsItsErrorWithAndWithoutASession(
      String message, int code, String id, String reason) throws IOException {
    var session = session(http, "/mcp");
    for (var header : new String[] {session, "X-No: session"}) {
      if (message.equals("[]") && header.startsWith("X-")) {
        continue; // an empty batch names no session: that is what it is told
      }
      var answer = http.request("POST", "/mcp", message, JSON, header).read();
      assertThat(answer.status()).isEqualTo(400);
      assertThat(answer.body()).contains("\"code\":" + code, "\"id\":" + id, reason);
    }
    assertThat(http.request("POST", "/mcp", PING, JSON, session).read().status()).isEqualTo(200);
  }

  @Test
  void bytesThatAreNoUtf8GetAParseError() throws IOException {
    var bytes = new byte[] {'{', '"', (byte) 0xff, '"', ':', '1', '}'};
    var answer = http.request("POST", "/mcp", bytes, JSON).read();
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.body()).contains("-32700", "parse_error");
  }

  @Test
  void overloadIsStatus503AndAServersErrorIsNot() throws IOException {
    var session = session(http, "/mcp");
    var refused = http.request("POST", "/mcp", call(1, "overloaded", "{}"), JSON, session).read();
    assertThat(refused.status()).isEqualTo(503);
    assertThat(refused.header("Retry-After")).isEqualTo("2");
    assertThat(refused.body()).contains("-32006", "\"retryAfterMs\":1500", "\"server\":\"files\"");
    var passed = http.request("POST", "/mcp", call(2, "error", "{}"), JSON, session).read();
    assertThat(passed.status()).isEqualTo(200);
    assertThat(passed.body()).contains("-32006", "mine");
  }

  @ParameterizedTest
  @ValueSource(strings = {"1", "\"1\"", "123456789012345678901234567890", "\"\\u0041\""})
  void idComesBackExactlyAsItCame(String id) throws IOException {
    var session = session(http, "/mcp");
    assertThat(http.request("POST", "/mcp", call(id, "echo", "{}"), JSON, session).read().body())
        .isEqualTo("{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"result\":{}}");
  }

  @Test
  void twoClientsWithTheSameIdsAreNeverCrossed() throws IOException, InterruptedException {
    try (var second = server.connect()) {
      var one = session(http, "/mcp");
      var two = session(second, "/mcp");
      http.request("POST", "/mcp", call(1, "hold", "{\"gate\":\"one\"}"), JSON, one);
      second.request("POST", "/mcp", call(1, "hold", "{\"gate\":\"two\"}"), JSON, two);
      Stage.next(server.stage.entered);
      Stage.next(server.stage.entered);
      server.stage.open("two");
      assertThat(second.read().body()).contains("\"result\":\"two\"");
      server.stage.open("one");
      assertThat(http.read().body()).contains("\"result\":\"one\"");
    }
  }

  @Test
  void sameIdTwiceInFlightIsRefused() throws IOException, InterruptedException {
    try (var second = server.connect()) {
      var session = session(http, "/mcp");
      http.request("POST", "/mcp", call(1, "hold", "{}"), JSON, session);
      Stage.next(server.stage.entered);
      var refused = second.request("POST", "/mcp", call(1, "echo", "{}"), JSON, session).read();
      assertThat(refused.status()).isEqualTo(400);
      assertThat(refused.body()).contains("-32600", "\"id\":1", "in flight");
      server.stage.open("gate");
      assertThat(http.read().body()).contains("\"result\":\"gate\"");
    }
  }

  @Test
  void cancellationEndsThePostAndFreesTheId() throws IOException, InterruptedException {
    try (var second = server.connect()) {
      var session = session(http, "/mcp");
      http.request("POST", "/mcp", call(1, "hold", "{}"), JSON, session);
      Stage.next(server.stage.entered);
      second.request(
          "POST",
          "/mcp",
          "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\","
              + "\"params\":{\"requestId\":1,\"reason\":\"enough\"}}",
          JSON,
          session);
      assertThat(second.read().status()).isEqualTo(202);
      assertThat(http.read().status()).isEqualTo(202);
      assertThat(Stage.next(server.stage.interrupted)).isEqualTo("gate: enough");
      assertThat(http.request("POST", "/mcp", call(1, "echo", "{}"), JSON, session).read().status())
          .isEqualTo(200);
    }
  }

  @Test
  void clientThatGoesAwayCancelsItsCall() throws IOException, InterruptedException {
    var session = session(http, "/mcp");
    http.request("POST", "/mcp", call(1, "hold", "{}"), JSON, session);
    Stage.next(server.stage.entered);
    http.close();
    assertThat(Stage.next(server.stage.interrupted)).startsWith("gate");
  }

  @Test
  void clientThatGoesAwayCancelsAllCallsOfItsBatch() throws IOException, InterruptedException {
    var session = sessionAt("2025-03-26", http, "/mcp");
    var batch =
        "[" + call(1, "hold", "{\"gate\":\"a\"}") + "," + call(2, "hold", "{\"gate\":\"b\"}") + "]";
    http.request("POST", "/mcp", batch, JSON, session);
    Stage.next(server.stage.entered);
    Stage.next(server.stage.entered);
    http.close();
    Stage.next(server.stage.interrupted);
    Stage.next(server.stage.interrupted);
  }

  @Test
  void batchIsAnsweredAsOneToItsRevisionOnly() throws IOException {
    var batch = "[" + call(1, "echo", "{}") + "," + call(2, "echo", "{}") + "]";
    var old = sessionAt("2025-03-26", http, "/mcp");
    var answer = http.request("POST", "/mcp", batch, JSON, old).read();
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body()).startsWith("[").contains("\"id\":1", "\"id\":2").endsWith("]");
    var now = session(http, "/mcp");
    var refused = http.request("POST", "/mcp", batch, JSON, now).read();
    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.body()).contains("-32600", "2025-11-25");
  }

  @Test
  void pipelinedRequestsAreAnsweredInOrder() throws IOException, InterruptedException {
    var session = session(http, "/mcp");
    http.request("POST", "/mcp", call(1, "hold", "{}"), JSON, session);
    http.request("POST", "/mcp", "x".repeat(200_000), JSON, session); // too large
    Stage.next(server.stage.entered);
    server.stage.open("gate");
    assertThat(http.read().body()).contains("\"result\":\"gate\"");
    var tooLarge = http.read();
    assertThat(tooLarge.status()).isEqualTo(413);
    assertThat(tooLarge.body()).contains("-32700", "too_large", "100000 bytes");
    assertThat(http.isClosed()).isTrue();
  }

  @Test
  void manyRequestsShareAConnection() throws IOException {
    var session = session(http, "/mcp");
    for (int i = 0; i < 10; i++) {
      http.request("POST", "/mcp", call(i, "echo", "{}"), JSON, session);
    }
    for (int i = 0; i < 10; i++) {
      assertThat(http.read().body()).contains("\"id\":" + i + ",");
    }
  }

  @Test
  void bodyInChunksThatGrowsTooLargeIsRefused() throws IOException {
    http.send("POST /mcp HTTP/1.1\nHost: localhost\n" + JSON + "\nTransfer-Encoding: chunked\n\n");
    for (int i = 0; i < 3; i++) {
      http.send(Integer.toHexString(50_000) + "\n" + "x".repeat(50_000) + "\n");
    }
    assertThat(http.read().status()).isEqualTo(413);
  }

  @Test
  void clientThatAsksBeforeItSendsTooMuchIsToldSo() throws IOException {
    http.send(
        "POST /mcp HTTP/1.1\nHost: localhost\n"
            + JSON
            + "\nExpect: 100-continue\nContent-Length: 200000\n\n");
    var answer = http.read();
    assertThat(answer.status()).isEqualTo(413);
    assertThat(answer.body()).contains("too_large");
  }

  @ParameterizedTest
  @CsvSource({"nonsense, 400", "GET /mcp HTTP/9.9, 400"})
  void whatIsNoHttpIsRefusedAndTheConnectionClosed(String line, int status) throws IOException {
    http.send(line + "\nContent-Length: -3\n\n");
    assertThat(http.read().status()).isEqualTo(status);
    assertThat(http.isClosed()).isTrue();
  }

  @Test
  void headersWithoutEndAreRefused() throws IOException {
    http.send("GET /mcp HTTP/1.1\nHost: localhost\nX-Long: " + "x".repeat(70_000) + "\n\n");
    assertThat(http.read().status()).isEqualTo(431);
    try (var second = server.connect()) {
      second.send("GET /" + "x".repeat(5000) + " HTTP/1.1\n\n");
      assertThat(second.read().status()).isEqualTo(414);
    }
  }

  @Test
  void largeAnswerArrivesWholeThoughTheConnectionEndsBehindIt() throws IOException {
    var session = session(http, "/mcp");
    int size = 10 << 20;
    http.request(
        "POST",
        "/mcp",
        call(1, "big", "{\"bytes\":" + size + "}"),
        JSON,
        session,
        "Connection: close");
    var answer = http.read();
    assertThat(answer.header("Connection")).isEqualTo("close");
    assertThat(answer.body().getBytes(StandardCharsets.UTF_8).length).isGreaterThan(size);
    assertThat(http.isClosed()).isTrue();
  }

  @Test
  void faultOfTheGatewayIsAnswered() throws IOException {
    var session = session(http, "/mcp");
    var answer = http.request("POST", "/mcp", call(1, "fault", "{}"), JSON, session).read();
    assertThat(answer.body()).contains("-32603", "internal");
  }
}
