package io.watchgate.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.watchgate.flow.Deadline;
import io.watchgate.flow.Time;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class SpawnLimitTest {
  private static final Deadline LATE = Deadline.after(Duration.ofMinutes(1), Time.REAL);

  private final SpawnLimit limit = new SpawnLimit(Time.REAL);

  private CompletableFuture<Integer> start(SpawnLimit.Start<Integer> start) {
    var started = new CompletableFuture<Integer>();
    Thread.ofVirtual()
        .start(() -> {
          try {
            started.complete(limit.start(start, LATE));
          } catch (IOException | InterruptedException e) {
            started.completeExceptionally(e);
          }
        });
    return started;
  }

  @Test
  void fourStartAtOnceAndTheOthersInTheOrderInWhichTheyCame() throws Exception {
    var go = new CountDownLatch(1);
    var running = new AtomicInteger();
    var order = new CopyOnWriteArrayList<Integer>();
    var all = new ArrayList<CompletableFuture<Integer>>();
    for (int i = 0; i < 4; i++) {
      all.add(
          start(() -> {
            running.incrementAndGet();
            join(go);
            return 0;
          }));
    }
    await().until(() -> running.get() == 4);
    for (int i = 0; i < 5; i++) {
      int number = i;
      all.add(
          start(() -> {
            order.add(number);
            return number;
          }));
      await().until(() -> limit.waiting() == number + 1);
    }
    assertThat(order).isEmpty();
    go.countDown();
    all.forEach(CompletableFuture::join);

    assertThat(order).containsExactlyInAnyOrder(0, 1, 2, 3, 4);
    assertThat(limit.waiting()).isZero();
  }

  @Test
  void noMoreStartInASecondThanMay() {
    long began = System.nanoTime();
    var all = new ArrayList<CompletableFuture<Integer>>();
    for (int i = 0; i < 31; i++) {
      all.add(start(() -> 0));
    }
    all.forEach(CompletableFuture::join);

    // 21 of them at once, then one every 100 ms
    assertThat(Duration.ofNanos(System.nanoTime() - began))
        .isGreaterThanOrEqualTo(Duration.ofMillis(990));
  }

  @Test
  void whoDoesNotGetItsTurnInTimeIsToldWhy() throws Exception {
    var go = new CountDownLatch(1);
    for (int i = 0; i < 4; i++) {
      var _ =
          start(() -> {
            join(go);
            return 0;
          });
    }
    await().until(() -> limit.underWay() == 4);
    assertThatThrownBy(() -> limit.start(() -> 0, Deadline.after(Duration.ofMillis(50), Time.REAL)))
        .isInstanceOf(IOException.class)
        .hasMessage(
            "not started in time: 4 other processes come first, and 10 a second are started");
    go.countDown();
  }

  @Test
  void startThatFailsGivesItsPlaceBack() {
    var failed = new ArrayList<CompletableFuture<Integer>>();
    for (int i = 0; i < 8; i++) {
      failed.add(
          start(() -> {
            throw new IOException("no such program");
          }));
    }
    assertThat(failed).allSatisfy(each -> assertThat(each).failsWithin(Duration.ofSeconds(10)));
    assertThat(start(() -> 5).join()).isEqualTo(5);
    assertThat(List.of(limit.waiting(), limit.underWay())).containsExactly(0, 0);
  }

  private static void join(CountDownLatch latch) throws IOException {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }
}
