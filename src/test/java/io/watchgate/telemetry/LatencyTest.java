package io.watchgate.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

class LatencyTest {
  private final Latency latency = new Latency();

  @Test
  void nothingRecordedHasNoPercentile() {
    assertThat(latency.percentile(0.5)).isEmpty();
    assertThat(latency.count()).isZero();
    assertThat(latency.sum()).isEqualTo(Duration.ZERO);
  }

  @Test
  void percentilesAreExactToOnePartInThirtyTwo() {
    for (int micros = 1; micros <= 10_000; micros++) {
      latency.record(TimeUnit.MICROSECONDS.toNanos(micros));
    }

    assertNanos(0.5, 5_000_000);
    assertNanos(0.99, 9_900_000);
    assertNanos(1, 10_000_000);
    assertThat(latency.count()).isEqualTo(10_000);
    assertThat(latency.sum()).isEqualTo(Duration.ofMillis(50_005));
  }

  @Test
  void everyMagnitudeIsKeptApart() {
    for (long micros = 1; micros < 1L << 34; micros *= 2) {
      var one = new Latency();
      one.record(TimeUnit.MICROSECONDS.toNanos(micros));

      assertThat(one.percentile(0.5).orElseThrow() / 1000.0)
          .isBetween((double) micros, micros * 33 / 32.0 + 1);
    }
  }

  @Test
  void durationsBeyondTheRangeCountAsTheLongest() {
    latency.record(Long.MAX_VALUE);
    latency.record(-1);

    assertThat(latency.count()).isEqualTo(2);
    assertThat(latency.percentile(1).orElseThrow()).isGreaterThan(TimeUnit.HOURS.toNanos(9));
    assertThat(latency.percentile(0.5).orElseThrow()).isLessThan(1000);
  }

  @Test
  void manyThreadsLoseNothing() {
    IntStream.range(0, 100_000).parallel().forEach(latency::record);

    assertThat(latency.count()).isEqualTo(100_000);
  }

  private void assertNanos(double part, long nanos) {
    assertThat(latency.percentile(part).orElseThrow())
        .isCloseTo(nanos, Percentage.withPercentage(100 / 32.0));
  }
}
