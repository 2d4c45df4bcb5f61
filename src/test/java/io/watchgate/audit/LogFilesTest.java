package io.watchgate.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogFilesTest {
  @TempDir private Path directory = Path.of("");

  private void touch(String... names) throws IOException {
    for (var name : names) {
      Files.createFile(directory.resolve(name));
    }
  }

  private LogFiles log(String name) {
    return new LogFiles(directory.resolve(name));
  }

  private static List<String> names(List<LogFile> files) {
    return files.stream().map(file -> file.path().getFileName().toString()).toList();
  }

  @Test
  void filesOfALogAreNamedAfterTheActiveOne() {
    var log = new LogFiles(Path.of("logs", "audit.2.jsonl"));

    assertThat(log.closed(17)).isEqualTo(Path.of("logs", "audit.2-000000000017.jsonl"));
    assertThat(LogFiles.compressed(log.closed(17)))
        .isEqualTo(Path.of("logs", "audit.2-000000000017.jsonl.gz"));
    assertThat(log.checkpoints()).isEqualTo(Path.of("logs", "audit.2.checkpoints"));
    assertThat(log.lock()).isEqualTo(Path.of("logs", "audit.2.jsonl.lock"));
  }

  @Test
  void filesAreInTheOrderOfTheirLines() throws IOException {
    touch("audit.jsonl", "audit-000000000900.jsonl", "audit-000000000001.jsonl.gz");
    touch("audit-1234567890123.jsonl", "audit-000000000100.jsonl");
    touch("audit.2.jsonl", "audit.2-000000000001.jsonl", "audit.checkpoints", "audit.jsonl.lock");

    assertThat(names(log("audit.jsonl").all()))
        .containsExactly(
            "audit-000000000001.jsonl.gz",
            "audit-000000000100.jsonl",
            "audit-000000000900.jsonl",
            "audit.jsonl");
  }

  @Test
  void ofAFileThatIsBeingCompressedTheOriginalCounts() throws IOException {
    touch("audit-000000000001.jsonl", "audit-000000000001.jsonl.gz");

    assertThat(names(log("audit.jsonl").all())).containsExactly("audit-000000000001.jsonl");
  }

  @Test
  void everyLogOfADirectoryIsFound() throws IOException {
    touch("b.jsonl", "a-000000000001.jsonl.gz", "b.2.jsonl", "other.txt", "foreign.jsonl.gz");

    assertThat(LogFiles.in(directory))
        .containsExactly(log("a.jsonl"), log("b.jsonl"), log("b.2.jsonl"));
  }

  @Test
  void aLogWithoutFilesHasNone() throws IOException {
    assertThat(log("audit.jsonl").all()).isEmpty();
    assertThat(new LogFiles(directory.resolve("none/audit.jsonl")).all()).isEmpty();
  }

  @Test
  void compressedFilesAreReadAsTheyWereWritten() throws IOException {
    var path = directory.resolve("audit-000000000001.jsonl.gz");
    try (var out = new GZIPOutputStream(Files.newOutputStream(path))) {
      out.write("a line\n".getBytes(StandardCharsets.UTF_8));
    }
    try (var in = LogFile.of(path).open(_ -> {})) {
      assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8)).isEqualTo("a line\n");
    }
  }
}
