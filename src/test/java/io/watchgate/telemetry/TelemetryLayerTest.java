package io.watchgate.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.watchgate.flow.Call;
import io.watchgate.flow.GatewayClient;
import io.watchgate.flow.Handler;
import io.watchgate.flow.Rejection;
import io.watchgate.flow.Rejection.Reach;
import io.watchgate.flow.Reply;
import io.watchgate.flow.Time;
import io.watchgate.jsonrpc.Json;
import io.watchgate.jsonrpc.Notification;
import io.watchgate.jsonrpc.Request;
import io.watchgate.jsonrpc.RequestId;
import io.watchgate.jsonrpc.Response;
import org.junit.jupiter.api.Test;

class TelemetryLayerTest {
  private static final Request REQUEST =
      Request.of(RequestId.of(1), "tools/call", Json.EMPTY_OBJECT);

  private final CallStatistics statistics = new CallStatistics();

  @Test
  void answersAreCountedAndTimed() throws InterruptedException {
    var reply = new Reply.Answered(Response.success(REQUEST.id(), Json.EMPTY_OBJECT));

    assertThat(call(_ -> reply)).isSameAs(reply);

    assertThat(statistics.calls()).isEqualTo(1);
    assertThat(statistics.errors()).isZero();
    assertThat(statistics.answers()).isEqualTo(1);
    assertThat(statistics.answerTime()).isPositive();
    assertThat(statistics.percentile(0.5)).isPresent();
    assertThat(statistics.lastFailure()).isEmpty();
  }

  @Test
  void anErrorOfTheServerCountsButItsWordsAreNotKept() throws InterruptedException {
    var failure = Response.failure(REQUEST.id(), -32000, "token 1234 is wrong", Json.EMPTY_OBJECT);

    call(_ -> new Reply.Answered(failure));

    assertThat(statistics.errors()).isEqualTo(1);
    assertThat(statistics.answers()).isEqualTo(1);
    assertThat(statistics.lastFailure()).isEmpty();
  }

  @Test
  void aRejectionCountsAsErrorWithItsCauseAndGoesOn() {
    var rejection =
        new Rejection(new Rejection.Unavailable("files", "exited with status 7", Reach.SENT));
    Handler down =
        _ -> {
          throw rejection;
        };

    assertThatThrownBy(() -> call(down)).isSameAs(rejection);

    assertThat(statistics.calls()).isEqualTo(1);
    assertThat(statistics.errors()).isEqualTo(1);
    assertThat(statistics.answers()).isZero();
    assertThat(statistics.lastFailure().orElseThrow().cause())
        .contains("\"files\"", "exited with status 7");
  }

  @Test
  void aCancelledCallIsNoError() {
    Handler cancelled =
        _ -> {
          throw new InterruptedException();
        };

    assertThatThrownBy(() -> call(cancelled)).isInstanceOf(InterruptedException.class);

    assertThat(statistics.calls()).isEqualTo(1);
    assertThat(statistics.errors()).isZero();
  }

  @Test
  void notificationsAreNotCounted() throws InterruptedException {
    var handler = new TelemetryLayer(statistics, Time.REAL).around(_ -> new Reply.Accepted());

    handler.handle(new Call(Notification.of("notifications/x"), GatewayClient.INSTANCE));

    assertThat(statistics.calls()).isZero();
  }

  private Reply call(Handler inner) throws InterruptedException {
    var handler = new TelemetryLayer(statistics, Time.REAL).around(inner);
    return handler.handle(new Call(REQUEST, GatewayClient.INSTANCE));
  }
}
