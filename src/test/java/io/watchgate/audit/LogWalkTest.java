package io.watchgate.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogWalkTest {
  @TempDir private Path directory = Path.of("");

  private TestLog log() throws IOException {
    return TestLog.create(directory.resolve("audit.jsonl"), directory);
  }

  private static String name(LogWalk.@Nullable Opened opened) throws IOException {
    if (opened == null) {
      return "none";
    }
    opened.close();
    return opened.file().path().getFileName().toString();
  }

  @Test
  void filesThatAreClosedMeanwhileAreGoneThroughOnce() throws IOException {
    try (var log = log().addCalls(2).rotate().addCalls(2)) {
      var walk = new LogWalk(log.files(), _ -> {});
      assertThat(name(walk.next())).isEqualTo("audit-000000000001.jsonl");
      log.rotate().addCalls(2).rotate();
      assertThat(name(walk.next())).isEqualTo("audit-000000000003.jsonl");
      assertThat(name(walk.next())).isEqualTo("audit-000000000006.jsonl");
      assertThat(name(walk.next())).isEqualTo("audit.jsonl");
      log.rotate();
      assertThat(name(walk.next())).isEqualTo("none");
    }
  }

  @Test
  void aFileThatIsCompressedMeanwhileIsFoundUnderItsNewName() throws IOException {
    try (var log = log().addCalls(2).rotate().addCalls(2).rotate()) {
      var walk = new LogWalk(log.files(), _ -> {});
      assertThat(name(walk.next())).isEqualTo("audit-000000000001.jsonl");
      log.compress(3);
      try (var opened = Objects.requireNonNull(walk.next())) {
        assertThat(opened.lines().next()).isNotNull();
      }
    }
  }

  @Test
  void aFileThatIsRemovedMeanwhileIsNamed() throws IOException {
    try (var log = log().addCalls(2).rotate().addCalls(2).rotate()) {
      var walk = new LogWalk(log.files(), _ -> {});
      assertThat(name(walk.next())).isEqualTo("audit-000000000001.jsonl");
      Files.delete(log.files().closed(3));

      assertThatThrownBy(walk::next)
          .isInstanceOf(IOException.class)
          .hasMessageContaining("audit-000000000003.jsonl went while the log was read")
          .hasMessageContaining("Try again");
    }
  }
}
