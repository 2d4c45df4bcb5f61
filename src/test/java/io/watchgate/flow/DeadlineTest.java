package io.watchgate.flow;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.Condition;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DeadlineTest {
  /// A clock that stands still.
  private record Still(long nanos) implements Time {
    @Override
    public long await(Condition signal, long nanos) {
      throw new IllegalStateException("nobody waits here");
    }

    @Override
    public <T extends @Nullable Object> T get(CompletableFuture<T> result, long nanos) {
      throw new IllegalStateException("nobody waits here");
    }
  }

  @Test
  void ofTwoOnOneClockTheOneThatIsReachedFirstIsTheSooner() {
    var clock = new Still(5);
    var soon = Deadline.after(Duration.ofSeconds(1), clock);
    var late = Deadline.after(Duration.ofSeconds(2), clock);
    assertThat(soon.orSooner(late)).isEqualTo(soon);
    assertThat(late.orSooner(soon)).isEqualTo(soon);
  }

  @Test
  void ofTwoOnDifferentClocksTheOneThatHasLessTimeLeftIsTheSooner() {
    var soon = Deadline.after(Duration.ofSeconds(1), new Still(1_000_000_000_000L));
    var late = Deadline.after(Duration.ofSeconds(2), new Still(7));
    assertThat(soon.orSooner(late)).isEqualTo(soon);
    assertThat(late.orSooner(soon)).isEqualTo(soon);
    assertThat(Deadline.NEVER.orSooner(late)).isEqualTo(late);
  }
}
