package io.watchgate;

import static io.watchgate.GatewayContext.server;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.watchgate.jsonrpc.Json;
import io.watchgate.jsonrpc.Limits;
import io.watchgate.jsonrpc.Notification;
import io.watchgate.jsonrpc.Request;
import io.watchgate.jsonrpc.RequestId;
import io.watchgate.jsonrpc.Response;
import io.watchgate.testkit.TestClient;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;

/// Servers that break the protocol, take things back or take too long, behind the whole gateway.
class RudeServerScenariosTest {
  private static final Duration SOON = Duration.ofSeconds(5);

  /// Servers built with version 2.1.0 of the Java SDK send such elicitations.
  @Test
  void anAskThatIsRefusedIsAnsweredSoThatItsCallDoesNotHang() {
    try (var context = GatewayContext.with(server("a")).start()) {
      var client = context.client("{\"elicitation\":{}}");
      var asked = new ConcurrentLinkedQueue<Request>();
      client.onAsk(request -> {
        asked.add(request);
        return Response.success(request.id(), Json.EMPTY_OBJECT);
      });
      long started = System.nanoTime();
      var said = client.structured("a__ask_same_key", "said");
      assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(SOON);
      assertThat(said).contains("-32700", "duplicate key", "mode", "parse_error");
      assertThat(asked).isEmpty();
      assertThat(context.upstream("a").garbage()).isEqualTo(1);
    }
  }

  @Test
  void anAnswerOverALimitFailsItsOwnCallAtOnce() {
    var limits = new Limits(1 << 20, 64, 100_000);
    try (var context = GatewayContext.with(server("a")).limits(limits).start()) {
      var client = context.client();
      var other = client.start("a__sleep", Json.object("ms", 500, "text", "calm"));
      long started = System.nanoTime();
      var large = client.call("a__big", Json.object("bytes", 3_000_000));
      var deep = client.call("a__deep", Json.object("depth", 100));
      assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(SOON);
      assertThat(large.errorMessage()).contains("larger than the limit of 1048576 bytes");
      assertThat(deep.errorMessage()).contains("deeper than the limit of 64");
      assertThat(List.of(large.errorCode(), deep.errorCode())).containsOnly(-32003);
      assertThat(TestClient.text(TestClient.await(other))).isEqualTo("calm");
      assertThat(context.upstream("a").garbage()).isEqualTo(2);
    }
  }

  @Test
  void aNotificationThatMakesNoSenseDoesNotEndTheReading() {
    try (var context = GatewayContext.with(server("a").shared()).start()) {
      var client = context.client();
      assertThat(client.text("a__odd_uri", Json.EMPTY_OBJECT)).isEqualTo("told");
      assertThat(client.text("a__echo", Json.object("text", "on"))).isEqualTo("on");
    }
  }

  @Test
  void anAnswerThatComesTooLateIsDroppedAndTheProcessKept() {
    var a = server("a").requestTimeout(Duration.ofMillis(300));
    try (var context = GatewayContext.with(a).start()) {
      var client = context.client();
      var pid = client.structured("a__count", "pid");
      var late = client.call("a__late", Json.object("ms", 20_000));
      assertThat(late.errorCode()).isEqualTo(-32004);
      await().until(() -> context.upstream("a").garbage() == 1); // the late answer
      assertThat(client.structured("a__count", "pid")).isEqualTo(pid);
      assertThat(client.structured("a__cancelled", "reasons")).contains("timed out");
      assertThat(client.strays()).isZero();
    }
  }

  @Test
  void anAskThatTheServerTakesBackDoesNotStopTheClock() {
    var a = server("a").requestTimeout(Duration.ofMillis(500));
    try (var context = GatewayContext.with(a).start()) {
      var client = context.client("{\"roots\":{}}");
      var never = new CompletableFuture<Response>();
      client.onAsk(_ -> never.join());
      var hanging = client.call("a__ask_and_hang", Json.object("ms", 900));
      assertThat(hanging.errorCode()).isEqualTo(-32004);
      var _ = client.awaitNotification("notifications/cancelled");
    }
  }

  @Test
  void progressDoesNotKeepACallAliveBeyondTheLongestTimeOut() {
    var a = server("a").requestTimeout(Duration.ofMillis(600));
    try (var context = GatewayContext.with(a).maxRequestTimeout(Duration.ofMillis(1500)).start()) {
      var client = context.client();
      var _ = client.text("a__echo", Json.object("text", "warm"));
      long started = System.nanoTime();
      var endless =
          client.request(
              "tools/call",
              Json.trusted(
                  "{\"name\":\"a__progress\",\"arguments\":{\"steps\":100,\"delay_ms\":200},"
                      + "\"_meta\":{\"progressToken\":1}}"));
      assertThat(endless.errorCode()).isEqualTo(-32004);
      assertThat(Duration.ofNanos(System.nanoTime() - started))
          .isBetween(Duration.ofMillis(1400), SOON);
      assertThat(client.notifications()).isNotEmpty();
    }
  }

  @Test
  void aCancellationReachesExactlyItsCallWithItsReason() {
    try (var context = GatewayContext.with(server("a")).start()) {
      var client = context.client();
      var params = Json.object("name", "a__hang", "arguments", Json.EMPTY_OBJECT);
      var doomed = client.send(Request.of(new RequestId("\"1\""), "tools/call", params));
      var other = client.send(Request.of(RequestId.of(1_000), "tools/call", params));
      await().until(() -> context.upstream("a").inFlight() == 2);
      client.send(
          Notification.of(
              "notifications/cancelled",
              Json.object("requestId", "1", "reason", "changed my mind")));
      await()
          .untilAsserted(() ->
              assertThat(client.structured("a__cancelled", "reasons"))
                  .isEqualTo("[\"changed my mind\"]"));
      assertThat(context.upstream("a").inFlight()).isEqualTo(1);
      assertThat(List.of(doomed, other)).noneMatch(CompletableFuture::isDone);
      assertThat(client.strays()).isZero();
    }
  }

  @Test
  void elicitationAndRootsAreRelayedAndAnswered() {
    try (var context = GatewayContext.with(server("a")).start()) {
      var client = context.client("{\"elicitation\":{},\"roots\":{}}");
      client.onAsk(
          request -> Response.success(request.id(), Json.object("asked", request.method())));
      var elicited = client.call("a__elicit", Json.object("message", "sure?"));
      assertThat(elicited.toJson().toString()).contains("{\"asked\":\"elicitation/create\"}");
      assertThat(client.structured("a__roots", "result")).contains("roots/list");
    }
  }
}
