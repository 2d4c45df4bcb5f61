package io.watchgate.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.watchgate.testkit.RecordingSession;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FairQueueTest {
  private final FairQueue<String> queue = new FairQueue<>(100);

  private static Session client(String key) {
    return new RecordingSession(key);
  }

  @Test
  void oneClientGetsItsTurnsInTheOrderInWhichItCame() {
    var a = client("a");
    List.of("a1", "a2", "a3").forEach(waiter -> queue.add(a, waiter));

    assertThat(queue.size()).isEqualTo(3);
    assertThat(order()).containsExactly("a1", "a2", "a3");
    assertThat(queue.poll()).isEmpty();
  }

  @Test
  void clientsTakeTurnsWhoeverCameFirst() {
    var a = client("a");
    List.of("a1", "a2", "a3").forEach(waiter -> queue.add(a, waiter));
    List.of("b1", "b2").forEach(waiter -> queue.add(client("b"), waiter));

    assertThat(order()).containsExactly("a1", "b1", "a2", "b2", "a3");
  }

  @Test
  void manySessionsOfOnePrincipalGetNoMoreThanOne() {
    for (int i = 1; i <= 4; i++) {
      queue.add(new RecordingSession("many-" + i).of("greedy"), "g" + i);
    }
    var modest = new RecordingSession("one").of("modest");
    List.of("m1", "m2", "m3").forEach(waiter -> queue.add(modest, waiter));

    assertThat(order()).containsExactly("g1", "m1", "g2", "m2", "g3", "m3", "g4");
  }

  @Test
  void clientsGoBeforeTheGatewayItselfButForEveryNinthTurn() {
    for (int i = 1; i <= 10; i++) {
      queue.add(GatewayClient.INSTANCE, "own" + i);
      queue.add(client("a"), "a" + i);
      queue.add(client("b"), "b" + i);
    }
    var turns = order();

    assertThat(turns).hasSize(30);
    assertThat(turns.subList(0, 18))
        .filteredOn(waiter -> waiter.startsWith("own"))
        .containsExactly("own1", "own2");
    assertThat(turns.indexOf("own1")).isEqualTo(8);
    assertThat(turns.indexOf("own2")).isEqualTo(17);
  }

  @Test
  void whoGivesUpLeavesTheOthersInTheirOrder() {
    var a = client("a");
    List.of("a1", "a2", "a3").forEach(waiter -> queue.add(a, waiter));
    queue.add(client("b"), "b1");

    assertThat(queue.remove(a, "a2")).isTrue();
    assertThat(queue.remove(client("b"), "b1")).isTrue();
    assertThat(queue.remove(client("b"), "b1")).isFalse();
    assertThat(queue.remove(a, "b1")).isFalse();
    assertThat(queue.size()).isEqualTo(2);
    assertThat(order()).containsExactly("a1", "a3");
    assertThat(queue.remove(a, "a1")).isFalse();
  }

  @Test
  void aFloodFindsTheQueueFullAndNobodyElseDoes() {
    var full = new FairQueue<String>(3);
    var flood = client("flood");
    for (int i = 1; i <= 3; i++) {
      assertThat(full.add(flood, "f" + i)).isEmpty();
    }
    assertThat(full.add(flood, "f4")).contains("f4");
    assertThat(full.add(client("a"), "a1")).contains("f3");
    assertThat(full.add(client("b"), "b1")).contains("f2");
    assertThat(full.add(client("c"), "c1")).as("nobody has more than one").contains("c1");
    assertThat(full.size()).isEqualTo(3);
    assertThat(drain(full)).containsExactly("f1", "a1", "b1");
  }

  @Test
  void theLongestLineOfTheLongestPrincipalMakesRoom() {
    var full = new FairQueue<String>(4);
    full.add(new RecordingSession("x").of("p"), "x1");
    full.add(new RecordingSession("y").of("p"), "y1");
    full.add(new RecordingSession("y").of("p"), "y2");
    full.add(new RecordingSession("z").of("q"), "z1");

    assertThat(full.add(new RecordingSession("w").of("q"), "w1")).contains("y2");
    assertThat(full.add(new RecordingSession("v").of("r"), "v1")).contains("x1");
  }

  @Test
  void theGatewayItselfMakesRoomFirst() {
    var full = new FairQueue<String>(2);
    full.add(GatewayClient.INSTANCE, "own");
    full.add(client("a"), "a1");

    assertThat(full.add(client("a"), "a2")).contains("own");
    assertThat(full.add(GatewayClient.INSTANCE, "own")).contains("own");
  }

  @Test
  void nobodyWaitsWhereNobodyMay() {
    var none = new FairQueue<String>(0);

    assertThat(none.add(client("a"), "a1")).contains("a1");
    assertThat(none.size()).isZero();
    assertThat(none.poll()).isEmpty();
  }

  private List<String> order() {
    return drain(queue);
  }

  private static List<String> drain(FairQueue<String> queue) {
    var order = new ArrayList<String>();
    while (queue.size() > 0) {
      order.add(queue.poll().orElseThrow());
    }
    return order;
  }
}
