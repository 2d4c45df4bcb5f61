package io.watchgate.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ExamplesTest {
  private static final Path EXAMPLES = Path.of("examples");

  static List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(EXAMPLES)) {
      return files.filter(Files::isRegularFile).sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("files")
  void everyExampleLoadsAnywhere(Path file) {
    var config =
        file.toString().endsWith(".json")
            ? McpJson.load(file, Map.of()).config()
            : ConfigLoader.load(file, Map.of());
    assertThat(config.upstreams()).isNotEmpty();
  }

  @Test
  void theAdvancedExampleHasServersOfEveryKind() {
    var config = ConfigLoader.load(EXAMPLES.resolve("advanced.yaml"), Map.of());
    assertThat(config.upstreams()).hasSize(4);
    assertThat(config.upstreams()).extracting(each -> each.prefix()).contains("files__", "web_");
    assertThat(config.inactive()).isEmpty();
  }

  @Test
  void theGatekitExampleSaysWhatDoesNothing() {
    var config = ConfigLoader.load(EXAMPLES.resolve("gatekit.yaml"), Map.of());
    assertThat(config.inactive())
        .containsExactly(
            "proxy.upstreams[filesystem].server_identity", "logging.format", "logging.date_format");
    assertThat(config.logging().level()).isEqualTo("WARN");
  }
}
