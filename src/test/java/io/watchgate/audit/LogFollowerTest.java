package io.watchgate.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.watchgate.jsonrpc.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogFollowerTest {
  @TempDir private Path directory = Path.of("");

  private Path active = Path.of("");

  @BeforeEach
  void nameTheLog() {
    active = directory.resolve("audit.jsonl");
  }

  private TestLog log() throws IOException {
    return TestLog.create(active, directory);
  }

  private static List<String> numbers(List<Json> records) {
    return records.stream().map(record -> record.member("seq").orElseThrow().toString()).toList();
  }

  @Test
  void theLastRecordsComeFirstAndThenWhatIsAdded() throws IOException {
    try (var log = log().addCalls(5);
        var follower = LogFollower.of(active)) {
      assertThat(numbers(follower.last(2))).containsExactly("4", "5");
      assertThat(follower.poll()).isEmpty();
      log.addCalls(2);
      assertThat(numbers(follower.poll())).containsExactly("6", "7");
    }
  }

  @Test
  void theLastRecordsOfALongFileAreFoundFromItsEnd() throws IOException {
    try (var _ = log().addCalls(1000);
        var follower = LogFollower.of(active)) {
      assertThat(numbers(follower.last(3))).containsExactly("998", "999", "1000");
    }
  }

  @Test
  void aLogIsFollowedThroughAnyNumberOfFiles() throws IOException {
    try (var log = log().addCalls(1);
        var follower = LogFollower.of(active)) {
      assertThat(numbers(follower.last(0))).isEmpty();
      log.addCalls(1).rotate().addCalls(1);
      assertThat(numbers(follower.poll())).containsExactly("2", "3", "4");
      log.addCalls(1).rotate().addCalls(1).rotate().compress(3).addCalls(1);
      assertThat(numbers(follower.poll())).containsExactly("5", "6", "7", "8", "9");
      assertThat(follower.poll()).isEmpty();
    }
  }

  @Test
  void aLineIsGivenWhenItIsWhole() throws IOException {
    try (var log = log().addCalls(1);
        var follower = LogFollower.of(active)) {
      assertThat(follower.last(9)).hasSize(1);
      var line = "{\"seq\":2,\"event\":\"x\",\"prev\":\"%s\"}\n".formatted(log.head());
      Files.writeString(active, line.substring(0, 9), StandardOpenOption.APPEND);
      assertThat(follower.poll()).isEmpty();
      Files.writeString(active, line.substring(9), StandardOpenOption.APPEND);
      assertThat(numbers(follower.poll())).containsExactly("2");
    }
  }

  @Test
  void aMissingFileIsWaitedFor() throws IOException {
    try (var log = log().addCalls(2).rotate()) {
      Files.move(active, directory.resolve("elsewhere"));
      try (var follower = LogFollower.of(active)) {
        assertThat(follower.last(9)).isEmpty();
        assertThat(follower.poll()).isEmpty();
        Files.move(directory.resolve("elsewhere"), active);
        log.addCalls(1);
        assertThat(numbers(follower.poll())).containsExactly("1", "2", "3", "4");
      }
    }
  }

  @Test
  void whoHasSeveralLogsNamesOne() throws IOException {
    log().close();
    TestLog.create(directory.resolve("b.jsonl"), directory).close();

    assertThatThrownBy(() -> LogFollower.of(directory)).hasMessageContaining("several logs");
  }
}
