package io.watchgate.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigFinderTest {
  @TempDir Path directory;

  @Test
  void theOrderIsOptionVariableWorkingDirectoryThenUser() {
    var files = new ConfigFiles(directory);
    var option = files.write("option.yaml", "");
    var variable = files.write("variable.yaml", "");
    var local = files.write("work/watchgate.yaml", "");
    var user = files.write("config/watchgate/watchgate.yaml", "");
    var home = files.write("home/.config/watchgate/watchgate.yaml", "");
    var work = directory.resolve("work");
    Map<String, String> environment = new HashMap<>();
    environment.put("HOME", directory + "/home");
    environment.put("XDG_CONFIG_HOME", directory + "/config");
    environment.put("WATCHGATE_CONFIG", variable.toString());

    assertThat(ConfigFinder.find(Optional.of(option), environment, work)).isEqualTo(option);
    assertThat(ConfigFinder.find(Optional.empty(), environment, work)).isEqualTo(variable);
    environment.put("WATCHGATE_CONFIG", " ");
    assertThat(ConfigFinder.find(Optional.empty(), environment, work)).isEqualTo(local);
    assertThat(ConfigFinder.find(Optional.empty(), environment, directory)).isEqualTo(user);
    environment.put("XDG_CONFIG_HOME", "relative");
    assertThat(ConfigFinder.find(Optional.empty(), environment, directory)).isEqualTo(home);
  }

  @Test
  void aFileThatWasNamedMustBeThere() {
    var missing = Path.of("none.yaml");
    var environment = Map.of("WATCHGATE_CONFIG", "none.yaml");
    new ConfigFiles(directory).write("watchgate.yaml", "");

    assertThatThrownBy(() -> ConfigFinder.find(Optional.of(missing), Map.of(), directory))
        .isInstanceOf(ConfigNotFoundException.class)
        .hasMessage("There is no configuration file none.yaml (named by -c).");
    assertThatThrownBy(() -> ConfigFinder.find(Optional.empty(), environment, directory))
        .hasMessage("There is no configuration file none.yaml (named by $WATCHGATE_CONFIG).");
  }

  @Test
  void whenNothingIsFoundEveryPlaceIsNamed() {
    var environment = Map.of("HOME", directory + "/home");
    assertThatThrownBy(() -> ConfigFinder.find(Optional.empty(), environment, directory))
        .isInstanceOfSatisfying(
            ConfigNotFoundException.class,
            e ->
                assertThat(e.searched())
                    .containsExactly(
                        directory.resolve("watchgate.yaml"),
                        directory.resolve("home/.config/watchgate/watchgate.yaml")))
        .hasMessageContainingAll(
            "-c FILE (not given)",
            "$WATCHGATE_CONFIG (not set)",
            directory + "/watchgate.yaml (not there)",
            directory + "/home/.config/watchgate/watchgate.yaml (not there)");
  }
}
