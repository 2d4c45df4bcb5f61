package io.watchgate.downstream;

import static io.watchgate.downstream.HttpServer.ACCEPT;
import static io.watchgate.downstream.HttpServer.JSON;
import static io.watchgate.downstream.Stateless.META;
import static io.watchgate.downstream.Stateless.VERSION;
import static io.watchgate.downstream.Stateless.meta;
import static io.watchgate.downstream.Stateless.post;
import static io.watchgate.downstream.Stateless.request;
import static org.assertj.core.api.Assertions.assertThat;

import io.watchgate.testkit.RawHttp;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
@SuppressWarnings("NullAway.Init") // JUnit fills the fields
class StatelessHttpTest {
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
  void requestIsAnsweredWithoutASession() throws IOException {
    var answer =
        post(http, request("\"a\"", "echo", ""), "echo", "Mcp-Session-Id: old", "Last-Event-ID: 3")
            .read();
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.header("Content-Type")).isEqualTo("application/json");
    assertThat(answer.header("Mcp-Session-Id")).isEmpty();
    assertThat(answer.body())
        .isEqualTo("{\"jsonrpc\":\"2.0\",\"id\":\"a\",\"result\":{\"_meta\":" + META + "}}");
    assertThat(server.listener.sessions()).isZero();
  }

  @Test
  void discoverSaysWhatIsSpokenAndOffered() throws IOException {
    var answer = post(http, request(1, "server/discover", ""), "server/discover").read();
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body())
        .isEqualTo(
            """
            {"jsonrpc":"2.0","id":1,"result":{"resultType":"complete",\
            "supportedVersions":["2026-07-28"],\
            "capabilities":{"tools":{"listChanged":true},"resources":{"subscribe":true}},\
            "ttlMs":0,"cacheScope":"private",\
            "_meta":{"io.modelcontextprotocol/serverInfo":{"name":"test"}},\
            "instructions":"Be kind."}}\
            """);
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "DELETE"})
  void onlyPostHasAMeaning(String method) throws IOException {
    var answer = http.request(method, "/mcp", "", ACCEPT, VERSION, "Mcp-Session-Id: x").read();
    assertThat(answer.status()).isEqualTo(405);
    assertThat(answer.header("Allow")).isEqualTo("POST");
  }

  private static String old(String version) {
    return "MCP-Protocol-Version: " + version;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\"}|clientCapabilities",
        "{\"io.modelcontextprotocol/protocolVersion\":\"1900-01-01\"}|clientCapabilities",
        "{\"io.modelcontextprotocol/protocolVersion\":20260728}|protocolVersion",
        "{\"io.modelcontextprotocol/clientCapabilities\":{}}|protocolVersion",
        "{}|protocolVersion",
        "[]|protocolVersion",
      })
  void claimThatIsNotCompleteIsRefused(String meta, String key) throws IOException {
    var version = meta.contains("1900") ? "1900-01-01" : "2026-07-28";
    var answer =
        http.request("POST", "/mcp", request(7, "echo", "", meta), JSON, ACCEPT, old(version))
            .read();
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.body()).contains("\"id\":7,", "-32602", "io.modelcontextprotocol/" + key);
  }

  @ParameterizedTest
  @ValueSource(strings = {"[]", "null", "\"none\"", "1"})
  void capabilitiesThatAreNoObjectAreRefused(String capabilities) throws IOException {
    var body = request(7, "echo", "", meta("2026-07-28", capabilities, ""));
    var answer = post(http, body, "echo").read();
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.body()).contains("-32602", "clientCapabilities", "an object");
  }

  @Test
  void capabilitiesOfAnySizeAreRefused() throws IOException {
    var large = "{\"x\":\"" + "y".repeat(64 << 10) + "\"}";
    var answer = post(http, request(7, "echo", "", meta("2026-07-28", large, "")), "echo").read();
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.body()).contains("-32602", "65536 bytes");
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"loud\"", "\"INFO\"", "3", "null"})
  void logLevelThatNobodyKnowsIsRefused(String level) throws IOException {
    var meta = meta("2026-07-28", "{}", ",\"io.modelcontextprotocol/logLevel\":" + level);
    var answer = post(http, request(7, "echo", "", meta), "echo").read();
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.body()).contains("-32602", "logLevel", "debug, info");
  }

  @ParameterizedTest
  @ValueSource(strings = {"1900-01-01", "2025-11-25", "2099-01-01", "", "draft"})
  void revisionThatIsNotSpokenIsToldWhichIs(String version) throws IOException {
    var body = request(7, "echo", "", meta(version, "{}", ""));
    var answer = http.request("POST", "/mcp", body, JSON, ACCEPT, old(version)).read();
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.body())
        .contains(
            "\"id\":7,",
            "-32022",
            "\"supported\":[\"2026-07-28\"]",
            "\"requested\":\"" + version + "\"");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "initialize",
        "ping",
        "logging/setLevel",
        "resources/subscribe",
        "resources/unsubscribe",
        "notifications/initialized",
        "tasks/list",
        "no/such"
      })
  void methodThatTheEraDoesNotKnowIsNotFound(String method) throws IOException {
    var answer = post(http, request(7, method, "\"uri\":\"a\","), method).read();
    assertThat(answer.status()).isEqualTo(404);
    assertThat(answer.body()).contains("\"id\":7,", "-32601", "method_not_found", method);
    assertThat(server.stage.subscribed).isEmpty();
  }

  @Test
  void answersAndBatchesAreNoMessagesOfTheEra() throws IOException {
    var answer = "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}";
    assertInvalid(http.request("POST", "/mcp", answer, JSON, ACCEPT, VERSION));
    var claimed = "[" + request(1, "echo", "") + "]";
    assertInvalid(http.request("POST", "/mcp", claimed, JSON, ACCEPT, VERSION));
    assertInvalid(http.request("POST", "/mcp", claimed, JSON, ACCEPT));
    assertInvalid(http.request("POST", "/mcp", "[]", JSON, ACCEPT, VERSION));
    var session = HttpServer.sessionAt("2025-03-26", http, "/mcp");
    assertInvalid(http.request("POST", "/mcp", claimed, JSON, ACCEPT, session));
    assertInvalid(http.request("POST", "/mcp", "{\"jsonrpc\":\"2.0\"}", JSON, ACCEPT, VERSION));
  }

  private static void assertInvalid(RawHttp asked) throws IOException {
    var answer = asked.read();
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.body()).contains("\"id\":null", "-32600");
  }

  @Test
  void malformedBodyIsAParseError() throws IOException {
    var answer = http.request("POST", "/mcp", "{\"jsonrpc\":", JSON, ACCEPT, VERSION).read();
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.body()).contains("\"id\":null", "-32700");
  }

  @Test
  void notificationIsAcceptedWithoutABody() throws IOException, InterruptedException {
    var custom = Stateless.notification("notifications/custom", "");
    var accepted = http.request("POST", "/mcp", custom, JSON, ACCEPT, VERSION).read();
    assertThat(accepted.status()).isEqualTo(202);
    assertThat(accepted.body()).isEmpty();
    assertThat(Stage.next(server.stage.notified)).isEqualTo("notifications/custom");
    var bare = "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/custom\"}";
    assertThat(http.request("POST", "/mcp", bare, JSON, ACCEPT, VERSION).read().status())
        .isEqualTo(202);
    var gone = "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}";
    var refused = http.request("POST", "/mcp", gone, JSON, ACCEPT, VERSION).read();
    assertThat(refused.status()).isEqualTo(404);
    assertThat(refused.body()).contains("\"id\":null", "-32601");
  }

  @ParameterizedTest
  @CsvSource({
    "-32700, 400",
    "-32600, 400",
    "-32020, 400",
    "-32021, 400",
    "-32022, 400",
    "-32601, 404",
    "-32602, 200",
    "-32603, 200",
    "-32006, 200",
    "-32002, 200",
    "4711, 200"
  })
  void errorOfAServerHasTheStatusOfItsCode(int code, int status) throws IOException {
    var answer = post(http, request(7, "fail", "\"code\":" + code + ","), "fail").read();
    assertThat(answer.status()).isEqualTo(status);
    assertThat(answer.body()).contains("\"id\":7,", "\"code\":" + code, "\"message\":\"mine\"");
  }

  @Test
  void tooMuchWorkIsToldWhenToComeAgain() throws IOException {
    var answer = post(http, request(7, "overloaded", ""), "overloaded").read();
    assertThat(answer.status()).isEqualTo(503);
    assertThat(answer.header("Retry-After")).isEqualTo("2");
    assertThat(answer.body()).contains("-32006");
  }

  @Test
  void progressTurnsTheAnswerIntoAStream() throws IOException {
    post(http, request(7, "tell", "\"count\":2,"), "tell");
    assertThat(http.readHead().header("Content-Type")).isEqualTo("text/event-stream");
    assertThat(http.readEvent().data()).contains("\"progress\":1");
    assertThat(http.readEvent().data()).contains("\"progress\":2");
    assertThat(http.readEvent().data()).contains("\"id\":7,\"result\":\"told\"");
    assertThat(http.readEvent().name()).isEqualTo("end");
  }

  @Test
  void errorBehindProgressComesInTheStream() throws IOException {
    post(http, request(7, "fail", "\"code\":-32601,\"count\":1,"), "fail");
    assertThat(http.readHead().status()).isEqualTo(200);
    assertThat(http.readEvent().data()).contains("\"progress\":1");
    assertThat(http.readEvent().data()).contains("\"id\":7,", "-32601");
    assertThat(http.readEvent().name()).isEqualTo("end");
  }

  @Test
  void logIsSentToThoseWhoAskedForItOnly() throws IOException {
    assertThat(post(http, request(1, "logged", "\"level\":\"error\","), "logged").read().body())
        .isEqualTo("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":\"told\"}");
    var meta = meta("2026-07-28", "{}", ",\"io.modelcontextprotocol/logLevel\":\"warning\"");
    var info = request(2, "logged", "\"level\":\"info\",", meta);
    assertThat(post(http, info, "logged").read().header("Content-Type"))
        .isEqualTo("application/json");
    post(http, request(3, "logged", "\"level\":\"warning\",", meta), "logged").readHead();
    assertThat(http.readEvent().data()).contains("notifications/message", "warning");
    assertThat(http.readEvent().data()).contains("\"id\":3,");
    assertThat(http.readEvent().name()).isEqualTo("end");
  }

  @Test
  void changesOfListsAreNotToldOnTheStreamOfACall() throws IOException {
    var answer = post(http, request(7, "changed", ""), "changed").read();
    assertThat(answer.header("Content-Type")).isEqualTo("application/json");
    assertThat(answer.body()).contains("\"told\"").doesNotContain("list_changed");
  }

  @Test
  void serverThatAsksIsToldThatNobodyCanBeAsked() throws IOException {
    assertThat(post(http, request(7, "ask", ""), "ask").read().body())
        .contains("\"id\":7,", "-32601", "cannot be asked");
  }

  @Test
  void clientThatGoesAwayCancelsItsCall() throws IOException, InterruptedException {
    post(http, request(7, "hold", ""), "hold");
    Stage.next(server.stage.entered);
    http.close();
    assertThat(Stage.next(server.stage.interrupted)).startsWith("gate");
  }

  @Test
  void requestsOfTwoClientsMayHaveTheSameId() throws IOException, InterruptedException {
    try (var second = server.connect()) {
      post(http, request(7, "hold", ""), "hold");
      Stage.next(server.stage.entered);
      assertThat(post(second, request(7, "echo", ""), "echo").read().status()).isEqualTo(200);
      server.stage.open("gate");
      assertThat(http.read().body()).contains("\"id\":7,\"result\":\"gate\"");
    }
  }

  @Test
  void requestsThatCanBeAskedTheSameShareASession() throws IOException, InterruptedException {
    discover("{}");
    discover("{}");
    discover("{\"roots\":{}}");
    var first = Stage.next(server.stage.sessions);
    assertThat(Stage.next(server.stage.sessions)).isSameAs(first);
    var other = Stage.next(server.stage.sessions);
    assertThat(other.key()).isNotEqualTo(first.key());
    assertThat(other.capabilities().toString()).isEqualTo("{\"roots\":{}}");
    assertThat(other.clientName()).isEqualTo("c");
    assertThat(other.version()).hasToString("2026-07-28");
  }

  private void discover(String capabilities) throws IOException {
    var info = ",\"io.modelcontextprotocol/clientInfo\":{\"name\":\"c\",\"version\":\"1\"}";
    var body = request(1, "server/discover", "", meta("2026-07-28", capabilities, info));
    assertThat(post(http, body, "server/discover").read().status()).isEqualTo(200);
  }

  @Test
  void whatDoesNotFinishBeforeTheEndIsToldSo() throws IOException, InterruptedException {
    post(http, request(7, "hold", ""), "hold");
    Stage.next(server.stage.entered);
    server.listener.drain(java.time.Duration.ofMillis(1));
    assertThat(http.read().body()).contains("\"id\":7,", "shutting_down");
  }

  @Test
  void bothErasAreServedOnOneEndpoint() throws IOException {
    var session = HttpServer.session(http, "/mcp");
    assertThat(post(http, request(1, "echo", ""), "echo", session).read().status()).isEqualTo(200);
    var ping = http.request("POST", "/mcp", HttpServer.PING, JSON, ACCEPT, session).read();
    assertThat(ping.body()).contains("\"result\":{}");
    var discover = HttpServer.call(2, "server/discover", "{}");
    assertThat(http.request("POST", "/mcp", discover, JSON, ACCEPT, session).read().body())
        .contains("-32601");
    assertThat(http.request("POST", "/mcp", HttpServer.PING, JSON, ACCEPT).read().status())
        .isEqualTo(400);
  }

  @Test
  void oldTransportServesSessionsOnly() throws IOException {
    try (var stream = server.connect().request("GET", "/sse", "", "Accept: text/event-stream")) {
      stream.readHead();
      var endpoint = stream.readEvent().data();
      assertThat(http.request("POST", endpoint, request(7, "echo", ""), JSON).read().status())
          .isEqualTo(202);
      assertThat(stream.readEvent().data()).contains("\"id\":7,", "-32600", "without a session");
    }
  }
}
