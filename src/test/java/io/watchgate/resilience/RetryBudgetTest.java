package io.watchgate.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import io.watchgate.testkit.HandTurnedTime;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class RetryBudgetTest {
  private final HandTurnedTime time = new HandTurnedTime();
  private final RetryBudget budget = new RetryBudget(0.2, time);

  @Test
  void aShareOfManyCallsMayBeMadeAgain() {
    for (int second = 0; second < 20; second++) {
      for (int call = 0; call < 50; call++) {
        time.turn(Duration.ofMillis(20));
        budget.tried(1);
        boolean _ = budget.take();
      }
    }
    assertThat(budget.taken()).isBetween(195L, 200L);
  }

  @Test
  void fewCallsMayAllBeMadeAgain() {
    for (int second = 0; second < 20; second++) {
      time.turn(Duration.ofSeconds(1));
      budget.tried(1);
      assertThat(budget.take()).isTrue();
    }
  }

  @Test
  void aBurstIsBoundedHoweverManyCallsWentBefore() {
    for (int call = 0; call < 10_000; call++) {
      budget.tried(1);
    }
    assertThat(burst()).isEqualTo(10);
    time.turn(Duration.ofSeconds(1));
    assertThat(burst()).isEqualTo(3);
  }

  @Test
  void withoutAShareNothingIsMadeAgain() {
    var none = new RetryBudget(0, time);
    none.tried(1);
    assertThat(none.take()).isFalse();
  }

  private int burst() {
    int taken = 0;
    while (budget.take()) {
      taken++;
    }
    return taken;
  }
}
