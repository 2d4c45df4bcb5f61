package io.watchgate.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import io.watchgate.flow.Call;
import io.watchgate.flow.Handler;
import io.watchgate.flow.Layer;
import io.watchgate.flow.Rejection;
import io.watchgate.flow.Rejection.Overloaded;
import io.watchgate.flow.Reply;
import io.watchgate.jsonrpc.Json;
import io.watchgate.jsonrpc.Request;
import io.watchgate.jsonrpc.RequestId;
import io.watchgate.testkit.RecordingSession;
import io.watchgate.testkit.StandingTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LendingTest {
  private static final RecordingSession CLIENT = new RecordingSession("a");

  private final StandingTime time = new StandingTime();
  private final ConcurrencyLimit gateway = limit("");
  private final ConcurrencyLimit hanging = limit("hanging");
  private final ConcurrencyLimit other = limit("other");
  private final Lending lending = new Lending();
  private final CountDownLatch end = new CountDownLatch(1);
  private final List<Thread> threads = new ArrayList<>();
  private final Handler toHanging =
      stack(
          hanging,
          call -> {
            end.await();
            return Reply.answer(call, Json.EMPTY_OBJECT);
          });
  private final Handler toOther = stack(other, call -> Reply.answer(call, Json.EMPTY_OBJECT));

  LendingTest() {
    lending.shareAmong(gateway, List.of(hanging, other));
  }

  @AfterEach
  void endAll() throws InterruptedException {
    end.countDown();
    for (var thread : threads) {
      thread.join();
    }
    assertThat(gateway.inFlight()).isZero();
    assertThat(hanging.inFlight()).isZero();
  }

  private ConcurrencyLimit limit(String where) {
    return ConcurrencyLimit.fixed(where, new ConcurrencySettings(10, 0, Duration.ZERO), time);
  }

  private Handler stack(ConcurrencyLimit limit, Handler server) {
    return Layer.stack(
        List.of(
            new ConcurrencyLimitLayer(gateway),
            lending.before(limit),
            new ConcurrencyLimitLayer(limit)),
        server);
  }

  @Test
  void aServerThatHangsLosesThePlacesBeyondItsShareToTheOthers() {
    hang(10);
    assertThat(refusal(toOther)).map(Overloaded::where).contains("");

    time.turn(Lending.SILENCE);
    assertThat(refusal(toOther)).isEmpty();
    assertThat(refusal(toHanging)).contains(new Overloaded("hanging", 10, 5, Lending.SILENCE));
    assertThat(gateway.inFlight()).isEqualTo(10);
  }

  @Test
  void aBusyServerCanHaveAllPlaces() {
    hang(9);
    time.turn(Duration.ofMinutes(1));
    hang(1);

    assertThat(hanging.inFlight()).isEqualTo(10);
    assertThat(refusal(toHanging)).isPresent();
  }

  @Test
  void whatIsLentIsBounded() {
    hang(10);
    time.turn(Lending.SILENCE);
    var handler =
        stack(
            other,
            call -> {
              end.await();
              return Reply.answer(call, Json.EMPTY_OBJECT);
            });
    start(handler, 5);
    Awaitility.await().until(() -> gateway.inFlight() == 15);

    assertThat(refusal(toOther)).map(Overloaded::where).contains("");
    assertThat(gateway.inFlight()).isEqualTo(15);
  }

  @Test
  void oneServerAloneHasNobodyToLendTo() {
    lending.shareAmong(gateway, List.of(hanging));
    hang(10);
    time.turn(Duration.ofMinutes(1));

    assertThat(refusal(toHanging)).map(Overloaded::where).contains("");
  }

  private void hang(int calls) {
    int before = hanging.inFlight();
    start(toHanging, calls);
    Awaitility.await().until(() -> hanging.inFlight() == before + calls);
  }

  private void start(Handler handler, int calls) {
    for (int i = 0; i < calls; i++) {
      threads.add(Thread.startVirtualThread(() -> refusal(handler)));
    }
  }

  private static Optional<Overloaded> refusal(Handler handler) {
    try {
      var call = Request.of(RequestId.of(1), "tools/call", Json.EMPTY_OBJECT);
      assertThat(handler.handle(new Call(call, CLIENT)).response().error()).isEmpty();
      return Optional.empty();
    } catch (Rejection rejection) {
      return Optional.of((Overloaded) rejection.reason());
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
