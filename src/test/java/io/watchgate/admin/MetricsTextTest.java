package io.watchgate.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.watchgate.flow.Histogram;
import io.watchgate.telemetry.Family;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MetricsTextTest {
  private static String text(Family... families) {
    return MetricsText.of(List.of(families));
  }

  @Test
  void histogramHasCumulativeRangesUpToInfinity() {
    var histogram = new Histogram();
    histogram.record(Duration.ofMillis(3).toNanos());
    histogram.record(Duration.ofMillis(5).toNanos());
    histogram.record(Duration.ofMinutes(2).toNanos());

    var text = text(Family.histogram("wait_seconds", "Waits.").add(histogram, "of", "a").build());

    assertThat(text)
        .startsWith("# HELP wait_seconds Waits.\n# TYPE wait_seconds histogram\n")
        .contains(
            "wait_seconds_bucket{of=\"a\",le=\"0.0025\"} 0\n",
            "wait_seconds_bucket{of=\"a\",le=\"0.005\"} 2\n",
            "wait_seconds_bucket{of=\"a\",le=\"60\"} 2\n",
            "wait_seconds_bucket{of=\"a\",le=\"+Inf\"} 3\n",
            "wait_seconds_sum{of=\"a\"} 120.008\n",
            "wait_seconds_count{of=\"a\"} 3\n");
    assertThat(MetricsLint.of(text)).isEmpty();
  }

  @Test
  void nothingInALabelOrAHelpBreaksTheLines() {
    var text =
        text(
            Family.counter("odd_total", "One\\two\nthree \"four\".")
                .add(1, "name", "a\"} 1\nfake{x=\"\\")
                .build());

    assertThat(text)
        .isEqualTo(
            """
            # HELP odd_total One\\\\two\\nthree "four".
            # TYPE odd_total counter
            odd_total{name="a\\"} 1\\nfake{x=\\"\\\\"} 1
            """);
    assertThat(MetricsLint.of(text)).isEmpty();
  }

  @Test
  void numbersAreSpelledAsPrometheusReadsThem() {
    var family =
        Family.gauge("odd", "Numbers.")
            .add(Double.NaN, "n", "1")
            .add(Double.POSITIVE_INFINITY, "n", "2")
            .add(Double.NEGATIVE_INFINITY, "n", "3")
            .add(1e300, "n", "4")
            .add(1_700_000_000.5, "n", "5")
            .add(9e15, "n", "6");

    assertThat(text(family.build()))
        .contains("} NaN\n", "} +Inf\n", "} -Inf\n", "} 1.0E300\n", "} 1.7000000005E9\n")
        .contains("} 9000000000000000\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "# HELP a_total A.\n# TYPE a_total gauge\na_total 1\n",
        "# HELP a A.\n# TYPE a counter\na 1\n",
        "# HELP a_ms A.\n# TYPE a_ms gauge\na_ms 1\n",
        "# HELP a \n# TYPE a gauge\na 1\n",
        "# TYPE a gauge\na 1\n",
        "# HELP a A.\n# TYPE a gauge\na 1\na 2\n",
        "# HELP a A.\n# TYPE a gauge\na{x=\"1\"y=\"2\"} 2\n",
        "# HELP a A.\n# TYPE a gauge\na{x=\"\\q\"} 2\n",
        "# HELP a A.\n# TYPE a gauge\na 1\n# HELP a A.\n# TYPE a gauge\n",
        "# HELP a A.\n# TYPE a gauge\nb 1\n",
        "# HELP a A.\n# TYPE a gauge\na 1",
        """
        # HELP a_seconds A.
        # TYPE a_seconds histogram
        a_seconds_bucket{le="1"} 2
        a_seconds_sum 1
        a_seconds_count 2
        """,
        """
        # HELP a_seconds A.
        # TYPE a_seconds histogram
        a_seconds_bucket{le="2"} 2
        a_seconds_bucket{le="1"} 2
        a_seconds_bucket{le="+Inf"} 2
        a_seconds_count 2
        """,
        """
        # HELP a_seconds A.
        # TYPE a_seconds histogram
        a_seconds_bucket{le="1"} 3
        a_seconds_bucket{le="+Inf"} 2
        a_seconds_sum 1
        a_seconds_count 2
        """
      })
  void theCheckItselfFindsWhatPromtoolWouldFind(String text) {
    assertThat(MetricsLint.of(text)).isNotEmpty();
  }
}
