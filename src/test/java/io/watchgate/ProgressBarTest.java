package io.watchgate;

import static org.assertj.core.api.Assertions.assertThat;

import io.watchgate.testkit.HandTurnedTime;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ProgressBarTest {
  private final ByteArrayOutputStream written = new ByteArrayOutputStream();
  private final HandTurnedTime time = new HandTurnedTime();

  private ProgressBar bar(boolean isWatched, long total) {
    var out = new PrintStream(written, true, StandardCharsets.UTF_8);
    return new ProgressBar(out, isWatched, total, time);
  }

  private String text() {
    return written.toString(StandardCharsets.UTF_8);
  }

  @Test
  void nothingIsDrawnOfWhatIsDoneSoon() {
    try (var bar = bar(true, 100)) {
      bar.accept(50);
      time.turn(Duration.ofMillis(900));
      bar.accept(50);
    }
    assertThat(text()).isEmpty();
  }

  @Test
  void whatTakesLongIsDrawnAndTakenAway() {
    try (var bar = bar(true, 100_000_000)) {
      time.turn(Duration.ofSeconds(2));
      bar.accept(50_000_000);
      assertThat(text()).contains("[####################      ", " 50 %", "25 MB/s");
      bar.accept(1);
      time.turn(Duration.ofMillis(200));
      bar.accept(49_999_999);
      assertThat(text()).contains("100 %");
      assertThat(text().chars().filter(c -> c == '\r')).hasSize(2);
    }
    assertThat(text()).endsWith(" \r");
  }

  @Test
  void nobodyGetsABarWhoDoesNotWatch() {
    try (var bar = bar(false, 100)) {
      time.turn(Duration.ofSeconds(2));
      bar.accept(50);
    }
    assertThat(text()).isEmpty();
  }

  @Test
  void moreThanThereWasIsAllOfIt() {
    try (var bar = bar(true, 0)) {
      time.turn(Duration.ofSeconds(2));
      bar.accept(50);
    }
    assertThat(text()).contains("100 %");
  }
}
