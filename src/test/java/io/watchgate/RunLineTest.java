package io.watchgate;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RunLineTest {
  @TempDir private Path directory = Path.of("");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "run",
        "run -c a.yaml",
        "run --config a.yaml --transport http --host localhost --port 0",
        "run --port 65536 --mcp-json a.json --transport stdio"
      })
  void plainLinesAreReadWithoutTheLibrary(String line) {
    assertThat(read(line)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "check -c a.yaml",
        "run --help",
        "run -c",
        "run -c -h",
        "run --config=a.yaml",
        "run -c a.yaml -c b.yaml",
        "run -c a.yaml --config b.yaml",
        "run -c a.yaml --mcp-json b.json",
        "run --transport HTTP",
        "run --port +1",
        "run --port 100000",
        "run --verbose yes",
        "run a.yaml"
      })
  void allOtherLinesAreLeftToTheLibrary(String line) {
    assertThat(read(line)).isFalse();
  }

  @Test
  void aPlainLineIsCarriedOutLikeAnyOther() {
    var missing = directory.resolve("missing.yaml").toString();
    var plain = Captured.run("run", "-c", missing, "--transport", "http");
    assertThat(plain.code()).isEqualTo(2);
    assertThat(plain.err()).contains("missing.yaml");
    assertThat(plain).isEqualTo(Captured.run("run", "--config=" + missing, "--transport=http"));
  }

  @Test
  void aPlainLineSaysHowClientsComeIn() throws Exception {
    var file = ServerFile.withGone(directory).toString();
    var plain = Captured.run("run", "-c", file, "--transport", "http", "--port", "70000");
    assertThat(plain.code()).isEqualTo(2);
    assertThat(plain.err()).contains("port from 0 to 65535, not 70000");
    assertThat(plain)
        .isEqualTo(Captured.run("run", "-c" + file, "--transport=http", "--port=70000"));
  }

  private static boolean read(String line) {
    return RunLine.read(List.of(line.split(" ", -1))).isPresent();
  }
}
