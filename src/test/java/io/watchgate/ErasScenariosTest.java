package io.watchgate;

import static io.watchgate.GatewayContext.command;
import static io.watchgate.GatewayContext.remote;
import static io.watchgate.StatelessCaller.EVERYTHING;
import static io.watchgate.StatelessCaller.tool;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.watchgate.everything.EverythingProcess;
import io.watchgate.jsonrpc.Field;
import io.watchgate.jsonrpc.Json;
import io.watchgate.jsonrpc.Notification;
import io.watchgate.jsonrpc.Response;
import io.watchgate.testkit.TestClient;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Clients of both eras before one server of each, over both transports: `old` opens sessions,
/// `new` does not.
@Timeout(120)
@SuppressWarnings("NullAway.Init") // JUnit fills the fields
class ErasScenariosTest {
  private static final Map<String, GatewayContext> GATEWAYS = new HashMap<>();
  private static final Map<String, StatelessCaller> CALLERS = new HashMap<>();
  private static final List<EverythingProcess> PROCESSES = new ArrayList<>();
  private static final Json NOTHING = Json.EMPTY_OBJECT;
  private static final Json WATCHED = Json.object("uri", "test://watched-resource");

  private final List<TestClient> clients = new ArrayList<>();

  @BeforeAll
  static void start() throws Exception {
    var children =
        GatewayContext.with(
            command("old", EverythingProcess.command("--era", "legacy")),
            command("new", EverythingProcess.command("--era", "modern")));
    GATEWAYS.put("stdio", children.start());
    var old = EverythingProcess.start("--era", "legacy", "--transport", "http");
    PROCESSES.add(old);
    var modern = EverythingProcess.start("--era", "modern", "--transport", "http");
    PROCESSES.add(modern);
    GATEWAYS.put(
        "http", GatewayContext.with(remote("old", old.uri()), remote("new", modern.uri())).start());
    GATEWAYS.forEach((wire, gateway) -> CALLERS.put(wire, new StatelessCaller(gateway.connect())));
  }

  @AfterAll
  static void stop() {
    GATEWAYS.values().forEach(GatewayContext::close);
    PROCESSES.forEach(EverythingProcess::close);
  }

  private static GatewayContext gateway(String wire) {
    return java.util.Objects.requireNonNull(GATEWAYS.get(wire));
  }

  private static StatelessCaller caller(String wire) {
    return java.util.Objects.requireNonNull(CALLERS.get(wire));
  }

  private TestClient session(String wire) {
    var client = gateway(wire).client(EVERYTHING);
    clients.add(client);
    client.onAsk(request ->
        Response.success(
            request.id(),
            StatelessCaller.friendly(
                request.method(), request.field(Field.PARAMS).orElse(NOTHING))));
    return client;
  }

  @BeforeEach
  void forget() {
    CALLERS.values().forEach(caller -> caller.lines().notifications().clear());
  }

  @AfterEach
  void nothingIsLeft() {
    clients.forEach(TestClient::close);
    GATEWAYS
        .values()
        .forEach(gateway -> {
          await().until(() -> gateway.inFlight() == 0);
          assertThat(gateway.gateway().parked()).isZero();
        });
    CALLERS.values().forEach(caller -> assertThat(caller.lines().strays()).isZero());
  }

  private static Json result(Response response) {
    return response.result().orElseThrow(() -> new AssertionError("" + response.toJson()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"stdio", "http"})
  void sessionCallsAServerWithoutSessions(String wire) {
    var client = session(wire);
    var called = result(client.call("new__test_simple_text", NOTHING));
    assertThat(called.toString()).contains("simple text").doesNotContain("resultType");
    var read = result(client.request("resources/read", Json.object("uri", "test://static-text")));
    assertThat(read.toString()).contains("static text").doesNotContain("ttlMs", "cacheScope");
    var unknown = client.request("resources/read", Json.object("uri", "test://none"));
    assertThat(unknown.errorCode()).isEqualTo(-32002);
    assertThat(completion(client.request("completion/complete", reference("new")))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"stdio", "http"})
  void statelessClientCallsAServerWithSessions(String wire) {
    var caller = caller(wire);
    var called = result(caller.request("tools/call", tool("old__test_simple_text", NOTHING)));
    assertThat(called.textMember("resultType")).contains("complete");
    assertThat(called.toString()).contains("simple text");
    var read = result(caller.request("resources/read", Json.object("uri", "test://static-text")));
    assertThat(read.members()).extracting(Json.Member::key).contains("resultType", "ttlMs");
    var unknown = caller.request("resources/read", Json.object("uri", "test://none"));
    assertThat(unknown.errorCode()).isEqualTo(-32602);
    assertThat(completion(caller.request("completion/complete", reference("old")))).isTrue();
    var tools = result(caller.request("tools/list", NOTHING)).toString();
    assertThat(tools).contains("old__slow_compute").doesNotContain("execution", "old__failing_job");
  }

  private static Json reference(String server) {
    return Json.trusted(
        """
        {"ref":{"type":"ref/prompt","name":"%s__test_simple_prompt"},\
        "argument":{"name":"a","value":"b"}}\
        """
            .formatted(server));
  }

  private static boolean completion(Response response) {
    return result(response).member("completion").isPresent();
  }

  private static Stream<String> questions() {
    return Stream.of(
        "elicitation: Hello, Ann!",
        "sampling: sampled",
        "list_roots: Client roots: file:///here",
        "request_state: state-ok: accept",
        "multiple_inputs: Ann says: sampled (roots: file:///here)",
        "multi_round: Ann likes red");
  }

  @ParameterizedTest
  @ValueSource(strings = {"stdio", "http"})
  void sessionIsAskedWhatAServerWithoutSessionsWantsToKnow(String wire) {
    var client = session(wire);
    questions()
        .forEach(question -> {
          var parts = question.split(": ", 2);
          assertThat(client.text("new__test_input_required_result_" + parts[0], NOTHING))
              .isEqualTo(parts[1]);
        });
    var prompt = Json.object("name", "new__test_input_required_result_prompt");
    assertThat(result(client.request("prompts/get", prompt)).toString()).contains("context: here");
  }

  @ParameterizedTest
  @ValueSource(strings = {"stdio", "http"})
  void statelessClientIsAskedWhatAServerWithSessionsWantsToKnow(String wire) {
    var caller = caller(wire);
    questions()
        .forEach(question -> {
          var parts = question.split(": ", 2);
          var tool = "old__test_input_required_result_" + parts[0];
          assertThat(caller.text(tool, NOTHING, StatelessCaller::friendly)).isEqualTo(parts[1]);
        });
    var prompt = Json.object("name", "old__test_input_required_result_prompt");
    var got = caller.finish("prompts/get", prompt, StatelessCaller::friendly);
    assertThat(result(got).toString()).contains("context: here");
  }

  @ParameterizedTest
  @ValueSource(strings = {"stdio", "http"})
  void whatAClientDidNotDeclareItIsNotAskedFor(String wire) {
    var client = gateway(wire).client("{\"roots\":{}}");
    clients.add(client);
    var failed = result(client.call("new__test_sampling", Json.object("prompt", "x")));
    assertThat(failed.member("isError").orElseThrow().isTrue()).isTrue();
    var caller = new StatelessCaller(caller(wire).lines(), "{\"roots\":{}}", "");
    var refused = caller.request("tools/call", tool("old__test_missing_capability", NOTHING));
    assertThat(refused.errorCode()).isEqualTo(-32021);
    assertThat(refused.toJson().toString()).contains("\"requiredCapabilities\":{\"sampling\":{}}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"stdio", "http"})
  void progressReachesItsCallAcrossTheEras(String wire) {
    var client = session(wire);
    var params =
        tool("new__test_tool_with_progress", NOTHING)
            .plus("_meta", Json.object("progressToken", "mine"));
    var _ = result(client.request("tools/call", params));
    assertThat(progress(client, "mine")).containsExactly("0", "50", "100");
    var caller = caller(wire).with("\"progressToken\":7");
    var _ = result(caller.request("tools/call", tool("old__test_tool_with_progress", NOTHING)));
    assertThat(progress(caller.lines(), "7")).containsExactly("0", "50", "100");
  }

  private static List<String> progress(TestClient client, String token) {
    var told = new ArrayList<Notification>();
    client.notifications().drainTo(told);
    return told.stream()
        .filter(each -> each.method().equals("notifications/progress"))
        .map(each -> each.field(Field.PARAMS).orElseThrow())
        .peek(each ->
            assertThat(each.member("progressToken").orElseThrow().toString().replace("\"", ""))
                .isEqualTo(token))
        .map(each -> each.member("progress").orElseThrow().toString())
        .toList();
  }

  @ParameterizedTest
  @ValueSource(strings = {"stdio", "http"})
  void logsAreHeardByThoseWhoWantThemAcrossTheEras(String wire) {
    var client = session(wire);
    var _ = result(client.request("logging/setLevel", Json.object("level", "error")));
    var _ = result(client.call("new__test_tool_with_logging", NOTHING));
    assertThat(logs(client)).isZero();
    var _ = result(client.request("logging/setLevel", Json.object("level", "debug")));
    var _ = result(client.call("new__test_tool_with_logging", NOTHING));
    assertThat(logs(client)).isEqualTo(3);
    var caller = caller(wire);
    var curious = caller.with("\"io.modelcontextprotocol/logLevel\":\"info\"");
    var _ = result(curious.request("tools/call", tool("old__test_tool_with_logging", NOTHING)));
    assertThat(logs(caller.lines())).isEqualTo(3);
    var _ = result(caller.request("tools/call", tool("old__test_tool_with_logging", NOTHING)));
    assertThat(logs(caller.lines())).isZero();
  }

  private static long logs(TestClient client) {
    var told = new ArrayList<Notification>();
    client.notifications().drainTo(told);
    return told.stream().filter(each -> each.method().equals("notifications/message")).count();
  }

  @ParameterizedTest
  @ValueSource(strings = {"stdio", "http"})
  void sessionHearsOfChangesOfAServerWithoutSessions(String wire) {
    var client = session(wire);
    var _ = result(client.request("tools/list", NOTHING));
    var watched = onlyOf(client, "new");
    assertThat(client.request("resources/subscribe", watched).result()).isPresent();
    var _ = result(client.call("new__touch_watched_resource", NOTHING));
    var updated = client.awaitNotification("notifications/resources/updated");
    assertThat(updated.field(Field.URI)).isEqualTo(watched.member("uri"));
    var _ = result(client.call("new__test_trigger_tool_change", NOTHING));
    var _ = client.awaitNotification("notifications/tools/list_changed");
    assertThat(result(client.request("tools/list", NOTHING)).toString())
        .contains("new__test_coming_tool");
    var _ = result(client.call("new__test_trigger_tool_change", NOTHING));
  }

  /// The watched resource of one server, as it is in the joint list.
  private static Json onlyOf(TestClient client, String server) {
    var uris =
        result(client.request("resources/list", NOTHING))
            .member("resources")
            .orElseThrow()
            .elements()
            .stream()
            .map(resource -> resource.textMember("uri").orElseThrow())
            .filter(uri -> uri.contains("watched"))
            .toList();
    assertThat(uris).hasSize(2);
    return server.equals("old") ? WATCHED : Json.object("uri", uris.getLast());
  }

  @ParameterizedTest
  @ValueSource(strings = {"stdio", "http"})
  void statelessClientHearsOfChangesOfAServerWithSessions(String wire) {
    var caller = caller(wire);
    var _ = result(caller.request("tools/list", NOTHING));
    var listening =
        caller.start(
            "subscriptions/listen",
            Json.trusted(
                """
                {"notifications":{"toolsListChanged":true,\
                "resourceSubscriptions":["test://watched-resource"]}}\
                """));
    var lines = caller.lines();
    var acknowledged = lines.awaitNotification("notifications/subscriptions/acknowledged");
    assertThat(new String(acknowledged.toBytes(), java.nio.charset.StandardCharsets.UTF_8))
        .contains("test://watched-resource");
    var subscription = acknowledged.field(Field.META_SUBSCRIPTION_ID).orElseThrow();
    var _ = result(caller.request("tools/call", tool("old__touch_watched_resource", NOTHING)));
    var updated = lines.awaitNotification("notifications/resources/updated");
    assertThat(updated.field(Field.META_SUBSCRIPTION_ID)).contains(subscription);
    var _ = result(caller.request("tools/call", tool("old__test_trigger_tool_change", NOTHING)));
    var _ = lines.awaitNotification("notifications/tools/list_changed");
    assertThat(result(caller.request("tools/list", NOTHING)).toString())
        .contains("old__test_coming_tool");
    var _ = result(caller.request("tools/call", tool("old__test_trigger_tool_change", NOTHING)));
    lines.send(Notification.of("notifications/cancelled", Json.object("requestId", subscription)));
    var _ = result(caller.request("tools/call", tool("old__test_simple_text", NOTHING)));
    assertThat(listening).isNotDone();
  }

  @ParameterizedTest
  @ValueSource(strings = {"stdio", "http"})
  void cancellationReachesTheServerAcrossTheEras(String wire) {
    var client = session(wire);
    var slow = Json.object("seconds", 1000);
    var _ = result(client.call("new__greet", Json.object("name", "warm")));
    var doomed = client.start("new__slow_compute", slow);
    await().until(() -> gateway(wire).upstream("new").inFlight() == 1);
    client.send(Notification.of("notifications/cancelled", Json.object("requestId", 3)));
    await().until(() -> gateway(wire).upstream("new").inFlight() == 0);
    assertThat(doomed).isNotDone();

    var caller = caller(wire);
    var id = new io.watchgate.jsonrpc.RequestId("\"doomed\"");
    var params =
        tool("old__slow_compute", slow).plus("_meta", StatelessCaller.claim(EVERYTHING, ""));
    var other = caller.lines().send(io.watchgate.jsonrpc.Request.of(id, "tools/call", params));
    await().until(() -> gateway(wire).upstream("old").inFlight() == 1);
    caller
        .lines()
        .send(Notification.of("notifications/cancelled", Json.object("requestId", "doomed")));
    await().until(() -> gateway(wire).upstream("old").inFlight() == 0);
    assertThat(other).isNotDone();
  }

  @ParameterizedTest
  @ValueSource(strings = {"stdio", "http"})
  void callsOfBothErasToBothErasKeepTheirAnswersApart(String wire) {
    var client = session(wire);
    var caller = caller(wire);
    var answers = new HashMap<String, CompletableFuture<Response>>();
    for (int i = 0; i < 20; i++) {
      for (var server : List.of("old", "new")) {
        var one = Json.object("name", "session-" + server + i);
        answers.put("session-" + server + i, client.start(server + "__greet", one));
        var two = Json.object("name", "stateless-" + server + i);
        answers.put(
            "stateless-" + server + i, caller.start("tools/call", tool(server + "__greet", two)));
      }
    }
    answers.forEach((name, answer) ->
        assertThat(TestClient.text(TestClient.await(answer))).isEqualTo("Hello, " + name + "!"));
    assertThat(client.strays()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"http"})
  void questionsOfManyCallsAtOnceReachTheirOwnCallers(String wire) {
    var client = session(wire);
    var caller = caller(wire);
    var asked = new HashMap<String, CompletableFuture<Response>>();
    var asking = new HashMap<String, CompletableFuture<Response>>();
    for (int i = 0; i < 20; i++) {
      asked.put("s" + i, client.start("new__test_elicitation", Json.object("message", "s" + i)));
      asking.put("q" + i, caller.start("tools/call", asking("q" + i)));
    }
    var answers = new HashMap<>(asked);
    asking.forEach((message, question) -> {
      var response = TestClient.await(question);
      assertThat(response.toJson().toString()).contains("\"message\":\"" + message + "\"");
      var retry = StatelessCaller.answered(asking(message), response, StatelessCaller::friendly);
      answers.put(message, caller.start("tools/call", retry));
    });
    answers.forEach((message, answer) ->
        assertThat(TestClient.text(TestClient.await(answer)))
            .contains("action=accept", "\"username\":\"" + message + "\""));
  }

  private static Json asking(String message) {
    return tool("old__test_elicitation", Json.object("message", message));
  }
}
