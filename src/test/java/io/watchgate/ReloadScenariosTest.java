package io.watchgate;

import static io.watchgate.GatewayContext.remote;
import static io.watchgate.GatewayContext.server;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.watchgate.flow.ServerStatus.State;
import io.watchgate.jsonrpc.Json;
import io.watchgate.jsonrpc.Response;
import io.watchgate.testkit.FixtureHttpServer;
import io.watchgate.testkit.TestClient;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Other configurations for a gateway that runs, with clients in it.
@Timeout(120)
class ReloadScenariosTest {
  private static final Duration OTHER = Duration.ofSeconds(29);

  @Test
  void aServerThatIsAddedIsToldOfAndTheOneBesideItGoesOn() {
    try (var context = GatewayContext.with(server("a")).start()) {
      var client = context.client();
      assertThat(tools(client)).contains("\"a__echo\"").doesNotContain("\"b__");
      var pid = client.structured("a__count", "pid");

      context.reload(server("a"), server("b"));

      var _ = client.awaitNotification("notifications/tools/list_changed");
      await().until(() -> tools(client).contains("\"b__echo\""));
      assertThat(client.text("b__echo", Json.object("text", "new"))).isEqualTo("new");
      assertThat(client.structured("a__count", "pid")).isEqualTo(pid);
    }
  }

  @Test
  void aServerThatIsRemovedTakesItsToolsAndItsProcessAlong() {
    try (var context = GatewayContext.with(server("a"), server("b")).start()) {
      var client = context.client();
      assertThat(tools(client)).contains("\"b__echo\"");
      long pid = Long.parseLong(client.structured("b__count", "pid"));

      context.reload(server("a"));

      var _ = client.awaitNotification("notifications/tools/list_changed");
      assertThat(tools(client)).contains("\"a__echo\"").doesNotContain("\"b__");
      var refused = client.call("b__echo", Json.object("text", "x"));
      assertThat(refused.errorCode()).isEqualTo(-32602);
      assertThat(refused.toJson().toString()).contains("unknown_tool");
      await().until(() -> ProcessHandle.of(pid).isEmpty());
      assertThat(context.gateway().leaving()).isEmpty();
    }
  }

  @Test
  void aCallInFlightFinishesWithTheServerThatItBeganWith() {
    try (var context = GatewayContext.with(server("a"), server("b")).start()) {
      var client = context.client("{\"sampling\":{}}");
      var sampled = new CompletableFuture<Json>();
      client.onAsk(request -> Response.success(request.id(), sampled.join()));
      long pid = Long.parseLong(client.structured("b__count", "pid"));
      var slow = client.start("b__sample", Json.object("prompt", "who are you?"));
      await().until(() -> context.upstream("b").inFlight() == 1);

      context.reload(server("a"), server("b").requestTimeout(OTHER));

      assertThat(context.gateway().leaving()).hasSize(1);
      assertThat(states(context)).containsExactly("a READY", "b DRAINING");
      assertThat(Long.parseLong(client.structured("b__count", "pid"))).isNotEqualTo(pid);
      assertThat(ProcessHandle.of(pid)).isPresent();
      assertThat(slow).isNotDone();
      sampled.complete(StatelessCaller.friendly("sampling/createMessage", Json.EMPTY_OBJECT));
      assertThat(TestClient.await(slow).toJson().toString()).contains("sampled");
      await().until(() -> ProcessHandle.of(pid).isEmpty());
      await().until(() -> context.gateway().leaving().isEmpty());
    }
  }

  /// The states of the servers that go on, and of those that leave.
  private static List<String> states(GatewayContext context) {
    var status = new LiveStatus(context.gateway(), InstantSource.system()).status();
    return status.upstreams().stream()
        .filter(upstream -> upstream.name().equals("a") || upstream.state() == State.DRAINING)
        .map(upstream -> upstream.name() + " " + upstream.state())
        .toList();
  }

  @Test
  void theSameConfigurationChangesNothing() {
    try (var context = GatewayContext.with(server("a"), server("b")).start()) {
      var client = context.client();
      var upstreams = context.gateway().upstreams();
      var pid = client.structured("a__count", "pid");
      var _ = tools(client);

      context.reload(server("a"), server("b"));

      assertThat(context.gateway().upstreams()).isEqualTo(upstreams);
      assertThat(client.structured("a__count", "pid")).isEqualTo(pid);
      assertThat(client.notifications()).isEmpty();
    }
  }

  @Test
  void otherNamesAreOtherListsOfTheSameServer() {
    try (var context = GatewayContext.with(server("a").prefix("")).start()) {
      var client = context.client();
      assertThat(tools(client)).contains("\"echo\"");
      var pid = client.structured("count", "pid");

      context.reload(server("a").prefix("z_"));

      var _ = client.awaitNotification("notifications/tools/list_changed");
      assertThat(tools(client)).contains("\"z_echo\"").doesNotContain("\"echo\"");
      assertThat(client.structured("z_count", "pid")).isEqualTo(pid);
      var log = client.call("z_log", Json.object("level", "error", "text", "x"));
      assertThat(log.result()).isPresent();
    }
  }

  @Test
  void listsThatAreTheSameAreNotToldOf() {
    try (var context = GatewayContext.with(server("a"), server("b")).start()) {
      var client = context.client();
      var before = tools(client);
      var first = client.structured("b__count", "pid");

      context.reload(server("a"), server("b").requestTimeout(OTHER));

      assertThat(client.structured("b__count", "pid")).isNotEqualTo(first);
      assertThat(tools(client)).isEqualTo(before);
      await().until(() -> context.gateway().leaving().isEmpty());
      assertThat(client.notifications()).isEmpty();
    }
  }

  @Test
  void clientsWithoutSessionsHearOfItToo() {
    try (var context = GatewayContext.with(server("a")).start()) {
      var lines = context.connect();
      var caller = new StatelessCaller(lines);
      var _ =
          caller.start(
              "subscriptions/listen",
              Json.object("notifications", Json.trusted("{\"toolsListChanged\":true}")));
      var _ = lines.awaitNotification("notifications/subscriptions/acknowledged");

      context.reload(server("a"), server("b"));

      var _ = lines.awaitNotification("notifications/tools/list_changed");
      await()
          .until(() ->
              caller
                  .request("tools/list", Json.EMPTY_OBJECT)
                  .toJson()
                  .toString()
                  .contains("\"b__echo\""));
    }
  }

  @Test
  void aCallThatWaitsForInputIsFinishedByTheServerThatItBeganWith() {
    try (var context = GatewayContext.with(server("a"), server("b")).start()) {
      var caller = new StatelessCaller(context.connect());
      var params = StatelessCaller.tool("a__sample", Json.object("prompt", "who are you?"));
      var asking = caller.request("tools/call", params);
      assertThat(StatelessCaller.isAsking(asking)).isTrue();

      context.reload(server("a").requestTimeout(OTHER), server("b"));

      var retry = StatelessCaller.answered(params, asking, StatelessCaller::friendly);
      assertThat(caller.request("tools/call", retry).toJson().toString()).contains("sampled");
      await().until(() -> context.gateway().leaving().isEmpty());
    }
  }

  @Test
  void serversThatComeGoAndChangeUnderLoadLoseNoCall() throws Exception {
    try (var web = FixtureHttpServer.start("--name", "b");
        var context = GatewayContext.with(server("a"), remote("b", web.uri())).start()) {
      var clients = List.of(context.client(), context.client("{\"roots\":{}}"));
      var pid = clients.getFirst().structured("a__count", "pid");
      var stop = new AtomicBoolean();
      var answered = new AtomicInteger();
      try (var load = Executors.newVirtualThreadPerTaskExecutor()) {
        var all = new ArrayList<CompletableFuture<List<Response>>>();
        for (var client : clients) {
          for (var name : List.of("a__echo", "b__echo", "b__sleep")) {
            all.add(CompletableFuture.supplyAsync(() -> calls(client, name, stop, answered), load));
          }
        }
        for (int round = 0; round < 120; round++) {
          int before = answered.get();
          context.reload(server("a"), remote("b", web.uri()).limit(1000 + round));
          if (round % 3 == 0) {
            context.reload(server("a"));
          }
          await().pollInterval(Duration.ofMillis(5)).until(() -> answered.get() > before + 3);
        }
        context.reload(server("a"), remote("b", web.uri()));
        stop.set(true);
        var answers = all.stream().flatMap(calls -> calls.join().stream()).toList();

        assertThat(answers).hasSizeGreaterThan(360).allMatch(ReloadScenariosTest::isWhole);
      }
      assertThat(clients.getFirst().structured("a__count", "pid")).isEqualTo(pid);
      await().until(() -> context.gateway().leaving().isEmpty());
      assertThat(context.inFlight()).isZero();
    }
  }

  /// An answer, or none because the server is not there at the time.
  private static boolean isWhole(Response response) {
    return response.result().isPresent()
        || response.toJson().toString().contains("\"reason\":\"unknown_tool\"");
  }

  private static List<Response> calls(
      TestClient client, String tool, AtomicBoolean stop, AtomicInteger answered) {
    var answers = new ArrayList<Response>();
    while (!stop.get()) {
      answers.add(client.call(tool, Json.object("ms", 30, "text", "x")));
      answered.incrementAndGet();
    }
    return answers;
  }

  private static String tools(TestClient client) {
    return client.request("tools/list", Json.EMPTY_OBJECT).result().orElseThrow().toString();
  }
}
