package io.watchgate.resilience;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.watchgate.flow.Call;
import io.watchgate.flow.Deadline;
import io.watchgate.flow.GatewayClient;
import io.watchgate.flow.Handler;
import io.watchgate.flow.Rejection;
import io.watchgate.flow.Rejection.CircuitOpen;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class RetryLayerTest {
  private static final RequestId ID = RequestId.of(1);
  private static final Duration FIRST = Duration.ofMillis(100);
  private static final Duration MOST = Duration.ofMillis(300);
  private static final Reason NOT_SENT = new Unavailable("files", "refused", Reach.NOT_SENT);
  private static final Reason LOST = new Unavailable("files", "died", Reach.SENT);

  private final HandTurnedTime time = new HandTurnedTime();
  private final List<Long> attempts = new ArrayList<>();
  private RetryBudget budget = new RetryBudget(1, time);

  static Stream<Reason> final_() {
    return Stream.of(
        new TimedOut("files", FIRST),
        new Unavailable("files", "no answer to the handshake", Reach.TOO_LATE),
        new Unavailable("files", "HTTP status 413", Reach.ANSWERED),
        new Unavailable("files", "crash loop, 5 times in 1.0 s", Reach.NOT_TRIED),
        new CircuitOpen("files", "died", FIRST),
        new Overloaded("files", 1, 1, FIRST),
        new Rejection.InvalidParams("no"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"tools/list", "resources/read", "prompts/get", "completion/complete", "ping"})
  void whatDoesNoHarmTwiceIsMadeAgain(String method) throws InterruptedException {
    assertThat(send(call(method), failing(2, LOST)).response().result()).isPresent();
    assertThat(attempts).hasSize(3);
    assertThat(budget.taken()).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"tools/call", "tasks/cancel", "x/unknown"})
  void whatMayHaveRunIsNotMadeAgain(String method) {
    assertRefused(call(method), failing(1, LOST), 1);
    assertThat(budget.taken()).isZero();
  }

  @Test
  void aToolThatSaysThatItIsIdempotentIsCalledAgain() throws InterruptedException {
    var call = call("tools/call");
    call.trail().idempotentIf(() -> true);
    assertThat(send(call, failing(1, LOST)).response().result()).isPresent();
  }

  @Test
  void aRoundOfALongerCallIsNotMadeAgain() {
    var params = Json.object("name", "x", "requestState", "abc");
    var call = new Call(Request.of(ID, "tools/call", params), GatewayClient.INSTANCE);
    call.trail().idempotentIf(() -> true);
    assertRefused(call, failing(1, LOST), 1);
  }

  @Test
  void whatWasNeverSentIsMadeAgainWhateverItIs() throws InterruptedException {
    assertThat(send(call("tools/call"), failing(2, NOT_SENT)).response().result()).isPresent();
    assertThat(attempts).hasSize(3);
  }

  @ParameterizedTest
  @MethodSource("final_")
  void whatWouldComeToTheSameIsNotMadeAgain(Reason reason) {
    assertRefused(call("tools/list"), failing(1, reason), 1);
  }

  @Test
  void aCallOfWhichTheClientHeardIsNotMadeAgain() {
    var lost = failing(1, LOST);
    Handler talking =
        call -> {
          call.client().tell(Notification.of("notifications/progress"));
          return lost.handle(call);
        };
    assertRefused(call("resources/read"), talking, 1);
  }

  @Test
  void thePausesBecomeLongerUpToTheLongest() {
    assertRefused(call("tools/list"), failing(9, LOST), 5, layer(5, 0));
    assertThat(pauses()).containsExactly(100L, 200L, 300L, 300L);
  }

  @Test
  void aPartOfEachPauseIsRandom() {
    assertRefused(call("tools/list"), failing(9, LOST), 5, layer(5, 0.5));
    assertThat(pauses()).first().satisfies(ms -> assertThat(ms).isBetween(50L, 100L));
    assertThat(pauses()).last().satisfies(ms -> assertThat(ms).isBetween(150L, 300L));
    assertThat(pauses().get(2)).isNotEqualTo(pauses().get(3));
  }

  @Test
  void noPauseReachesBeyondTheDeadline() {
    var soon = Deadline.after(Duration.ofMillis(99), time);
    assertRefused(call("tools/list").with(soon), failing(1, LOST), 1);
  }

  @Test
  void oneAttemptMeansNoRepeat() {
    assertRefused(call("tools/list"), failing(9, LOST), 1, layer(1, 0));
  }

  @Test
  void theBudgetBoundsWhatIsMadeAgain() throws InterruptedException {
    budget = new RetryBudget(0.2, time);
    var random = new Random(1);
    Handler half =
        _ -> {
          attempts.add(time.nanos());
          if (random.nextBoolean()) {
            throw new Rejection(LOST);
          }
          return answer();
        };
    var layered = layer(3, 0.5).around(half);
    for (int i = 0; i < 2_000; i++) {
      try {
        var _ = layered.handle(call("tools/list"));
      } catch (Rejection _) {
        // without a repeat left
      }
    }
    assertThat(attempts.size()).isBetween(2_300, 2_400);
  }

  @Test
  void notificationsAreSentOnce() {
    var call = new Call(Notification.of("notifications/x"), GatewayClient.INSTANCE);
    assertRefused(call, failing(9, NOT_SENT), 1);
  }

  private RetryLayer layer(int maxAttempts, double jitter) {
    var backoff = new Backoff(FIRST, MOST, jitter, new Random(7));
    return new RetryLayer(maxAttempts, backoff, budget, time);
  }

  private Reply send(Call call, Handler inner) throws InterruptedException {
    return layer(3, 0).around(inner).handle(call);
  }

  private void assertRefused(Call call, Handler inner, int times) {
    assertRefused(call, inner, times, layer(3, 0));
  }

  private void assertRefused(Call call, Handler inner, int times, RetryLayer layer) {
    assertThatThrownBy(() -> layer.around(inner).handle(call)).isInstanceOf(Rejection.class);
    assertThat(attempts).hasSize(times);
  }

  private static Call call(String method) {
    return new Call(Request.of(ID, method, Json.EMPTY_OBJECT), GatewayClient.INSTANCE);
  }

  private static Reply answer() {
    return new Reply.Answered(Response.success(ID, Json.EMPTY_OBJECT));
  }

  /// A server that fails as often, and then answers.
  private Handler failing(int times, Reason reason) {
    return _ -> {
      attempts.add(time.nanos());
      if (attempts.size() <= times) {
        throw new Rejection(reason);
      }
      return answer();
    };
  }

  private List<Long> pauses() {
    var pauses = new ArrayList<Long>();
    for (int i = 1; i < attempts.size(); i++) {
      pauses.add(Duration.ofNanos(attempts.get(i) - attempts.get(i - 1)).toMillis());
    }
    return pauses;
  }
}
