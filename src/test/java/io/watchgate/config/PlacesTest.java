package io.watchgate.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlacesTest {
  private final Places places =
      new Places(
          Path.of("/etc/watchgate/watchgate.yaml"),
          Map.of("HOME", "/home/ada", "LOGS", "/var/log", "_a1", "x"));

  @ParameterizedTest
  @CsvSource({
    "$LOGS/audit.jsonl, /var/log/audit.jsonl",
    "${LOGS}.d/a, /var/log.d/a",
    "a$_a1$_a1/b, axx/b",
    "$NOBODY/a, $NOBODY/a",
    "${NOBODY}/a, ${NOBODY}/a",
    "${LOGS, ${LOGS",
    "a$, a$",
    "$1/${}, $1/${}",
    "plain, plain"
  })
  void variablesOfPathsAreReplacedAsAShellDoes(String path, String expected) {
    assertThat(places.withVariables(path)).isEqualTo(expected);
  }

  @Test
  void thePathOfAPluginMayHaveVariables() {
    assertThat(places.resolve(places.withVariables("~/$_a1"))).isEqualTo(Path.of("/home/ada/x"));
  }
}
