package io.watchgate.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.watchgate.jsonrpc.Json;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RecordFilterTest {
  private static final Json RECORD =
      Json.trusted("{\"time\":\"2026-11-27T21:00:00.000Z\",\"server\":\"files\",\"code\":5}");

  private static boolean isMeant(String since, String until) {
    return new RecordFilter(
            Optional.of(since).filter(text -> !text.isEmpty()).map(Instant::parse),
            Optional.of(until).filter(text -> !text.isEmpty()).map(Instant::parse),
            Map.of())
        .test(RECORD);
  }

  private static boolean isMeant(String member, String wanted, Json record) {
    return new RecordFilter(Optional.empty(), Optional.empty(), Map.of(member, wanted))
        .test(record);
  }

  @Test
  void timesBoundWhatIsMeant() {
    assertThat(RecordFilter.ALL.test(RECORD)).isTrue();
    assertThat(isMeant("2026-11-27T21:00:00Z", "")).isTrue();
    assertThat(isMeant("2026-11-27T21:00:00.001Z", "")).isFalse();
    assertThat(isMeant("", "2026-11-27T21:00:00.001Z")).isTrue();
    assertThat(isMeant("", "2026-11-27T21:00:00Z")).isFalse();
  }

  @Test
  void whatHasNoTimeIsInNone() {
    var filter = new RecordFilter(Optional.of(Instant.EPOCH), Optional.empty(), Map.of());

    assertThat(filter.test(Json.trusted("{\"time\":\"now\"}"))).isFalse();
    assertThat(filter.test(Json.EMPTY_OBJECT)).isFalse();
  }

  @Test
  void membersHaveToBeThatText() {
    assertThat(isMeant("server", "files", RECORD)).isTrue();
    assertThat(isMeant("server", "file", RECORD)).isFalse();
    assertThat(isMeant("name", "files", RECORD)).isFalse();
    assertThat(isMeant("code", "5", RECORD)).isFalse();
  }
}
