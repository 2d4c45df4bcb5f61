package io.watchgate.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.data.Percentage.withPercentage;

import io.watchgate.jsonrpc.Json;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LogStatsTest {
  private final LogStats stats = new LogStats();

  private void response(String tool, String outcome, double millis) {
    stats.accept(
        Json.object(
            "time",
            "2026-11-27T21:00:00.000Z",
            "event",
            "response",
            "server",
            "files",
            "name",
            tool,
            "outcome",
            outcome,
            "duration_ms",
            millis));
  }

  @Test
  void callsAreCountedByTheirEndAndTimedByTheirTool() {
    for (int i = 1; i <= 100; i++) {
      response("read", i <= 90 ? "completed" : "timeout", i);
    }
    response("write", "completed", 500);

    assertThat(stats.outcomes()).isEqualTo(Map.of("completed", 91L, "timeout", 10L));
    assertThat(stats.durations().percentile(0.5)).isCloseTo(50, withPercentage(13));
    assertThat(stats.durations().longest()).isEqualTo(500);
    assertThat(stats.slowest())
        .extracting(tool -> tool.target().name(), LogStats.Tool::failed)
        .containsExactly(tuple("write", 0L), tuple("read", 10L));
  }

  @Test
  void whatPluginsStoppedIsCountedByPlugin() {
    var plugins =
        Json.trusted(
            """
            [{"plugin":"pii","verdict":"pass"},{"plugin":"secrets","verdict":"block"}]
            """);
    stats.accept(Json.object("event", "response", "outcome", "blocked", "plugins", plugins));
    stats.accept(Json.object("event", "request", "plugins", plugins));

    assertThat(stats.blocks()).isEqualTo(Map.of("secrets", 2L));
    assertThat(stats.events()).isEqualTo(Map.of("request", 1L, "response", 1L));
  }

  @Test
  void recordsWithoutMembersAreCountedAllTheSame() {
    stats.accept(Json.EMPTY_OBJECT);
    stats.accept(Json.object("event", "response", "duration_ms", "soon"));

    assertThat(stats.records()).isEqualTo(2);
    assertThat(stats.durations().count()).isZero();
    assertThat(stats.durations().percentile(0.5)).isZero();
  }

  @Test
  void namesThatAreTooManyAreOthers() {
    for (int i = 0; i < 10_010; i++) {
      response("tool" + i, "completed", 1);
    }
    assertThat(stats.slowest()).hasSize(10_001);
    assertThat(stats.slowest())
        .filteredOn(tool -> tool.target().name().equals("(others)"))
        .singleElement()
        .satisfies(others -> assertThat(others.durations().count()).isEqualTo(10));
  }

  @Test
  void aHistogramHasNoEmptyEnds() {
    response("read", "completed", 3);
    response("read", "completed", 70);
    response("read", "completed", 1e12);

    assertThat(stats.durations().ranges(1, 5, 50, 100))
        .extracting(Durations.Range::count)
        .containsExactly(1L, 0L, 1L, 1L);
    assertThat(stats.durations().ranges(1, 5, 50, 100).getLast().below()).isInfinite();
  }
}
