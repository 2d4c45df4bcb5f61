package io.watchgate.middleware;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import io.watchgate.jsonrpc.Json;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class TokenEstimateTest {

  /// Texts with what real tokenizers make of them.
  private static List<Json> samples() throws IOException {
    try (InputStream file = TokenEstimateTest.class.getResourceAsStream("/tokens.json")) {
      var text = new String(Objects.requireNonNull(file).readAllBytes(), StandardCharsets.UTF_8);
      return TestExchange.json(text).elements();
    }
  }

  private static double counted(Json sample) {
    return (number(sample, "o200k") + number(sample, "llama3")) / 2;
  }

  private static double number(Json sample, String key) {
    return Double.parseDouble(sample.member(key).orElseThrow().toString());
  }

  private static double error(Json sample) {
    var estimate = TokenEstimate.of(sample.textMember("text").orElseThrow());
    return Math.abs(estimate - counted(sample)) / counted(sample);
  }

  @Test
  void estimatesAreNearToRealTokenizersInManyKindsOfText() throws IOException {
    for (var sample : samples()) {
      assertThat(error(sample)).as(sample.textMember("kind").orElseThrow()).isLessThan(0.35);
    }
    assertThat(samples().stream().mapToDouble(TokenEstimateTest::error).average().orElseThrow())
        .isLessThan(0.1);
  }

  @Test
  void estimatesGrowWithTheText() {
    var line = "The quick brown fox, 1234 times.\n";

    assertThat(TokenEstimate.of("")).isZero();
    assertThat((double) TokenEstimate.of(line.repeat(1000)))
        .isCloseTo(1000.0 * TokenEstimate.of(line), withinPercentage(10));
    assertThat(TokenEstimate.of("😀")).isBetween(1L, 3L);
    assertThat(TokenEstimate.of("a".repeat(100_000))).isGreaterThan(10_000);
  }
}
