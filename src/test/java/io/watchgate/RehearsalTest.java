package io.watchgate;

import static org.assertj.core.api.Assertions.assertThat;

import io.watchgate.testkit.Program;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class RehearsalTest {
  @TempDir private Path directory = Path.of("");

  @Test
  void everyRequestOfTheRehearsalIsAnsweredAndNothingIsPrinted() throws Exception {
    var temporary = Files.createDirectory(directory.resolve("tmp")).toString();
    var options = Map.of("JDK_JAVA_OPTIONS", "-Djava.io.tmpdir=" + temporary);
    try (var program = Program.start(directory, options, "rehearse")) {
      assertThat(program.exitCode()).isZero();
      assertThat(program.rest()).isEmpty();
    }
    assertThat(Path.of(temporary)).isEmptyDirectory();
    assertThat(directory.resolve("state/watchgate/audit")).isDirectory();
  }
}
