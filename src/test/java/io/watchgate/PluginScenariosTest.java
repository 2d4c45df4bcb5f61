package io.watchgate;

import static io.watchgate.GatewayContext.server;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.watchgate.hosting.PluginSettings.Terms;
import io.watchgate.jsonrpc.Json;
import io.watchgate.jsonrpc.Limits;
import io.watchgate.jsonrpc.MalformedMessage;
import io.watchgate.jsonrpc.Notification;
import io.watchgate.jsonrpc.Response;
import io.watchgate.plugin.Content;
import io.watchgate.plugin.Exchange;
import io.watchgate.plugin.Plugin;
import io.watchgate.plugin.Verdict;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What plugins make of messages, through the whole gateway.
class PluginScenariosTest {
  private static final Json PASSWORD = Json.object("text", "the password is swordfish");

  /// Hides a word, wherever it is said.
  private static final class Hiding implements Plugin {
    private final String word;
    private final List<String> seen = new CopyOnWriteArrayList<>();

    Hiding(String word) {
      this.word = word;
    }

    private Verdict judge(Exchange exchange, Content content) {
      seen.add(exchange.direction() + " " + exchange.method() + " " + content.kind());
      var text = content.json().toString();
      return text.contains(word)
          ? new Verdict.Replace(json(text.replace(word, "…")), "hid a word")
          : Verdict.PASS;
    }

    @Override
    public Verdict onRequest(Exchange exchange, Content params) {
      return judge(exchange, params);
    }

    @Override
    public Verdict onResponse(Exchange exchange, Content answer) {
      return judge(exchange, answer);
    }

    @Override
    public Verdict onNotification(Exchange exchange, Content params) {
      return judge(exchange, params);
    }

    @Override
    public Verdict onServerRequest(Exchange exchange, Content params) {
      return judge(exchange, params);
    }
  }

  private static Json json(String text) {
    try {
      return Json.parse(text.getBytes(StandardCharsets.UTF_8), Limits.DEFAULT);
    } catch (MalformedMessage e) {
      throw new AssertionError(e);
    }
  }

  /// A plugin that judges requests for calls only.
  @FunctionalInterface
  interface OnCall extends Plugin {
    Verdict judge(Exchange exchange, Content params) throws InterruptedException;

    @Override
    default Verdict onRequest(Exchange exchange, Content params) throws InterruptedException {
      return exchange.method().equals("tools/call") ? judge(exchange, params) : Verdict.PASS;
    }
  }

  private static Terms terms(int priority, boolean isCritical) {
    return new Terms(true, priority, isCritical, Optional.empty());
  }

  @Test
  void whatAPluginReplacesIsWhatTheServerGets() {
    try (var context = GatewayContext.with(server("a")).plugin("hide", asksOnly()).start()) {
      assertThat(context.client().text("a__echo", PASSWORD)).isEqualTo("the password is …");
    }
  }

  private static OnCall asksOnly() {
    return (_, params) ->
        new Verdict.Replace(json(params.json().toString().replace("swordfish", "…")), "hid it");
  }

  @Test
  void whatNobodyChangedKeepsItsBytes() {
    var hide = new Hiding("swordfish");
    var odd = "{ \"text\" : \"\\u0078\" , \"n\":1E400, \"z\": -0.0 }";
    try (var context = GatewayContext.with(server("a")).plugin("hide", hide).start()) {
      assertThat(context.client().text("a__raw", json(odd))).contains(odd);
    }
  }

  @Test
  void aBlockedCallNeverReachesTheServerAndSaysByWhom() {
    var first = new AtomicBoolean(true);
    OnCall block =
        (exchange, _) ->
            exchange.name().equals(Optional.of("count")) && first.getAndSet(false)
                ? new Verdict.Block("counting is not allowed")
                : Verdict.PASS;
    try (var context = GatewayContext.with(server("a")).plugin("no_count", block).start()) {
      var client = context.client();
      var refused = client.call("a__count", Json.EMPTY_OBJECT);
      assertThat(refused.errorCode()).isEqualTo(-32000);
      assertThat(refused.errorMessage())
          .isEqualTo("blocked by plugin \"no_count\": counting is not allowed");
      assertThat(refused.error().orElseThrow().member("data").orElseThrow())
          .hasToString("{\"reason\":\"blocked\",\"plugin\":\"no_count\",\"server\":\"a\"}");
      assertThat(client.text("a__count", Json.EMPTY_OBJECT)).contains("\"calls\":1,");
    }
  }

  @Test
  void eachPluginSeesWhatTheOneBeforeItMade() {
    OnCall second = (_, params) -> new Verdict.Replace(said(params, "+second"), "");
    OnCall first = (_, params) -> new Verdict.Replace(said(params, "+first"), "");
    try (var context =
        GatewayContext.with(server("a"))
            .plugin("second", terms(60, true), second)
            .plugin("first", terms(40, true), first)
            .start()) {
      assertThat(context.client().text("a__echo", Json.object("text", "said")))
          .isEqualTo("said+first+second");
    }
  }

  private static Json said(Content params, String more) {
    var arguments = params.json().member("arguments").orElseThrow();
    var text = arguments.textMember("text").orElseThrow() + more;
    return params.json().with("arguments", arguments.with("text", Json.string(text)));
  }

  @Test
  void aBlockIsFinalWhateverFollows() {
    var asked = new CopyOnWriteArrayList<String>();
    OnCall block = (_, _) -> new Verdict.Block("no");
    OnCall after =
        (exchange, _) -> {
          asked.add(exchange.method());
          return new Verdict.Complete(Content.result(Json.EMPTY_OBJECT), "yes");
        };
    try (var context =
        GatewayContext.with(server("a"))
            .plugin("block", terms(10, true), block)
            .plugin("after", terms(90, true), after)
            .start()) {
      assertThat(context.client().call("a__echo", PASSWORD).errorCode()).isEqualTo(-32000);
      assertThat(asked).isEmpty();
    }
  }

  static Stream<OnCall> thoseThatDoNotJudge() {
    return Stream.of(
        (_, _) -> {
          throw new IllegalStateException("swordfish");
        },
        (_, _) -> new Verdict.Replace(Json.string("no object"), ""),
        (_, _) -> new Verdict.Replace(Json.trusted("{\"broken\":"), ""),
        (_, params) -> new Verdict.Complete(params, "parameters are no answer"),
        (exchange, params) -> exchange.elapsed().isNegative() ? Verdict.PASS : recurse(params));
  }

  @SuppressWarnings("InfiniteRecursion") // that is what is wrong with it
  private static Verdict recurse(Content params) {
    return recurse(new Content(params.kind(), params.json()));
  }

  @ParameterizedTest
  @MethodSource("thoseThatDoNotJudge")
  void aCriticalPluginThatDoesNotJudgeRefusesTheMessage(OnCall broken) {
    try (var context = GatewayContext.with(server("a")).plugin("broken", broken).start()) {
      var refused = context.client().call("a__echo", PASSWORD);
      assertThat(refused.errorCode()).isEqualTo(-32603);
      assertThat(refused.error().orElseThrow().toString())
          .contains("plugin_failed", "\"plugin\":\"broken\"", "\"server\":\"a\"")
          .doesNotContain("swordfish");
    }
  }

  @ParameterizedTest
  @MethodSource("thoseThatDoNotJudge")
  void onePassedOverKeepsNothingFromThoseAfterIt(OnCall broken) {
    try (var context =
        GatewayContext.with(server("a"))
            .plugin("broken", terms(10, false), broken)
            .plugin("hide", terms(90, true), asksOnly())
            .start()) {
      assertThat(context.client().text("a__echo", PASSWORD)).isEqualTo("the password is …");
    }
  }

  @Test
  void aPluginOfOthersThatNeverReturnsRefusesTheMessageInTime() {
    var never = new CountDownLatch(1);
    OnCall hanging =
        (_, _) -> {
          while (true) {
            try {
              never.await();
            } catch (InterruptedException _) {
              // goes on, as bad code would
            }
          }
        };
    var brief = new Terms(true, 50, true, Optional.of(Duration.ofMillis(200)));
    try (var context = GatewayContext.with(server("a")).plugin("hang", brief, hanging).start()) {
      var refused = context.client().call("a__echo", PASSWORD);
      assertThat(refused.errorMessage()).contains("\"hang\"", "longer than 200 ms");
      assertThat(context.inFlight()).isZero();
    }
  }

  @Test
  void aCompletedCallIsAnsweredWithoutTheServer() {
    var answer = Json.object("content", Json.array(List.of()), "isError", false);
    OnCall complete = (_, _) -> new Verdict.Complete(Content.result(answer), "known");
    try (var context = GatewayContext.with(server("a")).plugin("known", complete).start()) {
      var client = context.client();
      assertThat(client.call("a__hang", Json.EMPTY_OBJECT).result()).contains(answer);
    }
  }

  @Test
  void whatAPluginAnswersIsJudgedByTheOthers() {
    var answer = Json.object("content", Json.array(List.of()), "note", "swordfish");
    OnCall complete = (_, _) -> new Verdict.Complete(Content.result(answer), "known");
    try (var context =
        GatewayContext.with(server("a"))
            .plugin("known", terms(10, true), complete)
            .plugin("hide", terms(90, true), new Hiding("swordfish"))
            .start()) {
      var result = context.client().call("a__echo", PASSWORD).result().orElseThrow();
      assertThat(result.textMember("note")).contains("…");
    }
  }

  @Test
  void nothingPassesUnseenWhicheverWayItGoes() {
    var hide = new Hiding("fixture");
    try (var context = GatewayContext.with(server("a"), server("b")).plugin("hide", hide).start()) {
      var client = context.client("{\"elicitation\":{},\"sampling\":{},\"roots\":{}}");
      client.onAsk(request ->
          Response.success(request.id(), Json.object("action", "decline", "note", "fixture")));
      client.request("logging/setLevel", Json.object("level", "debug"));

      var lists = client.request("resources/list", Json.EMPTY_OBJECT).toJson().toString();
      assertThat(lists).doesNotContain("fixture").contains("…://");
      var log = Json.object("level", "error", "text", "of the fixture");
      assertThat(client.text("a__log", log)).isEqualTo("logged");
      assertThat(client.awaitNotification("notifications/message").toBytes())
          .asString()
          .contains("of the …")
          .doesNotContain("fixture");
      var failing = Json.object("code", -32050, "message", "the fixture is broken");
      assertThat(client.call("a__error", failing).errorMessage()).isEqualTo("the … is broken");
      client.call("a__elicit", Json.object("message", "Who is the fixture?"));
      client.request("prompts/get", Json.object("name", "a__plain"));
      client.request("resources/templates/list", Json.EMPTY_OBJECT);
      assertThat(hide.seen)
          .contains(
              "TO_SERVER tools/list PARAMS",
              "TO_CLIENT tools/list RESULT",
              "TO_SERVER tools/call PARAMS",
              "TO_CLIENT tools/call ERROR",
              "TO_SERVER prompts/get PARAMS",
              "TO_CLIENT prompts/get RESULT",
              "TO_SERVER logging/setLevel PARAMS",
              "TO_CLIENT notifications/message PARAMS",
              "TO_CLIENT elicitation/create PARAMS",
              "TO_SERVER elicitation/create RESULT");
    }
  }

  @Test
  void whatIsSaidBeforeAnAnswerComesBeforeIt() {
    try (var context =
        GatewayContext.with(server("a")).plugin("hide", new Hiding("step ")).start()) {
      var client = context.client();
      var call =
          Json.object(
              "name", "a__progress",
              "arguments", Json.object("steps", 20),
              "_meta", Json.object("progressToken", "t"));
      assertThat(client.request("tools/call", call).result()).isPresent();
      assertThat(client.notifications().stream().filter(PluginScenariosTest::isProgress))
          .hasSize(20)
          .allSatisfy(told ->
              assertThat(new String(told.toBytes(), StandardCharsets.UTF_8))
                  .contains("\"message\":\"…"));
    }
  }

  /// A list that was read late is told of too.
  private static boolean isProgress(Notification told) {
    return told.method().equals("notifications/progress");
  }

  @Test
  void whyAServerIsNotThereIsJudgedToo() {
    var dying = server("a", "--exit", "7").restart(0, Duration.ofMillis(10));
    try (var context = GatewayContext.with(dying).plugin("hide", new Hiding("status")).start()) {
      var refused = context.client().call("a__echo", PASSWORD);
      assertThat(refused.errorCode()).isEqualTo(-32003);
      assertThat(refused.errorMessage()).contains("exited with … 7");
    }
  }

  @Test
  void aPluginMayAskTheClient() {
    OnCall approval =
        (exchange, _) -> {
          var asked = Json.object("message", "May it?", "requestedSchema", Json.EMPTY_OBJECT);
          var answer = exchange.ask("elicitation/create", asked, Duration.ofSeconds(10));
          return answer.flatMap(a -> a.textMember("action")).equals(Optional.of("accept"))
              ? Verdict.PASS
              : new Verdict.Block("nobody said yes");
        };
    try (var context = GatewayContext.with(server("a")).plugin("ask", approval).start()) {
      var silent = context.client();
      assertThat(silent.call("a__echo", PASSWORD).errorMessage()).contains("nobody said yes");
      var client = context.client("{\"elicitation\":{}}");
      client.onAsk(request -> Response.success(request.id(), Json.object("action", "accept")));
      assertThat(client.text("a__echo", PASSWORD)).contains("swordfish");
    }
  }

  @Test
  void anotherPolicyIsAnotherList() {
    OnCall nothing = (_, _) -> Verdict.PASS;
    try (var context = GatewayContext.with(server("a")).plugin("none", nothing).start()) {
      var client = context.client();
      assertThat(client.request("tools/list", Json.EMPTY_OBJECT).toJson().toString())
          .contains("Returns what it got");
      context.plugin("hide", new Hiding("Returns what it got"));
      context.reload(server("a"));
      client.awaitNotification("notifications/tools/list_changed");
      await()
          .untilAsserted(() ->
              assertThat(client.request("tools/list", Json.EMPTY_OBJECT).toJson().toString())
                  .doesNotContain("Returns what it got"));
    }
  }
}
