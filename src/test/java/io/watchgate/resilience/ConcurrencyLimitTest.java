package io.watchgate.resilience;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.watchgate.flow.Deadline;
import io.watchgate.flow.GatewayClient;
import io.watchgate.flow.Rejection;
import io.watchgate.flow.Rejection.Overloaded;
import io.watchgate.flow.Session;
import io.watchgate.resilience.ConcurrencyLimit.Place;
import io.watchgate.testkit.RecordingSession;
import io.watchgate.testkit.StandingTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

class ConcurrencyLimitTest {
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final Session A = new RecordingSession("a");
  private static final Session B = new RecordingSession("b");

  private final StandingTime time = new StandingTime();

  private ConcurrencyLimit limit(int max, int queue) {
    return ConcurrencyLimit.fixed("", new ConcurrencySettings(max, queue, PATIENCE), time);
  }

  @Test
  void aClientAloneGetsAllPlacesHoweverOftenItIsRefused() throws InterruptedException {
    var limit = limit(5, 0);
    take(limit, GatewayClient.INSTANCE).orElseThrow().close();
    for (int round = 0; round < 3; round++) {
      var places = takeAll(limit, A);
      assertThat(places).hasSize(5);
      assertThat(take(limit, A)).isEmpty();
      places.forEach(Place::close);
    }
    assertThat(limit.inFlight()).isZero();
    assertThat(limit.highest()).isEqualTo(5);
  }

  @Test
  void whoeverWasRefusedFindsAPlaceWhenItComesAgainInAFlood() throws InterruptedException {
    var limit = limit(100, 0);
    var flood = new ArrayList<>(takeAll(limit, A));
    assertThat(take(limit, B)).isEmpty();

    for (int i = 0; i < 1000; i++) {
      flood.removeFirst().close();
      flood.addAll(takeAll(limit, A));
      take(limit, B).orElseThrow().close();
      time.turn(Duration.ofMillis(10));
    }
    assertThat(flood.size()).as("most of the places").isBetween(85, 90);
  }

  @Test
  void twoFloodsShareThePlaces() throws InterruptedException {
    var limit = limit(100, 0);
    var ofA = new ArrayList<>(takeAll(limit, A));
    var ofB = new ArrayList<>(takeAll(limit, B));
    for (int i = 0; i < 1000; i++) {
      ofA.removeFirst().close();
      ofA.addAll(takeAll(limit, A));
      if (!ofB.isEmpty()) {
        ofB.removeFirst().close();
      }
      ofB.addAll(takeAll(limit, B));
      time.turn(Duration.ofMillis(1));
    }
    assertThat(ofA.size()).isBetween(40, 60);
    assertThat(ofB.size()).isBetween(40, 60);
  }

  @Test
  void manySessionsOfOnePrincipalHaveTheShareOfOne() throws InterruptedException {
    var limit = limit(100, 0);
    var flood = new ArrayList<Place>();
    for (int i = 0; i < 200; i++) {
      take(limit, new RecordingSession("many-" + i).of("greedy")).ifPresent(flood::add);
    }
    var modest = new RecordingSession("one").of("modest");
    assertThat(take(limit, modest)).isEmpty();

    for (int i = 0; i < 1000; i++) {
      flood.removeFirst().close();
      take(limit, new RecordingSession("many-" + i % 200).of("greedy")).ifPresent(flood::add);
      take(limit, modest).orElseThrow().close();
    }
  }

  @Test
  void aClaimEndsSomeTimeAfterTheLastCall() throws InterruptedException {
    var limit = limit(10, 0);
    var places = takeAll(limit, A);
    assertThat(take(limit, B)).isEmpty();
    places.forEach(Place::close);
    assertThat(takeAll(limit, A)).hasSize(9).allSatisfy(Place::close);

    time.turn(Duration.ofSeconds(32));
    assertThat(takeAll(limit, A)).hasSize(10);
  }

  @Test
  void placesAreHandedToClientsInTurns() {
    var limit = limit(1, 10);
    var held = take(limit, A).orElseThrow();
    var order = new CopyOnWriteArrayList<String>();
    var done = new ArrayList<CompletableFuture<Void>>();
    for (var who : List.of(A, A, A, B)) {
      done.add(waiter(limit, who, order).thenAccept(Place::close));
    }
    held.close();
    done.forEach(CompletableFuture::join);
    assertThat(order).containsExactly("a", "b", "a", "a");
  }

  @Test
  void whoeverWaitsTooLongIsRefusedAndLeavesTheQueue() {
    var limit = limit(1, 10);
    assertThat(take(limit, A)).isPresent();
    var waiting = waiter(limit, B, new ArrayList<>());
    time.turn(Duration.ofMillis(4999));
    assertThat(waiting).isNotDone();
    time.turn(Duration.ofMillis(1));

    assertThatThrownBy(waiting::get).hasCauseInstanceOf(Rejection.class);
    assertThat(limit.waiting()).isZero();
    assertThat(limit.inFlight()).isOne();
  }

  @Test
  void aDeadlineThatComesSoonerEndsTheWaiting() {
    var limit = limit(1, 10);
    assertThat(take(limit, A)).isPresent();

    assertThatThrownBy(() -> limit.take(B, Deadline.after(Duration.ZERO, time)))
        .isInstanceOf(Rejection.class);
    assertThat(limit.waiting()).isZero();
  }

  @Test
  void aFullQueueRefusesTheFloodAndNotTheOthers() throws Exception {
    var limit = limit(1, 2);
    var held = take(limit, A).orElseThrow();
    var first = waiter(limit, A, new ArrayList<>());
    var second = waiter(limit, A, new ArrayList<>());
    assertThat(take(limit, A)).isEmpty();
    var other = waiter(limit, B, new ArrayList<>());

    assertThatThrownBy(second::get).isInstanceOf(ExecutionException.class);
    held.close();
    first.get().close();
    other.get().close();
    assertThat(limit.inFlight()).isZero();
  }

  @Test
  void nothingIsLostWhenCallsAreCancelledWhileTheyWait() throws InterruptedException {
    var limit = limit(3, 50);
    var random = new Random(11);
    var threads = new ArrayList<Thread>();
    for (int i = 0; i < 2000; i++) {
      var who = new RecordingSession("s" + i % 7);
      threads.add(
          Thread.startVirtualThread(() -> {
            try (var _ = limit.take(who, Deadline.NEVER)) {
              LockSupport.parkNanos(1000);
            } catch (InterruptedException | Rejection _) {
              // both are ways to end
            }
          }));
      threads.get(random.nextInt(threads.size())).interrupt();
    }
    for (var thread : threads) {
      assertThat(thread.join(Duration.ofSeconds(20))).isTrue();
    }
    assertThat(limit.inFlight()).isZero();
    assertThat(limit.waiting()).isZero();
    for (int i = 0; i < 3; i++) {
      assertThat(take(limit, A)).isPresent();
    }
    assertThat(limit.inFlight()).isEqualTo(3);
  }

  @Test
  void refusalsSayHowLongPlacesAreHeld() throws InterruptedException {
    var limit = limit(1, 0);
    for (int i = 0; i < 100; i++) {
      var place = take(limit, A).orElseThrow();
      time.turn(Duration.ofMillis(800));
      place.close();
    }
    assertThat(take(limit, A)).isPresent();
    assertThat(retryAfter(limit)).isBetween(Duration.ofMillis(700), Duration.ofMillis(801));

    time.turn(Duration.ofSeconds(3));
    assertThat(retryAfter(limit)).as("held that long already").isEqualTo(Duration.ofSeconds(3));
    time.turn(Duration.ofMinutes(3));
    assertThat(retryAfter(limit)).as("bounded").isEqualTo(Duration.ofSeconds(10));
  }

  private static Duration retryAfter(ConcurrencyLimit limit) throws InterruptedException {
    try (var _ = limit.take(A, Deadline.NEVER)) {
      throw new AssertionError("there was a place");
    } catch (Rejection rejection) {
      return ((Overloaded) rejection.reason()).retryAfter();
    }
  }

  /// Waits in a thread of its own; is in the queue when this returns.
  private CompletableFuture<Place> waiter(ConcurrencyLimit limit, Session who, List<String> order) {
    var place = new CompletableFuture<Place>();
    var thread =
        Thread.startVirtualThread(() -> {
          try {
            var taken = limit.take(who, Deadline.NEVER);
            order.add(who.key());
            place.complete(taken);
          } catch (InterruptedException | Rejection e) {
            place.completeExceptionally(e);
          }
        });
    await().until(() -> place.isDone() || thread.getState() == Thread.State.WAITING);
    return place;
  }

  private static List<Place> takeAll(ConcurrencyLimit limit, Session who) {
    var places = new ArrayList<Place>();
    for (var place = take(limit, who); place.isPresent(); place = take(limit, who)) {
      places.add(place.get());
    }
    return places;
  }

  private static Optional<Place> take(ConcurrencyLimit limit, Session who) {
    try {
      return Optional.of(limit.take(who, Deadline.NEVER));
    } catch (Rejection _) {
      return Optional.empty();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
