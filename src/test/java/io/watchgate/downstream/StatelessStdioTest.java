package io.watchgate.downstream;

import static io.watchgate.downstream.Stateless.listen;
import static io.watchgate.downstream.Stateless.meta;
import static io.watchgate.downstream.Stateless.request;
import static org.assertj.core.api.Assertions.assertThat;

import io.watchgate.jsonrpc.Notification;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
@SuppressWarnings("NullAway.Init") // JUnit fills the fields
class StatelessStdioTest {
  private static final String CANCEL =
      "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\",\"params\":{\"requestId\":%s,"
          + "\"reason\":\"changed my mind\"}}";

  private StdioClient client;

  @BeforeEach
  void connect() throws IOException {
    client = new StdioClient();
  }

  @AfterEach
  void close() throws IOException {
    client.close();
  }

  @Test
  void requestIsServedWithoutAHandshake() throws IOException {
    client.send(request(1, "server/discover", ""));
    assertThat(client.next())
        .contains("\"supportedVersions\":[\"2026-07-28\"]", "serverInfo\":{\"name\":\"test\"}")
        .doesNotContain("tasks");
    client.send(request("\"1\"", "headers", ""));
    assertThat(client.next()).contains("\"id\":\"1\"", "\"Optional.empty\"");
  }

  @Test
  void bothErasLiveOnOneConnection() throws IOException, InterruptedException {
    client.initialized("2025-11-25");
    var session = Stage.next(client.stage.sessions);
    client.send(request(1, "server/discover", ""));
    assertThat(client.next()).contains("supportedVersions");
    var other = Stage.next(client.stage.sessions);
    assertThat(other.key()).isNotEqualTo(session.key());
    assertThat(other.version().isStateless()).isTrue();
    client.send("{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"server/discover\"}");
    assertThat(client.next()).contains("\"id\":2,", "-32601");
    client.send("{\"jsonrpc\":\"2.0\",\"id\":3,\"method\":\"ping\"}");
    assertThat(client.next()).contains("\"id\":3,\"result\":{}");
  }

  @Test
  void claimIsCheckedAndHeadersAreNot() throws IOException {
    client.send(request(1, "echo", "", meta("1900-01-01", "{}", "")));
    assertThat(client.next()).contains("\"id\":1,", "-32022", "\"supported\":[\"2026-07-28\"]");
    client.send(request(2, "echo", "", meta("2026-07-28", "[]", "")));
    assertThat(client.next()).contains("\"id\":2,", "-32602", "clientCapabilities");
    client.send(request(3, "ping", ""));
    assertThat(client.next()).contains("\"id\":3,", "-32601");
    client.send(request(4, "tools/call", "\"name\":\"a\","));
    assertThat(client.next()).contains("\"id\":4,\"result\"");
  }

  @Test
  void batchWithAClaimInItIsRefusedWhole() throws IOException {
    client.initialized("2025-03-26");
    var ping = "{\"jsonrpc\":\"2.0\",\"id\":8,\"method\":\"ping\"}";
    client.send("[" + ping + "," + request(1, "echo", "") + "]");
    assertThat(client.next()).contains("\"id\":null", "-32600", "alone");
  }

  @Test
  void cancellationFindsTheRequestOfEitherEra() throws IOException, InterruptedException {
    client.initialized("2025-11-25");
    client.send(request(1, "hold", "\"gate\":\"new\","));
    assertThat(Stage.next(client.stage.entered)).isEqualTo("new");
    client.send(HttpServer.call(2, "hold", "{\"gate\":\"old\"}"));
    assertThat(Stage.next(client.stage.entered)).isEqualTo("old");
    client.send(CANCEL.formatted(1));
    assertThat(Stage.next(client.stage.interrupted)).isEqualTo("new: changed my mind");
    client.send(CANCEL.formatted(2));
    assertThat(Stage.next(client.stage.interrupted)).isEqualTo("old: changed my mind");
    assertLives();
  }

  @Test
  void idInFlightIsTakenForBothEras() throws IOException, InterruptedException {
    client.initialized("2025-11-25");
    client.send(HttpServer.call(1, "hold", "{}"));
    Stage.next(client.stage.entered);
    client.send(request(1, "echo", ""));
    assertThat(client.next()).contains("\"id\":1,", "-32600", "in flight");
    client.stage.open("gate");
    assertThat(client.next()).contains("\"id\":1,\"result\":\"gate\"");
    client.send(request(1, "echo", ""));
    assertThat(client.next()).contains("\"id\":1,\"result\"");
  }

  @Test
  void listensShareTheConnectionAndEndInSilenceWhenCancelled()
      throws IOException, InterruptedException {
    client.send(listen(1, "\"toolsListChanged\":true"));
    assertThat(client.next()).contains("acknowledged", "subscriptionId\":1}");
    var session = Stage.next(client.stage.sessions);
    client.send(
        listen("\"1\"", "\"toolsListChanged\":true,\"resourceSubscriptions\":[\"test://a\"]"));
    assertThat(client.next()).contains("acknowledged", "subscriptionId\":\"1\"}");
    assertThat(Stage.next(client.stage.subscribed)).isEqualTo("resources/subscribe test://a");
    session.tell(Notification.of("notifications/tools/list_changed"));
    assertThat(client.next()).contains("subscriptionId\":1}");
    assertThat(client.next()).contains("subscriptionId\":\"1\"}");
    client.send(CANCEL.formatted("\"1\""));
    assertThat(Stage.next(client.stage.subscribed)).isEqualTo("resources/unsubscribe test://a");
    session.tell(Notification.of("notifications/tools/list_changed"));
    assertThat(client.next()).contains("list_changed", "subscriptionId\":1}");
    assertLives();
  }

  @Test
  void endOfTheGatewayEndsListensWithTheirAnswers() throws IOException, InterruptedException {
    client.send(listen(1, "\"toolsListChanged\":true"));
    assertThat(client.next()).contains("acknowledged");
    client.hangUp();
    client.listener.drain(Duration.ofSeconds(50));
    assertThat(client.next()).contains("\"id\":1,\"result\"", "complete", "subscriptionId\":1");
    assertThat(client.next()).contains("notifications/cancelled", "\"requestId\":1}");
    assertThat(client.next()).isNull();
    assertThat(Stage.next(client.stage.closed)).isNotEmpty();
  }

  @Test
  void whatDoesNotFinishInTimeIsAnsweredWithTheReason() throws IOException, InterruptedException {
    client.send(request(1, "hold", ""));
    Stage.next(client.stage.entered);
    client.hangUp();
    client.listener.drain(Duration.ofMillis(1));
    assertThat(client.next()).contains("\"id\":1,", "-32603", "shutting_down");
  }

  @Test
  void notificationWithAClaimIsPassedOn() throws IOException, InterruptedException {
    client.send(Stateless.notification("notifications/custom", ""));
    assertThat(Stage.next(client.stage.notified)).isEqualTo("notifications/custom");
    client.send(Stateless.notification("notifications/initialized", ""));
    assertLives();
    assertThat(client.stage.notified).isEmpty();
  }

  private void assertLives() throws IOException {
    client.send(request("\"alive\"", "echo", ""));
    assertThat(client.next()).contains("\"id\":\"alive\",\"result\"");
  }
}
