package io.watchgate.everything;

import static org.assertj.core.api.Assertions.assertThat;

import io.watchgate.testkit.RawHttp;
import io.watchgate.testkit.RawHttp.Answer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

@Timeout(60)
class HttpEverythingTest {
  private static final String REVISION = "2026-07-28";
  private static final String META =
      """
      "_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28",\
      "io.modelcontextprotocol/clientCapabilities":{}}\
      """;
  private static final String WITH_HEADERS =
      "\"name\":\"test_x_mcp_header\",\"arguments\":{\"region\":\"a\",\"priority\":1}";

  private static EverythingProcess process;
  private static int port;

  @BeforeAll
  static void start() throws Exception {
    process = EverythingProcess.start("--era", "both", "--transport", "http", "--port", "0");
    port = process.uri().getPort();
  }

  @AfterAll
  static void stop() {
    process.close();
  }

  @Test
  void legacyServerAnswersAModernRequestAsOneThatWantsASession() throws Exception {
    try (var legacy = EverythingProcess.start("--era", "legacy", "--transport", "http")) {
      var answer = modern(legacy.uri().getPort(), "server/discover", "");
      assertThat(answer.status()).isEqualTo(400);
      JsonNode error = Tree.read(answer.body()).path("error");
      assertThat(error.path("code").asInt()).isEqualTo(-32000);
      assertThat(error.path("message").asString()).isEqualTo("Bad Request: Session ID required");
    }
  }

  @Test
  void modernServerRefusesTheHandshakeAndOtherMethodsOfHttp() throws Exception {
    try (var modern = EverythingProcess.start("--era", "modern", "--transport", "http")) {
      int at = modern.uri().getPort();
      check(post(at, message("initialize", "\"protocolVersion\":\"2025-11-25\"")), 400, -32022);
      try (var http = RawHttp.connect(at)) {
        assertThat(http.request("GET", "/mcp", "").read().status()).isEqualTo(405);
      }
    }
  }

  @Test
  void checksComeInTheOrderOfTheSpecification() throws Exception {
    String discover = message("server/discover", META);
    check(post(port, discover), 400, -32020);
    check(post(port, discover, version("2025-11-25")), 400, -32020);
    check(post(port, message("server/discover", ""), version(REVISION)), 400, -32602);
    check(post(port, message("initialize", ""), version(REVISION)), 400, -32020);
    String later = discover.replace(REVISION, "2027-01-01");
    check(post(port, later, version("2027-01-01")), 400, -32022);
    check(post(port, discover, version(REVISION)), 400, -32020);
    check(modern(port, "resources/subscribe", ""), 404, -32601);
    check(modern(port, "tools/call", "\"name\":\"none\""), 400, -32020);
    check(modern(port, "tools/call", "\"name\":\"none\"", name("none")), 200, -32602);
    String missing = "test_missing_capability";
    check(modern(port, "tools/call", "\"name\":\"" + missing + "\"", name(missing)), 400, -32021);
  }

  @Test
  void argumentsAreComparedWithTheirHeaders() throws Exception {
    String tool = name("test_x_mcp_header");
    String region = "Mcp-Param-Region: =?base64?YQ==?=";
    check(modern(port, "tools/call", WITH_HEADERS, tool, region), 400, -32020);
    var wrong = new String[] {tool, region, "Mcp-Param-Priority: 2"};
    check(modern(port, "tools/call", WITH_HEADERS, wrong), 400, -32020);
    var unpadded = new String[] {tool, region.replace("==", ""), "Mcp-Param-Priority: 1"};
    check(modern(port, "tools/call", WITH_HEADERS, unpadded), 400, -32020);
    var right = new String[] {tool, region, "Mcp-Param-Priority: 1.0"};
    var answer = modern(port, "tools/call", WITH_HEADERS, right);
    assertThat(Tree.read(answer.body()).at("/result/resultType").asString()).isEqualTo("complete");
  }

  private static void check(Answer answer, int status, int code) {
    JsonNode body = Tree.read(answer.body());
    assertThat(answer.status()).as("status of %s", body).isEqualTo(status);
    assertThat(body.at("/error/code").asInt()).as("code of %s", body).isEqualTo(code);
    assertThat(body.path("id").asInt()).isEqualTo(1);
  }

  @Test
  void strangersInABrowserAreRefused() throws Exception {
    var answer = post(port, message("ping", ""), "Origin: http://evil.example.com");
    assertThat(answer.status()).isEqualTo(403);
  }

  @Test
  void sessionEndsWithDelete() throws Exception {
    String session = session("2025-06-18");
    assertThat(post(port, message("ping", ""), session).body()).contains("\"result\":{}");
    try (var http = RawHttp.connect(port)) {
      assertThat(http.request("DELETE", "/mcp", "", session).read().status()).isEqualTo(200);
    }
    assertThat(post(port, message("ping", ""), session).status()).isEqualTo(404);
    assertThat(post(port, message("ping", "")).status()).isEqualTo(400);
  }

  @Test
  void clientComesBackToAStreamThatTheServerCut() throws Exception {
    String session = session("2025-11-25");
    var cut = post(port, message("tools/call", "\"name\":\"test_reconnection\""), session);
    var lines = cut.body().lines().toList();
    assertThat(lines).containsExactly(lines.getFirst(), "retry: 500", "data: ", "");
    try (var http = RawHttp.connect(port)) {
      String last = lines.getFirst().replace("id", "Last-Event-ID");
      var rest = http.request("GET", "/mcp", "", session, last).read();
      assertThat(rest.body()).contains("Reconnection test completed");
    }
  }

  @Test
  void batchIsTakenInTheRevisionThatHasThem() throws Exception {
    String second = message("tools/list", "").replace("\"id\":1", "\"id\":2");
    String batch = "[" + message("ping", "") + "," + second + "]";
    assertThat(post(port, batch, session("2025-03-26")).body())
        .contains("\"id\":1,\"result\":{}", "\"id\":2,\"result\":{\"tools\"");
    assertThat(post(port, batch, session("2025-06-18")).status()).isEqualTo(400);
  }

  @Test
  void changesComeOnTheStreamOfEachEra() throws Exception {
    String session = session("2025-06-18");
    String watched = "\"test://watched-resource\"";
    post(port, message("resources/subscribe", "\"uri\":" + watched), session);
    try (var old = RawHttp.connect(port);
        var listen = RawHttp.connect(port)) {
      old.request("GET", "/mcp", "", session).readHead();
      request(
          listen,
          "subscriptions/listen",
          "\"notifications\":{\"resourceSubscriptions\":[" + watched + "]}");
      listen.readHead();
      assertThat(listen.readEvent().data()).contains("acknowledged");
      String touch = "touch_watched_resource";
      modern(port, "tools/call", "\"name\":\"" + touch + "\"", name(touch));
      assertThat(listen.readEvent().data())
          .contains("notifications/resources/updated", "subscriptionId\":1");
      assertThat(old.readEvent().data())
          .contains("notifications/resources/updated")
          .doesNotContain("subscriptionId");
    }
  }

  @Test
  void subscriptionsEndWithAResultWhenTheServerIsStopped() throws Exception {
    try (var server = EverythingProcess.start("--era", "modern", "--transport", "http");
        var listen = RawHttp.connect(server.uri().getPort())) {
      request(listen, "subscriptions/listen", "\"notifications\":{}");
      listen.readHead();
      assertThat(listen.readEvent().data()).contains("acknowledged");
      server.terminate();
      var next = listen.readEvent();
      while (next.name().equals("comment")) {
        next = listen.readEvent();
      }
      assertThat(next.data()).contains("\"result\"", "\"resultType\":\"complete\"");
    }
  }

  /// Begins a session and returns the header that names it.
  private static String session(String revision) throws IOException {
    String params =
        """
        "protocolVersion":"%s","capabilities":{},"clientInfo":{"name":"t","version":"1"}\
        """
            .formatted(revision);
    var answer = post(port, message("initialize", params));
    assertThat(answer.body()).contains("\"protocolVersion\":\"" + revision + "\"");
    return "Mcp-Session-Id: " + answer.header("Mcp-Session-Id");
  }

  private static String version(String revision) {
    return "MCP-Protocol-Version: " + revision;
  }

  private static String name(String name) {
    return "Mcp-Name: " + name;
  }

  private static Answer modern(int at, String method, String params, String... headers)
      throws IOException {
    try (var http = RawHttp.connect(at)) {
      request(http, method, params, headers);
      return http.read();
    }
  }

  private static void request(RawHttp http, String method, String params, String... headers)
      throws IOException {
    var all = new ArrayList<>(List.of(version(REVISION), "Mcp-Method: " + method));
    all.addAll(List.of(headers));
    String body = message(method, META + (params.isEmpty() ? "" : "," + params));
    send(http, body, all);
  }

  private static Answer post(int at, String body, String... headers) throws IOException {
    try (var http = RawHttp.connect(at)) {
      send(http, body, List.of(headers));
      return http.read();
    }
  }

  private static void send(RawHttp http, String body, List<String> headers) throws IOException {
    var all = new ArrayList<>(headers);
    all.add("Content-Type: application/json");
    all.add("Accept: application/json, text/event-stream");
    http.request("POST", "/mcp", body, all.toArray(String[]::new));
  }

  private static String message(String method, String params) {
    return "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"%s\",\"params\":{%s}}"
        .formatted(method, params);
  }
}
