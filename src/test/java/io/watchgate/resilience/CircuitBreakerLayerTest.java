package io.watchgate.resilience;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.watchgate.flow.Call;
import io.watchgate.flow.CircuitState;
import io.watchgate.flow.GatewayClient;
import io.watchgate.flow.Handler;
import io.watchgate.flow.Rejection;
import io.watchgate.flow.Rejection.Overloaded;
import io.watchgate.flow.Rejection.Reach;
import io.watchgate.flow.Rejection.Reason;
import io.watchgate.flow.Rejection.TimedOut;
import io.watchgate.flow.Rejection.Unavailable;
import io.watchgate.flow.Reply;
import io.watchgate.jsonrpc.Json;
import io.watchgate.jsonrpc.Notification;
import io.watchgate.jsonrpc.Request;
import io.watchgate.jsonrpc.RequestId;
import io.watchgate.jsonrpc.Response;
import io.watchgate.testkit.HandTurnedTime;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CircuitBreakerLayerTest {
  private static final RequestId ID = RequestId.of(1);
  private static final Duration SECOND = Duration.ofSeconds(1);

  private final HandTurnedTime time = new HandTurnedTime();
  private final CircuitBreaker breaker = new CircuitBreaker("files", 2, SECOND, 1, time);

  static Stream<Reason> failures() {
    return Stream.of(
        new Unavailable("files", "no such program", Reach.NOT_SENT),
        new Unavailable("files", "no answer to the handshake", Reach.TOO_LATE),
        new Unavailable("files", "exited with status 7", Reach.SENT),
        new TimedOut("files", SECOND));
  }

  static Stream<Reason> others() {
    return Stream.of(
        new Unavailable("files", "HTTP status 413", Reach.ANSWERED),
        new Unavailable("files", "crash loop, 5 times in 1.0 s", Reach.NOT_TRIED),
        new Overloaded("files", 100, 100, SECOND),
        new Rejection.MissingCapability("files", Json.EMPTY_OBJECT),
        new Rejection.InvalidParams("no"),
        new Rejection.ShuttingDown());
  }

  @ParameterizedTest
  @MethodSource("failures")
  void whatShowsThatTheServerIsNotThereOpensTheCircuit(Reason reason) {
    reject(reason, 2);
    assertThat(breaker.state()).isEqualTo(CircuitState.OPEN);
    assertThatThrownBy(() -> call(_ -> answer()))
        .isInstanceOfSatisfying(
            Rejection.class,
            refused -> assertThat(refused.reason()).isInstanceOf(Rejection.CircuitOpen.class));
  }

  @ParameterizedTest
  @MethodSource("others")
  void whatSaysNothingOfTheServerLeavesTheCircuitClosed(Reason reason) {
    reject(reason, 10);
    assertThat(breaker.state()).isEqualTo(CircuitState.CLOSED);
  }

  @Test
  void aServerThatAnswersWithAnErrorIsWell() throws InterruptedException {
    var error = Response.failure(ID, -32603, "oh", Json.EMPTY_OBJECT);
    for (int i = 0; i < 10; i++) {
      var _ = call(_ -> new Reply.Answered(error));
    }
    assertThat(breaker.state()).isEqualTo(CircuitState.CLOSED);
  }

  @Test
  void aCancelledTrialLetsAnotherCallTry() throws InterruptedException {
    reject(new TimedOut("files", SECOND), 2);
    time.turn(SECOND);
    assertThatThrownBy(() ->
            call(_ -> {
              throw new InterruptedException();
            }))
        .isInstanceOf(InterruptedException.class);
    assertThatThrownBy(() ->
            call(_ -> {
              throw new IllegalStateException("a fault of ours");
            }))
        .isInstanceOf(IllegalStateException.class);
    var _ = call(_ -> answer());
    assertThat(breaker.state()).isEqualTo(CircuitState.CLOSED);
  }

  @Test
  void whatIsKeptForTheSessionsToComePassesAnOpenCircuit() throws InterruptedException {
    reject(new TimedOut("files", SECOND), 2);
    var handler = new CircuitBreakerLayer(breaker).around(_ -> answer());
    for (var method : new String[] {"logging/setLevel", "resources/unsubscribe"}) {
      var request = Request.of(ID, method, Json.EMPTY_OBJECT);
      assertThat(handler.handle(new Call(request, GatewayClient.INSTANCE))).isNotNull();
    }
    var notification = Notification.of("notifications/cancelled");
    assertThat(handler.handle(new Call(notification, GatewayClient.INSTANCE))).isNotNull();
    assertThat(breaker.state()).isEqualTo(CircuitState.OPEN);
  }

  private void reject(Reason reason, int times) {
    for (int i = 0; i < times; i++) {
      var rejection = new Rejection(reason);
      assertThatThrownBy(() ->
              call(_ -> {
                throw rejection;
              }))
          .isSameAs(rejection);
    }
  }

  private static Reply answer() {
    return new Reply.Answered(Response.success(ID, Json.EMPTY_OBJECT));
  }

  private Reply call(Handler inner) throws InterruptedException {
    var request = Request.of(ID, "tools/call", Json.EMPTY_OBJECT);
    return new CircuitBreakerLayer(breaker)
        .around(inner)
        .handle(new Call(request, GatewayClient.INSTANCE));
  }
}
