package io.watchgate.downstream;

import static io.watchgate.downstream.HttpServer.JSON;
import static io.watchgate.downstream.Stateless.VERSION;
import static io.watchgate.downstream.Stateless.listen;
import static io.watchgate.downstream.Stateless.post;
import static io.watchgate.downstream.Stateless.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.watchgate.flow.Rejection;
import io.watchgate.flow.Session;
import io.watchgate.jsonrpc.Json;
import io.watchgate.jsonrpc.Notification;
import io.watchgate.jsonrpc.RequestId;
import io.watchgate.testkit.RawHttp;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
@SuppressWarnings("NullAway.Init") // JUnit fills the fields
class ListenTest {
  private static final String ALL =
      "\"toolsListChanged\":true,\"promptsListChanged\":true,\"resourcesListChanged\":true,"
          + "\"resourceSubscriptions\":[\"test://a\",\"test://nobody\"],\"taskIds\":[\"1\"]";

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

  private static RawHttp open(RawHttp http, Object id, String notifications) throws IOException {
    post(http, listen(id, notifications), "subscriptions/listen");
    var head = http.readHead();
    assertThat(head.status()).isEqualTo(200);
    assertThat(head.header("Content-Type")).isEqualTo("text/event-stream");
    return http;
  }

  private static Notification updated(String uri) {
    return Notification.of("notifications/resources/updated", Json.object("uri", uri));
  }

  private static String tag(String id) {
    return "\"_meta\":{\"io.modelcontextprotocol/subscriptionId\":" + id + "}";
  }

  @Test
  void whatIsHonouredIsToldFirst() throws IOException {
    assertThat(open(http, "\"x\"", ALL).readEvent().data())
        .isEqualTo(
            "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/subscriptions/acknowledged\","
                + "\"params\":{"
                + tag("\"x\"")
                + ",\"notifications\":{\"toolsListChanged\":true,"
                + "\"resourceSubscriptions\":[\"test://a\"]}}}");
    assertThat(server.stage.subscribed)
        .containsExactlyInAnyOrder(
            "resources/subscribe test://a", "resources/subscribe test://nobody");
    assertThat(server.listener.sessions()).isEqualTo(1);
  }

  @Test
  void onlyWhatWasAskedForIsTold() throws IOException, InterruptedException {
    open(http, 7, ALL).readEvent();
    var session = Stage.next(server.stage.sessions);
    session.tell(Notification.of("notifications/prompts/list_changed"));
    session.tell(Logged.at("error"));
    session.tell(Notification.of("notifications/progress", Json.object("progressToken", 1)));
    session.tell(updated("test://b"));
    session.tell(updated("test://ab"));
    session.tell(Notification.of("notifications/resources/updated"));
    session.tell(Notification.of("notifications/tools/list_changed"));
    assertThat(http.readEvent().data())
        .isEqualTo(
            "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/tools/list_changed\",\"params\":{"
                + tag("7")
                + "}}");
    session.tell(updated("test://a"));
    assertThat(http.readEvent().data()).contains("\"uri\":\"test://a\"", tag("7"));
    session.tell(updated("test://a/below"));
    assertThat(http.readEvent().data()).contains("\"uri\":\"test://a/below\"", tag("7"));
  }

  @Test
  void whatIsToldBeforeTheAcknowledgementComesBehindIt() throws IOException, InterruptedException {
    var uris = "\"resourceSubscriptions\":[\"test://nobody\",\"test://held\",\"test://a\"]";
    post(http, listen(7, uris), "subscriptions/listen");
    var session = Stage.next(server.stage.sessions);
    assertThat(Stage.next(server.stage.entered)).isEqualTo("test://held");
    session.tell(updated("test://nobody"));
    session.tell(updated("test://held"));
    server.stage.open("test://held");
    http.readHead();
    assertThat(http.readEvent().data()).contains("acknowledged", "[\"test://held\",\"test://a\"]");
    assertThat(http.readEvent().data()).contains("\"uri\":\"test://held\"");
  }

  @Test
  void clientThatGoesBeforeTheAcknowledgementLeavesNothingBehind()
      throws IOException, InterruptedException {
    var uris = "\"resourceSubscriptions\":[\"test://a\",\"test://held\"]";
    post(http, listen(7, uris), "subscriptions/listen");
    Stage.next(server.stage.subscribed);
    Stage.next(server.stage.subscribed);
    assertThat(Stage.next(server.stage.entered)).isEqualTo("test://held");
    http.close();
    assertThat(Stage.next(server.stage.interrupted)).startsWith("test://held");
    assertThat(Stage.next(server.stage.subscribed)).isEqualTo("resources/unsubscribe test://a");
    awaitListens(0);
    assertThat(server.stage.subscribed).isEmpty();
  }

  @Test
  void listensOfOneSessionAreBounded() {
    var listens = new Listens();
    var filter = new ListenFilter(Set.of(), Set.of());
    for (int i = 0; i < 1000; i++) {
      listens.add(new Listen(RequestId.of(i), filter, _ -> true));
    }
    var last = new Listen(RequestId.of(1000), filter, _ -> true);
    assertThatThrownBy(() -> listens.add(last)).isInstanceOf(Rejection.class);
    assertThat(listens.count()).isEqualTo(1000);
  }

  @Test
  void markOfAServerGivesWayToTheListens() throws IOException, InterruptedException {
    open(http, 7, "\"toolsListChanged\":true").readEvent();
    var params =
        Json.trusted(
            "{\"_meta\":{\"io.modelcontextprotocol/subscriptionId\":\"theirs\",\"k\":1},\"x\":2}");
    Stage.next(server.stage.sessions)
        .tell(Notification.of("notifications/tools/list_changed", params));
    assertThat(http.readEvent().data())
        .endsWith("{\"_meta\":{\"io.modelcontextprotocol/subscriptionId\":7,\"k\":1},\"x\":2}}");
  }

  @Test
  void whatACallTellsOfListsGoesToTheListens() throws IOException {
    open(http, 7, "\"toolsListChanged\":true").readEvent();
    try (var caller = server.connect()) {
      assertThat(post(caller, request(1, "changed", ""), "changed").read().body()).contains("told");
      assertThat(http.readEvent().data()).contains("list_changed", tag("7"));
    }
  }

  @Test
  void resourceIsSubscribedToOnceAndLeftWithTheLastListen()
      throws IOException, InterruptedException {
    var uris = "\"resourceSubscriptions\":[\"test://a\",\"test://a\"]";
    open(http, 7, uris).readEvent();
    var second = server.connect();
    open(second, 7, uris).readEvent();
    assertThat(Stage.next(server.stage.subscribed)).isEqualTo("resources/subscribe test://a");
    assertThat(server.stage.subscribed).isEmpty();
    var session = Stage.next(server.stage.sessions);
    second.close();
    awaitListens(1);
    session.tell(updated("test://a"));
    assertThat(http.readEvent().data()).contains("test://a");
    assertThat(server.stage.subscribed).isEmpty();
    http.close();
    assertThat(Stage.next(server.stage.subscribed)).isEqualTo("resources/unsubscribe test://a");
    http = server.connect();
    open(http, 8, uris).readEvent();
    assertThat(Stage.next(server.stage.subscribed)).isEqualTo("resources/subscribe test://a");
  }

  private void awaitListens(int count) {
    while (server.listener.sessions() != count) {
      Thread.onSpinWait();
    }
  }

  @Test
  void endOfTheGatewayEndsTheListenWithItsAnswer() throws IOException, InterruptedException {
    open(http, "\"x\"", "\"toolsListChanged\":true").readEvent();
    long begun = System.nanoTime();
    server.listener.drain(Duration.ofSeconds(50));
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(40));
    assertThat(http.readEvent().data())
        .isEqualTo(
            "{\"jsonrpc\":\"2.0\",\"id\":\"x\",\"result\":{\"resultType\":\"complete\",\"_meta\":"
                + "{\"io.modelcontextprotocol/subscriptionId\":\"x\","
                + "\"io.modelcontextprotocol/serverInfo\":{\"name\":\"test\"}}}}");
    assertThat(http.readEvent().name()).isEqualTo("end");
    Stage.next(server.stage.closed);
  }

  @Test
  void listenNeedsAStreamOfEvents() throws IOException {
    var answer =
        http.request(
                "POST",
                "/mcp",
                listen(7, ""),
                JSON,
                "Accept: application/json",
                VERSION,
                "Mcp-Method: subscriptions/listen")
            .read();
    assertThat(answer.status()).isEqualTo(406);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "\"notifications\":[],",
        "\"notifications\":{\"toolsListChanged\":1},",
        "\"notifications\":{\"resourceSubscriptions\":\"test://a\"},",
        "\"notifications\":{\"resourceSubscriptions\":[1]},",
      })
  void malformedFilterIsRefused(String params) throws IOException {
    var body = request(7, "subscriptions/listen", params);
    var answer = post(http, body, "subscriptions/listen").read();
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body()).contains("\"id\":7,", "-32602", "invalid_params");
  }

  @Test
  void resourcesOfOneListenAreBounded() throws IOException {
    var uris =
        java.util.stream.IntStream.range(0, 257)
            .mapToObj(i -> "\"test://" + i + "\"")
            .collect(java.util.stream.Collectors.joining(","));
    var body = listen(7, "\"resourceSubscriptions\":[" + uris + "]");
    assertThat(post(http, body, "subscriptions/listen").read().body()).contains("-32602", "256");
    assertThat(server.stage.subscribed).isEmpty();
  }

  @Test
  void emptyFilterIsAcknowledgedAsSuch() throws IOException {
    assertThat(open(http, 7, "\"toolsListChanged\":false").readEvent().data())
        .contains("\"notifications\":{}");
  }

  @Test
  void listenIsKeptAliveByComments() throws IOException, InterruptedException {
    var second = Duration.ofSeconds(30);
    var pace = new HttpPace(10, second, second, second, Duration.ofMillis(20), second);
    try (var quick = new HttpServer(pace, java.util.List.of());
        var client = quick.connect()) {
      open(client, 7, "");
      var names = new HashSet<String>();
      while (names.size() < 2) { // the first comment may come before the acknowledgement
        names.add(client.readEvent().name());
      }
      assertThat(names).containsExactlyInAnyOrder("message", "comment");
    }
  }

  @Test
  void sessionOfAnOpenListenIsNotIdle() throws IOException, InterruptedException {
    open(http, 7, "\"toolsListChanged\":true").readEvent();
    Session session = Stage.next(server.stage.sessions);
    try (var other = server.connect()) {
      post(other, request(1, "server/discover", ""), "server/discover").read();
      assertThat(Stage.next(server.stage.sessions)).isSameAs(session);
    }
    assertThat(server.stage.closed).isEmpty();
  }
}
