package io.watchgate.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.watchgate.flow.Call;
import io.watchgate.flow.GatewayClient;
import io.watchgate.jsonrpc.Response;
import io.watchgate.mcp.ProtocolVersion;
import io.watchgate.testkit.RecordingSession;
import io.watchgate.upstream.UpstreamSettings.Remote;
import io.watchgate.upstream.UpstreamSettings.Wire;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The one listening with a stateless server over HTTP.
@Timeout(60)
class HeldListeningTest {
  private static final String TOOLS = "{\"tools\":{\"listChanged\":true}}";
  private static final String TOOLS_CHANGED = "notifications/tools/list_changed for gateway";
  private static final String BUSY = "{\"code\":-32603,\"message\":\"too many listen\"}";

  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final RecordingSession second =
      new RecordingSession("second").speaking(ProtocolVersion.NEWEST_STATELESS);

  @AfterEach
  void stop() {
    threads.shutdownNow();
  }

  private static RemoteContext reach(ListenServer server) throws Exception {
    return RemoteContext.stateless(server.uri());
  }

  private Future<Response> subscribe(RemoteContext remote, RecordingSession client, String uri) {
    return threads.submit(() -> remote.send(call("subscribe", client, uri)));
  }

  private static Call call(String what, RecordingSession client, String uri) {
    return RemoteContext.call(client, "resources/" + what, "{\"uri\":\"%s\"}".formatted(uri));
  }

  private static void assertDone(Future<Response> answer) throws Exception {
    assertThat(answer.get().result()).hasToString("Optional[{}]");
  }

  /// Subscribes, and lets the server acknowledge that.
  private ListenServer.Listen subscribed(
      RemoteContext remote, RecordingSession client, String uri, ListenServer server)
      throws Exception {
    var answer = subscribe(remote, client, uri);
    var listen = server.next();
    listen.acknowledge();
    assertDone(answer);
    return listen;
  }

  @Test
  void exactlyTheListsAreListenedToThatTheServerTellsOf() throws Exception {
    var capabilities =
        "{\"tools\":{\"listChanged\":true},\"prompts\":{},"
            + "\"resources\":{\"subscribe\":true,\"listChanged\":true}}";
    try (var server = new ListenServer(capabilities);
        var remote = reach(server)) {
      remote.era(GatewayClient.INSTANCE);
      var listen = server.next();

      assertThat(listen.filter())
          .contains("\"toolsListChanged\":true", "\"resourcesListChanged\":true")
          .doesNotContain("prompts", "resourceSubscriptions");
      assertThat(server.raw().requests().getLast())
          .containsIgnoringCase("\r\nmcp-method: subscriptions/listen\r\n")
          .contains("\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\"");
    }
  }

  @Test
  void serverThatTellsOfNothingIsNotListenedToUntilSomebodySubscribes() throws Exception {
    var quiet = "{\"tools\":{\"listChanged\":false},\"resources\":{\"subscribe\":true}}";
    try (var server = new ListenServer(quiet);
        var remote = reach(server)) {
      assertThat(remote.text("x", "{}")).isEqualTo("done");
      assertThat(server.raw().count("subscriptions/listen")).isZero();

      var listen = subscribed(remote, remote.client(), "a:1", server);
      assertThat(listen.filter()).isEqualTo("{\"resourceSubscriptions\":[\"a:1\"]}");
      remote.send(call("unsubscribe", remote.client(), "a:1"));
      assertThat(listen.isHungUp()).isTrue();
      assertThat(server.isNobodyNew()).isTrue();
    }
  }

  @Test
  void changesOfListsConcernEverybody() throws Exception {
    try (var server = new ListenServer(TOOLS);
        var remote = reach(server)) {
      remote.era(remote.client());
      var listen = server.next();
      listen.acknowledge();
      listen.tell("tools/list_changed", "");
      assertThat(remote.event()).isEqualTo(TOOLS_CHANGED);

      listen.raw(
          StatelessServer.event(
              "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/tools/list_changed\"}"));
      assertThat(remote.event()).isEqualTo(TOOLS_CHANGED);
    }
  }

  @Test
  void listeningIsNoCallInFlight() throws Exception {
    try (var server = new ListenServer(TOOLS);
        var remote = reach(server)) {
      remote.era(remote.client());
      server.next().acknowledge();
      assertThat(remote.text("x", "{}")).isEqualTo("done");

      assertThat(remote.upstream().inFlight()).isZero();
      assertThat(remote.upstream().sessions()).isEqualTo(1);
    }
  }

  @Test
  void newListeningTakesOverOnlyWhenItIsAcknowledged() throws Exception {
    try (var server = new ListenServer(TOOLS);
        var remote = reach(server)) {
      remote.era(remote.client());
      var lists = server.next();
      lists.acknowledge();
      var one = subscribed(remote, remote.client(), "a:1", server);
      assertThat(lists.isHungUp()).isTrue();
      assertThat(one.filter())
          .isEqualTo("{\"toolsListChanged\":true,\"resourceSubscriptions\":[\"a:1\"]}");

      var answer = subscribe(remote, second, "b:2");
      var both = server.next();
      assertThat(both.filter()).contains("[\"a:1\",\"b:2\"]");
      one.updated("a:1");
      assertThat(remote.client().heard()).contains("resources/updated", "\"a:1\"");
      assertThat(one.isHeld()).isTrue();
      assertThat(answer.isDone()).isFalse();

      both.acknowledge();
      assertDone(answer);
      assertThat(one.isHungUp()).isTrue();
      both.updated("b:2");
      assertThat(second.heard()).contains("\"b:2\"");
      both.updated("a:1");
      assertThat(remote.client().heard()).contains("\"a:1\"");
      assertThat(second.heardAll()).isTrue();
    }
  }

  @Test
  void subscriberThatGoesLeavesTheOthersTheirs() throws Exception {
    try (var server = new ListenServer("{}");
        var remote = reach(server)) {
      var one = subscribed(remote, remote.client(), "a:1", server);
      assertDone(subscribe(remote, second, "a:1"));
      assertThat(server.isNobodyNew()).isTrue();
      one.updated("a:1");
      assertThat(remote.client().heard()).contains("\"a:1\"");
      assertThat(second.heard()).contains("\"a:1\"");

      remote.send(call("unsubscribe", remote.client(), "a:1"));
      var both = subscribed(remote, second, "b:2", server);
      assertThat(both.filter()).contains("[\"a:1\",\"b:2\"]");
      both.updated("a:1");
      assertThat(second.heard()).contains("\"a:1\"");
      assertThat(remote.client().heardAll()).isTrue();

      second.close();
      assertThat(both.isHungUp()).isTrue();
    }
  }

  @Test
  void laterListeningThatIsAcknowledgedFirstServesBoth() throws Exception {
    try (var server = new ListenServer("{}");
        var remote = reach(server)) {
      var first = subscribe(remote, remote.client(), "a:1");
      var early = server.next();
      var answer = subscribe(remote, second, "b:2");
      var late = server.next();
      late.acknowledge();

      assertDone(answer);
      assertDone(first);
      assertThat(early.isHungUp()).isTrue();
      late.updated("a:1");
      assertThat(remote.client().heard()).contains("\"a:1\"");
    }
  }

  @Test
  void refusedListeningLeavesTheOldOneAndNoWish() throws Exception {
    try (var server = new ListenServer("{}");
        var remote = reach(server)) {
      var one = subscribed(remote, remote.client(), "a:1", server);
      var answer = subscribe(remote, second, "b:2");
      server.next().refuse(BUSY);
      assertThat(answer.get().errorMessage())
          .isEqualTo("server \"web\" is unavailable: too many listen");

      one.updated("a:1");
      assertThat(remote.client().heard()).contains("\"a:1\"");
      assertThat(one.isHeld()).isTrue();
      assertThat(subscribed(remote, second, "c:3", server).filter())
          .isEqualTo("{\"resourceSubscriptions\":[\"a:1\",\"c:3\"]}");
      assertThat(one.isHungUp()).isTrue();
    }
  }

  @Test
  void listeningThatIsNotAcknowledgedInTimeFailsTheSubscription() throws Exception {
    try (var server = new ListenServer("{}");
        var remote =
            new RemoteContext(
                    new Remote(server.uri(), Map.of(), Wire.STREAMABLE_HTTP),
                    Duration.ofSeconds(20),
                    Duration.ofMillis(300))
                .stateless()) {
      assertThat(subscribe(remote, second, "b:2").get().errorMessage())
          .isEqualTo(
              "server \"web\" is unavailable: subscriptions/listen was not acknowledged in time");
      assertThat(server.next().isHungUp()).isTrue();
    }
  }

  @Test
  void brokenListeningIsOpenedAgainAndEverybodyHearsThatSomethingMayHaveChanged() throws Exception {
    try (var server = new ListenServer(TOOLS);
        var remote = reach(server)) {
      remote.era(remote.client());
      server.next().acknowledge();
      subscribed(remote, second, "b:2", server).cut();

      var again = server.next();
      assertThat(again.filter()).contains("b:2", "toolsListChanged");
      assertThat(second.heardAll()).isTrue();
      again.acknowledge();
      assertThat(remote.event()).isEqualTo(TOOLS_CHANGED);
      assertThat(second.heard()).contains("resources/updated", "\"b:2\"");

      again.end();
      server.next().acknowledge();
      assertThat(remote.event()).isEqualTo(TOOLS_CHANGED);
      assertThat(second.heard()).contains("\"b:2\"");
    }
  }

  @Test
  void serverThatRefusesToBeListenedToIsAskedAgainWithoutANoise() throws Exception {
    try (var server = new ListenServer(TOOLS);
        var remote = reach(server)) {
      assertThat(remote.text("x", "{}")).isEqualTo("done");
      server.next().refuse(BUSY);
      var again = server.next();
      assertThat(remote.text("x", "{}")).isEqualTo("done");
      again.acknowledge();
      assertThat(remote.event()).isEqualTo(TOOLS_CHANGED);
      assertThat(again.isHeld()).isTrue();
    }
  }

  @Test
  void clientsDoNotSeeWhichListeningItCameOn() throws Exception {
    try (var server = new ListenServer("{}");
        var remote = reach(server)) {
      var listen = subscribed(remote, second, "a:1", server);
      listen.updated("a:1");
      assertThat(second.heard())
          .isEqualTo(
              "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/resources/updated\","
                  + "\"params\":{\"uri\":\"a:1\"}}");

      listen.say(
          "resources/updated",
          "{\"uri\":\"a:1\",\"_meta\":{\"x\":1,\"io.modelcontextprotocol/subscriptionId\":\"9\"}}");
      assertThat(second.heard()).contains("\"_meta\":{\"x\":1}").doesNotContain("subscriptionId");
      listen.say("resources/updated", "{\"uri\":\"a:1\"}");
      assertThat(second.heard()).contains("a:1");
      listen.raw(StatelessServer.event("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/odd\"}"));
      assertThat(remote.event()).isEqualTo("broadcast notifications/odd");
      assertThat(listen.isHeld()).isTrue();
    }
  }

  @Test
  void closingTheGatewayHangsUp() throws Exception {
    try (var server = new ListenServer(TOOLS)) {
      var remote = reach(server);
      remote.era(remote.client());
      var listen = server.next();
      listen.acknowledge();
      remote.close();
      assertThat(listen.isHungUp()).isTrue();
    }
  }

  @Test
  void listeningDoesNotKeepASessionThatIsReplaced() throws Exception {
    try (var server = new ListenServer(TOOLS);
        var remote = reach(server)) {
      remote.era(remote.client());
      var listen = server.next();
      listen.acknowledge();
      var link = remote.upstream();
      server.refuseNext();
      assertThat(remote.text("x", "{}")).isEqualTo("done");

      assertThat(listen.isHungUp()).isTrue();
      server.next().acknowledge();
      assertThat(remote.event()).isEqualTo(TOOLS_CHANGED);
      await().until(() -> link.restarts() == 1);
    }
  }
}
