package io.watchgate.routing;

import static org.assertj.core.api.Assertions.assertThat;

import io.watchgate.flow.Client;
import io.watchgate.flow.GatewayClient;
import io.watchgate.flow.Handler;
import io.watchgate.flow.Rejection;
import io.watchgate.flow.Rejection.InvalidParams;
import io.watchgate.flow.Rejection.Reach;
import io.watchgate.flow.Rejection.Unavailable;
import io.watchgate.flow.Session;
import io.watchgate.jsonrpc.Json;
import io.watchgate.jsonrpc.Notification;
import io.watchgate.jsonrpc.Request;
import io.watchgate.jsonrpc.Response;
import io.watchgate.mcp.ListKind;
import io.watchgate.routing.Switchboard.Place;
import io.watchgate.testkit.RecordingSession;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Where calls go, under which names, and what comes back.
@Timeout(60)
class RouterTest {
  private final FakeServer one =
      new FakeServer("one")
          .tools("read", "a__b")
          .list(ListKind.PROMPTS, "greet")
          .list(ListKind.RESOURCES, "x://one", "x://both")
          .list(ListKind.TEMPLATES, "x://one/{id}");
  private final FakeServer two =
      new FakeServer("two")
          .tools("write")
          .list(ListKind.PROMPTS, "greet")
          .list(ListKind.RESOURCES, "x://both", "x://two")
          .list(ListKind.TEMPLATES, "x://two/{id}");
  private final RouterContext context = new RouterContext(one, two);

  @Test
  void toolReachesItsServerUnderItsOwnName() throws Exception {
    assertThat(context.result("tools/call", "{\"name\":\"one__a__b\",\"arguments\":{\"k\": 1.0}}"))
        .contains("\"server\":\"one\"", "{\"name\":\"a__b\",\"arguments\":{\"k\": 1.0}}");
    assertThat(context.result("prompts/get", "{\"name\":\"two__greet\"}"))
        .contains("\"server\":\"two\"", "{\"name\":\"greet\"}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          tools/call  | one__nothing  | -32602 unknown_tool: unknown tool: one__nothing
          tools/call  | read          | -32602 unknown_tool: unknown tool: read
          tools/call  | three__read   | -32602 unknown_server: unknown server: three (known: one,\
           two)
          prompts/get | one__nothing  | -32602 unknown_prompt: unknown prompt: one__nothing
          """)
  void unknownNamesAreNamed(String method, String name, String error) throws Exception {
    assertThat(context.error(method, "{\"name\":\"%s\"}".formatted(name))).isEqualTo(error);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          tools/call          | {}           | name
          tools/call          | {"name":1}   | name
          resources/read      | {}           | uri
          resources/subscribe | {"uri":null} | uri
          completion/complete | {"ref":{}}   | ref.uri
          """)
  void missingParametersAreNamed(String method, String params, String field) throws Exception {
    assertThat(context.error(method, params))
        .isEqualTo(
            "-32602 invalid_params: %s needs a string \"%s\" in its params"
                .formatted(method, field));
  }

  @Test
  void methodThatNobodyKnowsIsNotFoundBeforeSeveralServersAndPassedOnToOne() throws Exception {
    assertThat(context.error("x/y", "{}")).startsWith("-32601 method_not_found");
    assertThat(new RouterContext(one).result("x/y", "{\"a\":1}")).contains("\"server\":\"one\"");
  }

  @Test
  void serverThatIsAloneIsFoundWithAndWithoutItsName() throws Exception {
    var alone = new RouterContext(one);

    assertThat(alone.result("tools/call", "{\"name\":\"read\"}")).contains("\"name\":\"read\"");
    assertThat(alone.result("tools/call", "{\"name\":\"one__read\"}"))
        .contains("\"name\":\"read\"");
    assertThat(alone.error("tools/call", "{\"name\":\"x__read\"}"))
        .isEqualTo("-32602 unknown_tool: unknown tool: x__read");
  }

  @Test
  void longerPrefixSaysMore() throws Exception {
    var longer = new FakeServer("longer").tools("t");
    var tricky =
        new RouterContext(List.of(new Place(one, one, "a_"), new Place(longer, longer, "a_b_")));

    assertThat(tricky.result("tools/call", "{\"name\":\"a_b_t\"}")).contains("longer");
    assertThat(tricky.names("tools/list")).containsExactly("a_read", "a_a__b", "a_b_t");
    assertThat(tricky.router().origin("a_b_t", tricky.client()))
        .isEqualTo(new Router.Origin("longer", "t"));
  }

  @Test
  void unknownToolDoesNotMakeTheGatewayAskAgainAndAgain() throws Exception {
    context.names("tools/list");
    for (int i = 0; i < 5; i++) {
      assertThat(context.error("tools/call", "{\"name\":\"one__no\"}")).contains("unknown tool");
    }

    assertThat(one.listRequests()).isEqualTo(1);
  }

  /// As the retry of a read does, whose state only the second server gave.
  @Test
  void resourceThatNobodyListsIsReadWhereItsRequestIsValid() throws Exception {
    Handler strict =
        call -> {
          throw new Rejection(new InvalidParams("not mine"));
        };
    var asked = "{\"uri\":\"x://unlisted\"}";
    var both = new RouterContext(List.of(new Place(one, strict, ""), new Place(two, two, "two__")));
    assertThat(both.result("resources/read", asked)).contains("\"server\":\"two\"");
    var none =
        new RouterContext(List.of(new Place(one, strict, ""), new Place(two, strict, "two__")));
    assertThat(none.error("resources/read", asked)).isEqualTo("-32602 invalid_params: not mine");
  }

  @Test
  void serverThatCannotSayWhatItHasSaysItselfThatItIsDown() throws Exception {
    one.neverReached();

    assertThat(context.error("tools/call", "{\"name\":\"one__any\"}"))
        .isEqualTo("-32003 upstream_unavailable: server \"one\" is unavailable: it fell over");
  }

  @Test
  void callDoesNotWaitAgainForAServerThatTheListWaitedForInVain() throws Exception {
    var late = new Rejection(new Unavailable("one", "no answer within 9 ms", Reach.TOO_LATE));
    one.answers(
        "tools/list",
        call -> {
          throw late;
        });

    assertThat(context.error("tools/call", "{\"name\":\"one__read\"}"))
        .isEqualTo(
            "-32003 upstream_unavailable: server \"one\" is unavailable: no answer within 9 ms");
    assertThat(one.got("tools/call")).isEmpty();
    assertThat(context.result("tools/call", "{\"name\":\"two__write\"}")).contains("\"two\"");
  }

  @Test
  void errorsSayTheNameThatTheClientUsed() throws Exception {
    one.fails("tools/call", -32602, "tool read: no read-only path, see already");

    assertThat(context.tool("one__read").errorMessage())
        .isEqualTo("tool one__read: no read-only path, see already");
  }

  @Test
  void toolThatTheServersPluginsHideIsUnknownUnderTheNameThatTheClientUsed() throws Exception {
    one.tools("tool", "read").fails("tools/call", -32602, "unknown tool: read");
    assertThat(context.tool("one__read").errorMessage()).isEqualTo("unknown tool: one__read");
    one.fails("tools/call", -32602, "unknown tool: tool");
    assertThat(context.tool("one__tool").errorMessage()).isEqualTo("unknown tool: one__tool");
  }

  @Test
  void completionGoesToWhoHasThePromptOrTheTemplate() throws Exception {
    assertThat(
            context.result(
                "completion/complete",
                "{\"ref\":{\"type\":\"ref/prompt\",\"name\":\"two__greet\"},\"argument\":{}}"))
        .contains("\"two\"", "\"name\":\"greet\"");
    assertThat(
            context.result(
                "completion/complete", "{\"ref\":{\"uri\":\"x://two/{id}\"},\"argument\":{}}"))
        .contains("\"two\"");
    assertThat(context.result("completion/complete", "{\"ref\":{\"uri\":\"x://one\"}}"))
        .contains("\"one\"");
    assertThat(context.error("completion/complete", "{\"ref\":{\"uri\":\"y://z\"}}"))
        .startsWith("-32002 unknown_resource");
  }

  @Test
  void logLevelIsToldToAllWhoLogAndOneThatIsDownHarmsNobody() throws Exception {
    two.down();

    assertThat(context.result("logging/setLevel", "{\"level\":\"error\"}")).isEqualTo("{}");
    assertThat(one.got("logging/setLevel")).hasSize(1);
    assertThat(new RouterContext(one).result("logging/setLevel", "{}")).contains("\"one\"");
    one.capable("{}");
    two.capable("{}");
    assertThat(context.error("logging/setLevel", "{}")).startsWith("-32601 ");
  }

  @Test
  void levelIsTakenWhileNoServerWasReachedYet() throws Exception {
    var late = new RouterContext(new FakeServer("late").neverReached());

    assertThat(late.result("logging/setLevel", "{\"level\":\"error\"}")).isEqualTo("{}");
  }

  @Test
  void notificationReachesEveryServerThatIsThere() throws Exception {
    one.down();
    context.tell("notifications/roots/list_changed");

    assertThat(two.got("notifications/roots/list_changed")).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"level":"info","data":1}               | {"logger":"one","level":"info","data":1}
          {"logger":"db","data":1}                | {"logger":"one/db","data":1}
          {"logger":5,"data":1}                   | {"logger":"one","data":1}
          """)
  void logMessagesNameTheServer(String params, String seen) throws Exception {
    context.send("server/discover", "{}");
    var message = Notification.of("notifications/message", Json.trusted(params));

    context.switchboard().broadcast(one, message);
    assertThat(context.client().heard()).contains(seen);

    var alone = new RouterContext(one);
    alone.send("server/discover", "{}");
    alone.switchboard().broadcast(one, message);
    assertThat(alone.client().heard()).contains(params);
    alone.switchboard().broadcast(two, message); // no member: heard by nobody
    assertThat(alone.client().heardAll()).isTrue();
  }

  @Test
  void clientThatIsGoneHearsNothing() throws Exception {
    context.send("server/discover", "{}");
    context.client().close();

    context.switchboard().broadcast(one, Notification.of("notifications/x"));
    assertThat(context.client().heardAll()).isTrue();
  }

  @Test
  void capabilitiesAreTheUnionAndInstructionsAreJoined() throws Exception {
    one.capable("{\"tools\":{\"listChanged\":false},\"x\":1}").instructed("Read.");
    two.capable("{\"tools\":{\"listChanged\":true},\"logging\":{}}").instructed("Write.");

    assertThat(context.result("server/discover", "{}"))
        .isEqualTo(
            "{\"capabilities\":{\"tools\":{\"listChanged\":true},\"x\":1,\"logging\":{}},"
                + "\"instructions\":\"# one\\n\\nRead.\\n\\n# two\\n\\nWrite.\"}");
    assertThat(new RouterContext(one).result("server/discover", "{}")).contains("\"Read.\"");
    assertThat(one.prepared()).contains("client");
  }

  @Test
  void longInstructionsAreCutAndServersNeverReachedHaveTools() throws Exception {
    one.neverReached();
    two.capable("{\"prompts\":{}}").instructed("w".repeat(20_000));

    var result = context.send("server/discover", "{}").result().orElseThrow();
    assertThat(result.textMember("instructions").orElseThrow()).hasSize(16_384);
    assertThat(result.member("capabilities").orElseThrow())
        .hasToString("{\"tools\":{\"listChanged\":true},\"prompts\":{}}");
  }

  @Test
  void serverThatIsStillBeingReachedIsTakenToHaveAllThatThereIs() throws Exception {
    one.starting();
    two.capable("{\"tools\":{},\"x\":1}");
    var all =
        "{\"tools\":{\"listChanged\":true},\"prompts\":{\"listChanged\":true},"
            + "\"resources\":{\"listChanged\":true,\"subscribe\":true},\"logging\":{},"
            + "\"completions\":{}";

    assertThat(new RouterContext(one).result("server/discover", "{}"))
        .isEqualTo("{\"capabilities\":" + all + "}}");
    assertThat(new RouterContext(one, two).result("server/discover", "{}"))
        .isEqualTo("{\"capabilities\":" + all + ",\"x\":1}}");
    one.down();
    assertThat(new RouterContext(one).result("server/discover", "{}"))
        .isEqualTo("{\"capabilities\":{\"tools\":{\"listChanged\":true}}}");
  }

  @Test
  void whatNoServerTurnsOutToHaveIsAnsweredAllTheSame() throws Exception {
    one.starting();
    two.capable("{\"tools\":{}}");
    context.send("server/discover", "{}");
    one.capable("{\"tools\":{}}").up();

    assertThat(context.result("prompts/list", "{}")).isEqualTo("{\"prompts\":[]}");
    assertThat(context.result("resources/list", "{}")).isEqualTo("{\"resources\":[]}");
    assertThat(context.result("resources/templates/list", "{}"))
        .isEqualTo("{\"resourceTemplates\":[]}");
    assertThat(context.result("logging/setLevel", "{\"level\":\"error\"}")).isEqualTo("{}");
    assertThat(context.error("resources/subscribe", "{\"uri\":\"x://y\"}"))
        .startsWith("-32002 unknown_resource");
    assertThat(context.error("completion/complete", "{\"ref\":{\"uri\":\"x://y\"}}"))
        .startsWith("-32002 unknown_resource");
    assertThat(context.error("completion/complete", "{\"ref\":{\"name\":\"one__y\"}}"))
        .isEqualTo("-32602 unknown_prompt: unknown prompt: one__y");
  }

  @Test
  void clientOfACallIsAskedAndToldUnderItsOwnSession() throws Exception {
    var seen = new AtomicReference<Client>();
    one.answers(
        "tools/call",
        call -> {
          seen.set(call.client());
          call.client().tell(Notification.of("notifications/message", Json.object("data", 1)));
          return call.client().ask(call.request(), progress -> {});
        });
    var caller = new RecordingSession("caller");
    var client = new CallClient(caller);

    var answer = context.send(client, "tools/call", "{\"name\":\"one__read\"}");
    assertThat(answer.result().orElseThrow()).hasToString("{\"from\":\"caller\"}");
    assertThat(caller.heard()).contains("\"logger\":\"one\"");
    var session = seen.get().session();
    assertThat(session.key()).isEqualTo("caller");
    assertThat(session.logLevel()).isEmpty();
    assertThat(session.capabilities().members()).isEmpty();
    assertThat(session.ask(caller.asked().getFirst(), progress -> {}).result()).isPresent();
  }

  /// The client of one call, as transports make it.
  private record CallClient(RecordingSession session) implements Client {
    @Override
    public void tell(Notification notification) {
      session.tell(notification);
    }

    @Override
    public Response ask(Request request, Consumer<Notification> progress)
        throws InterruptedException {
      return session.ask(request, progress);
    }
  }

  @Test
  void interruptedListEndsTheCallAndIsNoFault() throws Exception {
    var held = new CountDownLatch(1);
    two.answers("tools/list", FakeServer.held(held, FakeServer::nothing));
    var outcome = new AtomicReference<String>();
    var caller =
        Thread.ofVirtual()
            .start(() -> {
              try {
                outcome.set(context.result("tools/list", "{}"));
              } catch (InterruptedException _) {
                outcome.set("interrupted");
              }
            });
    org.awaitility.Awaitility.await().until(() -> two.listRequests() == 1);
    caller.interrupt();
    caller.join();

    assertThat(outcome.get()).isEqualTo("interrupted");
  }

  @Test
  void routerWithoutServersOffersNothing() throws Exception {
    var empty = new RouterContext();

    assertThat(empty.result("tools/list", "{}")).isEqualTo("{\"tools\":[]}");
    assertThat(empty.error("tools/call", "{\"name\":\"x\"}")).contains("unknown tool: x");
    Session gateway = GatewayClient.INSTANCE;
    assertThat(empty.send(gateway, "server/discover", "{}").result()).isPresent();
  }
}
