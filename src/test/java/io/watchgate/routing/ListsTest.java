package io.watchgate.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.watchgate.flow.GatewayClient;
import io.watchgate.jsonrpc.Json;
import io.watchgate.jsonrpc.Notification;
import io.watchgate.jsonrpc.Response;
import io.watchgate.mcp.ListKind;
import io.watchgate.routing.Switchboard.Place;
import io.watchgate.testkit.RecordingSession;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

/// The merged lists: what is in them, in which order, and what they cost the servers.
@Timeout(60)
class ListsTest {
  private final FakeServer one = new FakeServer("one").tools("read", "a__b");
  private final FakeServer two = new FakeServer("two").tools("write");

  private static Notification changed(ListKind kind) {
    return Notification.of(kind.changed());
  }

  @Test
  void listsAreInTheOrderOfTheFileAndThenOfTheServer() throws Exception {
    var context = new RouterContext(two, one);

    assertThat(context.names("tools/list")).containsExactly("two__write", "one__read", "one__a__b");
  }

  @Test
  void entriesKeepTheirSpellingButForTheName() throws Exception {
    var entry = "{ \"z\" : 1.50,\"name\":\"t\", \"a\":[ 1E400 ] }";
    var context = new RouterContext(new FakeServer("one").entries(ListKind.TOOLS, entry), two);

    assertThat(context.result("tools/list", "{}"))
        .isEqualTo(
            "{\"tools\":[{ \"z\" : 1.50,\"name\":\"one__t\", \"a\":[ 1E400 ] },"
                + "{\"x\":1,\"name\":\"two__write\",\"from\":\"two\"}]}");
  }

  @Test
  void oneServerHasNoPrefix() throws Exception {
    assertThat(new RouterContext(one).names("tools/list")).containsExactly("read", "a__b");
  }

  @Test
  void everyPageIsFollowed() throws Exception {
    var names = IntStream.range(0, 25).mapToObj(i -> "t" + i).toArray(String[]::new);
    var server = new FakeServer("one").tools(names).pages(4);
    var context = new RouterContext(server);

    assertThat(context.names("tools/list")).containsExactly(names);
    assertThat(server.listRequests()).isEqualTo(7);
  }

  @Test
  void cursorThatComesAgainEndsTheReading() throws Exception {
    var circle =
        new FakeServer("circle")
            .answers(
                "tools/list",
                call ->
                    Response.success(
                        call.request().id(), Json.object("tools", page("x"), "nextCursor", "c")));
    var context = new RouterContext(one, circle);

    assertThat(context.result("tools/list", "{}"))
        .contains("one__read", "\"circle\":\"tools/list goes in a circle");
    assertThat(circle.listRequests()).isEqualTo(2);
  }

  private static Json page(String name) {
    return Json.array(List.of(Json.object("name", name)));
  }

  @Test
  void endlessPagesAreBounded() throws Exception {
    var count = new java.util.concurrent.atomic.AtomicInteger();
    var endless =
        new FakeServer("endless")
            .answers(
                "tools/list",
                call -> {
                  var next = Integer.toString(count.incrementAndGet());
                  return Response.success(
                      call.request().id(),
                      Json.object("tools", page("t" + next), "nextCursor", next));
                });
    var context = new RouterContext(one, endless);

    assertThat(context.names("tools/list")).containsExactly("one__read", "one__a__b");
    await().until(() -> count.get() == 10_000);
    await().until(() -> context.result("tools/list", "{}").contains("more than 10000 pages"));
  }

  @Test
  void listsAreAskedForOnceUntilTheyChange() throws Exception {
    var context = new RouterContext(one, two);
    for (int i = 0; i < 5; i++) {
      context.names("tools/list");
    }
    assertThat(one.listRequests()).isEqualTo(1);

    one.tools("new");
    context.switchboard().listChanged(one, changed(ListKind.TOOLS), context.client());

    assertThat(context.client().heard()).contains("notifications/tools/list_changed");
    assertThat(context.names("tools/list")).containsExactly("one__new", "two__write");
    assertThat(one.listRequests()).isEqualTo(2);
    assertThat(two.listRequests()).isEqualTo(1);
  }

  @Test
  void callOfAToolCostsNoListOnceListsAreKnown() throws Exception {
    var context = new RouterContext(one, two);
    context.names("tools/list");
    for (int i = 0; i < 10; i++) {
      assertThat(context.tool("one__read").result()).isPresent();
    }
    two.down();
    assertThat(context.tool("one__read").result()).isPresent();

    assertThat(one.listRequests()).isEqualTo(1);
    assertThat(two.listRequests()).isEqualTo(1);
  }

  @Test
  void firstCallAsksOnlyTheServerThatTheNamePointsTo() throws Exception {
    var context = new RouterContext(one, two);

    assertThat(context.tool("one__read").result()).isPresent();
    assertThat(two.listRequests()).isZero();
  }

  @Test
  void manyAtOnceShareOneReading() throws Exception {
    var go = new CountDownLatch(1);
    var slow = new FakeServer("slow");
    slow.answers(
        "tools/list",
        FakeServer.held(
            go, call -> Response.success(call.request().id(), Json.object("tools", page("t")))));
    var context = new RouterContext(slow);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var answers = new ArrayList<Future<List<String>>>();
      for (int i = 0; i < 20; i++) {
        answers.add(threads.submit(() -> context.names("tools/list")));
      }
      await().until(() -> slow.listRequests() == 1);
      go.countDown();
      for (var answer : answers) {
        assertThat(answer.get()).containsExactly("t");
      }
    }
    assertThat(slow.listRequests()).isEqualTo(1);
  }

  @Test
  void serverThatIsDownIsNamedAndKeepsItsLastEntries() throws Exception {
    var context = new RouterContext(one, two);
    context.names("tools/list");
    one.down();

    assertThat(context.result("tools/list", "{}"))
        .contains("one__read", "two__write")
        .endsWith("\"_meta\":{\"io.watchgate/unavailable\":{\"one\":\"it fell over\"}}}");
    assertThat(one.listRequests()).isEqualTo(1);

    one.up();
    assertThat(context.result("tools/list", "{}")).doesNotContain("_meta");
  }

  @Test
  void serverThatWasNeverReachedLeavesTheOthersAlone() throws Exception {
    one.neverReached();
    var context = new RouterContext(one, two);

    assertThat(context.result("tools/list", "{}"))
        .contains("two__write", "\"one\":\"it fell over\"");
  }

  @Test
  void slowServerDelaysTheListByItsPatienceOnceAndNeverEmptiesIt() throws Exception {
    var never = new CountDownLatch(1);
    one.answers("tools/list", FakeServer.held(never, FakeServer::nothing));
    var context = new RouterContext(one, two);

    assertThat(context.result("tools/list", "{}"))
        .contains("two__write", "\"one\":\"no answer to tools/list within 3000 ms\"");
    var started = System.nanoTime();
    context.names("tools/list");
    assertThat(System.nanoTime() - started).isLessThan(Duration.ofSeconds(1).toNanos());
  }

  @Test
  void answersThatAreNoListAreNamed() throws Exception {
    one.fails("tools/list", -32603, "broken");
    two.answers("tools/list", call -> Response.success(call.request().id(), Json.EMPTY_OBJECT));
    var context = new RouterContext(one, two);

    assertThat(context.result("tools/list", "{}"))
        .contains("\"one\":\"tools/list failed: -32603 broken\"")
        .contains("\"two\":\"its answer to tools/list has no \\\"tools\\\"\"");
  }

  @Test
  void faultInsideConcernsOneServerOnly() throws Exception {
    one.answers(
        "tools/list",
        call -> {
          throw new IllegalStateException("a fault for the log");
        });
    var context = new RouterContext(one, two);

    assertThat(context.result("tools/list", "{}"))
        .contains("two__write", "\"one\":\"internal error in the gateway\"");
  }

  @Test
  void entriesWithoutANameAndSecondOnesAreLeftOut() throws Exception {
    one.entries(
        ListKind.TOOLS, "{\"name\":\"a\",\"n\":1}", "{\"title\":\"b\"}", "{\"name\":\"a\"}");
    assertThat(new RouterContext(one).result("tools/list", "{}"))
        .isEqualTo("{\"tools\":[{\"name\":\"a\",\"n\":1}]}");
  }

  @Test
  void listThatAServerIsNotCapableOfIsNotAskedFor() throws Exception {
    one.capable("{\"tools\":{}}");
    var context = new RouterContext(one);

    assertThat(context.result("prompts/list", "{}")).isEqualTo("{\"prompts\":[]}");
    assertThat(context.result("resources/templates/list", "{}"))
        .isEqualTo("{\"resourceTemplates\":[]}");
    assertThat(one.listRequests()).isZero();
  }

  @Test
  void serverWithResourcesMayHaveNoTemplates() throws Exception {
    assertThat(new RouterContext(one).result("resources/templates/list", "{}"))
        .isEqualTo("{\"resourceTemplates\":[]}");
  }

  @Test
  void cursorOfAClientIsRefusedButNullIsNone() throws Exception {
    var context = new RouterContext(one);

    assertThat(context.error("tools/list", "{\"cursor\":\"x\"}")).startsWith("-32602 ");
    assertThat(context.result("tools/list", "{\"cursor\":null}")).contains("read");
  }

  @Test
  void nameThatTwoServersHaveBelongsToTheFirstAndIsReportedOnce() throws Exception {
    var other = new FakeServer("two").tools("read", "own");
    var context = new RouterContext(List.of(new Place(one, one, ""), new Place(other, other, "")));
    var log = (Logger) LoggerFactory.getLogger(Catalog.class);
    var warnings = new ListAppender<ILoggingEvent>();
    warnings.start();
    log.addAppender(warnings);
    try {
      for (int i = 0; i < 3; i++) {
        assertThat(context.names("tools/list")).containsExactly("read", "a__b", "own");
      }
    } finally {
      log.detachAppender(warnings);
    }

    assertThat(warnings.list)
        .singleElement()
        .asString()
        .contains("\"read\" of server \"two\" is hidden");
    assertThat(context.router().hidden(context.client())).containsExactly("two: read");
    assertThat(context.result("tools/call", "{\"name\":\"read\"}")).contains("\"server\":\"one\"");
  }

  @Test
  void clientsHaveListsOfTheirOwnAndShareTheMemoryOfEqualOnes() throws Exception {
    one.answers(
        "tools/list",
        call -> {
          var special = call.client().session().key().equals("special");
          return Response.success(
              call.request().id(), Json.object("tools", page(special ? "more" : "usual")));
        });
    var context = new RouterContext(one);
    var special = new RecordingSession("special");
    var other = new RecordingSession("other");

    assertThat(context.names("tools/list")).containsExactly("usual");
    assertThat(context.names(other, "tools/list")).containsExactly("usual");
    assertThat(context.names(special, "tools/list")).containsExactly("more");
    var member = context.router().members().getFirst();
    assertThat(member.lists(other).known(ListKind.TOOLS))
        .isSameAs(member.lists(context.client()).known(ListKind.TOOLS))
        .isNotSameAs(member.lists(special).known(ListKind.TOOLS));

    other.close();
    context.names(other, "tools/list");
    assertThat(one.listRequests()).isEqualTo(4);
  }

  @Test
  void anotherOrderIsAnotherList() throws Exception {
    one.tools("a", "b");
    var context = new RouterContext(one);
    context.names("tools/list");
    one.tools("b", "a");
    context.switchboard().listChanged(one, changed(ListKind.TOOLS), context.client());

    assertThat(context.names("tools/list")).containsExactly("b", "a");
  }

  @Test
  void sharedServerHasOneListForAll() throws Exception {
    one.sharedByAll();
    var context = new RouterContext(one);
    context.names("tools/list");
    context.names(new RecordingSession("other"), "tools/list");
    assertThat(one.listRequests()).isEqualTo(1);

    context.send("server/discover", "{}");
    context.switchboard().listChanged(one, changed(ListKind.TOOLS), GatewayClient.INSTANCE);
    assertThat(context.client().heard()).contains("list_changed");
    context.names("tools/list");
    assertThat(one.listRequests()).isEqualTo(2);
  }

  @Test
  void serverThatComesBackIsReadAnewAndDifferencesAreTold() throws Exception {
    var context = new RouterContext(one);
    context.names("tools/list");
    context.switchboard().reached(one, context.client());
    await().until(() -> one.got("tools/list").size() == 2);

    one.tools("other");
    context.switchboard().reached(one, context.client());
    assertThat(context.client().heard()).contains("notifications/tools/list_changed");
    assertThat(context.client().heardAll()).isTrue();
    assertThat(context.names("tools/list")).containsExactly("other");
    // Nobody saw anything of this one: nothing is read.
    context.switchboard().reached(two, context.client());
    assertThat(two.listRequests()).isZero();
  }

  @Test
  void thousandToolsOfTenServersAreListedFast() throws Exception {
    var servers = new FakeServer[10];
    for (int s = 0; s < 10; s++) {
      var names = IntStream.range(0, 100).mapToObj(i -> "tool_" + i).toArray(String[]::new);
      servers[s] = new FakeServer("server" + s).tools(names);
    }
    var context = new RouterContext(servers);
    assertThat(context.names("tools/list")).hasSize(1_000);

    var best = Long.MAX_VALUE;
    for (int i = 0; i < 200; i++) {
      var started = System.nanoTime();
      context.send("tools/list", "{}");
      best = Math.min(best, System.nanoTime() - started);
    }

    assertThat(Duration.ofNanos(best)).isLessThan(Duration.ofMillis(2));
  }
}
