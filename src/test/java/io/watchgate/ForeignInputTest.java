package io.watchgate;

import static io.watchgate.GatewayContext.remote;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.watchgate.flow.Refusals.Kind;
import io.watchgate.jsonrpc.Json;
import io.watchgate.jsonrpc.Notification;
import io.watchgate.jsonrpc.RequestId;
import io.watchgate.jsonrpc.Response;
import io.watchgate.testkit.FixtureHttpServer;
import io.watchgate.testkit.RawHttp;
import io.watchgate.testkit.TestClient;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What clients hand in that is none of theirs: it gets the error that the specification names, or
/// none where it names none, is counted once, and the server sees nothing of it.
@Timeout(120)
@SuppressWarnings("NullAway.Init") // JUnit fills the fields
class ForeignInputTest {
  private static final String CLAIM =
      "\"_meta\":{\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\","
          + "\"io.modelcontextprotocol/clientCapabilities\":{}}";

  private FixtureHttpServer server;
  private GatewayContext context;
  private TestClient client;
  private RawHttp http;
  private int port;
  private int seen;

  @BeforeEach
  void start() throws Exception {
    server = FixtureHttpServer.start();
    context = GatewayContext.with(remote("web", server.uri())).start();
    client = context.client("{\"elicitation\":{}}");
    echo("before");
    port = context.http();
    http = RawHttp.connect(port);
    seen = server.requests().size();
  }

  @AfterEach
  void stop() throws Exception {
    http.close();
    context.close();
    server.close();
  }

  private void echo(String text) {
    assertThat(client.text("web__echo", Json.object("text", text))).isEqualTo(text);
  }

  /// Counted once and as nothing else, and what comes behind it is the next that the server sees.
  private void assertRefused(Kind kind) {
    var refusals = context.gateway().terms().refusals();
    await().until(() -> refusals.count(kind) == 1);
    assertThat(refusals.counts().values().stream().mapToLong(Long::longValue).sum()).isEqualTo(1);
    echo("behind");
    var came = server.requests().stream().skip(seen).map(FixtureHttpServer.Request::body).toList();
    assertThat(came).noneMatch(body -> body.contains("forged"));
    assertThat(came.stream().filter(body -> !body.isEmpty() && !isOfTheGateway(body)))
        .singleElement(InstanceOfAssertFactories.STRING)
        .contains("behind");
  }

  /// What the gateway asks a server by itself.
  private static boolean isOfTheGateway(String body) {
    return Stream.of("initialize", "discover", "/list\"", "\"ping\"").anyMatch(body::contains);
  }

  private void assertInvalidParams(Response response) {
    assertThat(response.errorCode()).isEqualTo(-32602);
    assertThat(response.error().orElseThrow().toString()).contains("\"reason\":\"invalid_params\"");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"tools/list", "prompts/list", "resources/list", "resources/templates/list"})
  void cursorFromElsewhereIsRefused(String method) {
    assertInvalidParams(client.request(method, Json.object("cursor", "forged")));
    assertRefused(Kind.CURSOR);
  }

  @Test
  void progressOnNothingIsIgnored() {
    client.send(
        Notification.of(
            "notifications/progress", Json.object("progressToken", "forged", "progress", 1)));
    assertRefused(Kind.PROGRESS_TOKEN);
  }

  @Test
  void cancellationOfNothingIsIgnored() {
    client.send(Notification.of("notifications/cancelled", Json.object("requestId", "forged")));
    assertRefused(Kind.CANCELLATION);
  }

  @ParameterizedTest
  @ValueSource(strings = {"notifications/resources/updated", "notifications/roots/list_changed"})
  void notificationAsOfAListenIsIgnored(String method) {
    var meta = Json.object("io.modelcontextprotocol/subscriptionId", 7);
    client.send(Notification.of(method, Json.object("uri", "file:///forged", "_meta", meta)));
    assertRefused(Kind.SUBSCRIPTION_ID);
  }

  @Test
  void answerToNothingIsIgnored() {
    client.send(Response.success(new RequestId("\"forged\""), Json.object("forged", true)));
    assertRefused(Kind.ANSWER);
  }

  @Test
  void secondAnswerIsIgnored() {
    var given = new AtomicReference<Response>();
    client.onAsk(request -> {
      given.set(Response.success(request.id(), Json.object("action", "decline", "forged", true)));
      return given.get();
    });
    assertThat(client.call("web__elicit", Json.object("message", "Well?")).result()).isPresent();
    seen = server.requests().size();
    client.send(given.get());
    assertRefused(Kind.ANSWER);
  }

  private RawHttp.Answer post(String path, String body, String... headers) throws Exception {
    var all = new ArrayList<>(List.of("Content-Type: application/json"));
    all.add("Accept: application/json, text/event-stream");
    all.addAll(List.of(headers));
    return http.request("POST", path, body, all.toArray(String[]::new)).read();
  }

  private static String[] stateless(String... headers) {
    var all = new ArrayList<>(List.of("MCP-Protocol-Version: 2026-07-28"));
    all.addAll(List.of(headers));
    return all.toArray(String[]::new);
  }

  private static String call(String members) {
    return """
    {"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"web__echo",\
    "arguments":{"text":"forged"},%s%s}}\
    """
        .formatted(members, CLAIM);
  }

  @ParameterizedTest
  @ValueSource(strings = {"forged", "", "0123456789abcdef"})
  void sessionIdThatIsForgedIsRefused(String id) throws Exception {
    var answer = post("/mcp", call("").replace(CLAIM, "\"x\":1"), "Mcp-Session-Id: " + id);
    assertThat(answer.status()).isEqualTo(404);
    assertThat(answer.body()).contains("session_not_found");
    assertRefused(Kind.SESSION_ID);
  }

  @Test
  void sessionIdOfTheOldTransportThatIsForgedIsRefused() throws Exception {
    var answer = post("/messages?sessionId=forged", call(""));
    assertThat(answer.status()).isEqualTo(404);
    assertRefused(Kind.SESSION_ID);
  }

  @Test
  void eventThatIsForgedIsRefused() throws Exception {
    var greeting =
        post(
            "/mcp",
            """
            {"jsonrpc":"2.0","id":0,"method":"initialize","params":{\
            "protocolVersion":"2025-11-25","capabilities":{}}}\
            """);
    var session = "Mcp-Session-Id: " + greeting.header("Mcp-Session-Id");
    var accept = "Accept: text/event-stream";
    var answer = http.request("GET", "/mcp", "", accept, session, "Last-Event-ID: forged").read();
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.body()).contains("unknown_event");
    assertRefused(Kind.EVENT_ID);
  }

  @ParameterizedTest
  @CsvSource({
    "MCP-Protocol-Version: 2025-11-25, Mcp-Method: tools/call, Mcp-Name: web__echo",
    "MCP-Protocol-Version: 2026-07-28, Mcp-Method: tools/list, Mcp-Name: web__echo",
    "MCP-Protocol-Version: 2026-07-28, Mcp-Method: tools/call, Mcp-Name: web__sleep"
  })
  void headersThatDisagreeWithTheBodyAreRefused(String version, String method, String name)
      throws Exception {
    var answer = post("/mcp", call(""), version, method, name);
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.body()).contains("-32020", "header_mismatch");
    assertRefused(Kind.HEADERS);
  }

  @Test
  void requestStateThatIsForgedIsRefused() throws Exception {
    var answer =
        post(
            "/mcp",
            call("\"requestState\":\"forged\","),
            stateless("Mcp-Method: tools/call", "Mcp-Name: web__echo"));
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body()).contains("-32602", "requestState is not valid");
    assertRefused(Kind.REQUEST_STATE);
  }

  @Test
  void answerOfAClientThatIsNeverAskedIsRefused() throws Exception {
    var answer = post("/mcp", "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}", stateless());
    assertThat(answer.status()).isEqualTo(400);
    assertRefused(Kind.ANSWER);
  }

  @ParameterizedTest
  @CsvSource({
    "notifications/progress, PROGRESS_TOKEN, true",
    "notifications/progress, PROGRESS_TOKEN, false",
    "notifications/cancelled, CANCELLATION, true",
    "notifications/cancelled, CANCELLATION, false",
  })
  void statelessNotificationOfNothingIsIgnored(String method, Kind kind, boolean claimed)
      throws Exception {
    var body =
        """
        {"jsonrpc":"2.0","method":"%s","params":{"progressToken":"forged","requestId":"forged"%s}}\
        """
            .formatted(method, claimed ? "," + CLAIM : "");
    assertThat(post("/mcp", body, stateless("Mcp-Method: " + method)).status()).isEqualTo(202);
    assertRefused(kind);
  }
}
