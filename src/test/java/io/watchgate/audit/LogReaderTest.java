package io.watchgate.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogReaderTest {
  @TempDir private Path directory = Path.of("");

  private final LogReader reader = new LogReader(_ -> {});

  private TestLog log(String name) throws IOException {
    return TestLog.create(directory.resolve(name), directory);
  }

  private List<String> read(Path path, String member) throws IOException {
    var found = new ArrayList<String>();
    reader.read(path, record -> record.member(member).ifPresent(value -> found.add(value + "")));
    return found;
  }

  @Test
  void recordsOfAllFilesComeInTheirOrder() throws IOException {
    log("audit.jsonl").addCalls(3).rotate().addCalls(3).rotate().addCalls(3).compress(1).close();

    var numbers = IntStream.rangeClosed(1, 11).mapToObj(Integer::toString).toList();
    assertThat(read(directory.resolve("audit.jsonl"), "seq")).isEqualTo(numbers);
    assertThat(read(directory.resolve("audit-000000000004.jsonl"), "seq"))
        .containsExactly("4", "5", "6", "7");
  }

  @Test
  void recordsOfSeveralLogsComeInTheOrderOfTime() throws IOException {
    try (var one = log("a.jsonl");
        var other = log("b.jsonl")) {
      one.add("\"time\":\"2026-01-01T00:00:01.000Z\"");
      other.add("\"time\":\"2026-01-01T00:00:02.000Z\"");
      one.add("\"time\":\"2026-01-01T00:00:03.000Z\"");
    }
    assertThat(read(directory, "time")).hasSize(3).isSorted();
  }

  @Test
  void whatIsNoRecordIsLeftOutAndCounted() throws IOException {
    var active = directory.resolve("audit.jsonl");
    log("audit.jsonl").addCalls(1).close();
    Files.writeString(active, "nonsense\n[1]\n{\"seq\":", StandardOpenOption.APPEND);

    assertThat(read(active, "seq")).containsExactly("1");
    assertThat(reader.unreadable()).isEqualTo(2);
  }

  @Test
  void aFileThatCannotBeDecompressedIsNamed() throws IOException {
    var log = log("audit.jsonl").addCalls(3).rotate();
    log.close();
    Files.write(LogFiles.compressed(log.files().closed(1)), new byte[] {1, 2, 3});
    Files.delete(log.files().closed(1));

    assertThatThrownBy(() -> read(directory, "seq"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("audit-000000000001.jsonl.gz cannot be decompressed")
        .hasMessageContaining("audit verify");
  }
}
