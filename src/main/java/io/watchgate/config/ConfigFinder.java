package io.watchgate.config;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Finds the configuration file: the one that was named, otherwise the first that exists.
public final class ConfigFinder {
  /// The variable that names a configuration file.
  public static final String VARIABLE = "WATCHGATE_CONFIG";

  private static final String NAME = "watchgate.yaml";

  private ConfigFinder() {}

  /// The file to load. Looks at `-c`, `$WATCHGATE_CONFIG`, `watchgate.yaml` in the working
  /// directory and `watchgate/watchgate.yaml` in the user's configuration directory. A file that
  /// was named must be there: the search does not go on without it.
  ///
  /// @param option what `-c` said
  /// @param workingDirectory an empty path keeps relative files relative, as messages show them
  /// @throws ConfigNotFoundException naming every place that was searched
  public static Path find(
      Optional<Path> option, Map<String, String> environment, Path workingDirectory) {
    var variable = Optional.ofNullable(environment.get(VARIABLE)).filter(value -> !value.isBlank());
    if (option.isPresent()) {
      return named(workingDirectory.resolve(option.get()), option.get(), "-c");
    } else if (variable.isPresent()) {
      var file = Path.of(variable.get());
      return named(workingDirectory.resolve(file), file, "$" + VARIABLE);
    }
    var places = List.of(workingDirectory.resolve(NAME), userFile(environment));
    return places.stream().filter(Files::exists).findFirst().orElseThrow(() -> notFound(places));
  }

  private static Path named(Path resolved, Path file, String source) {
    if (!Files.exists(resolved)) {
      throw new ConfigNotFoundException(
          "There is no configuration file " + file + " (named by " + source + ").",
          List.of(resolved));
    }
    return resolved;
  }

  /// A relative `XDG_CONFIG_HOME` is no use: the specification says to ignore it.
  private static Path userFile(Map<String, String> environment) {
    var directory =
        Optional.ofNullable(environment.get("XDG_CONFIG_HOME"))
            .map(Path::of)
            .filter(Path::isAbsolute)
            .orElseGet(() -> Path.of(Places.home(environment), ".config"));
    return directory.resolve("watchgate").resolve(NAME);
  }

  private static ConfigNotFoundException notFound(List<Path> places) {
    List<String> lines = new ArrayList<>();
    lines.add("There is no configuration file. Searched:");
    lines.add("  -c FILE (not given)");
    lines.add("  $" + VARIABLE + " (not set)");
    places.forEach(place -> lines.add("  " + place.toAbsolutePath() + " (not there)"));
    lines.add("Write one of them, or give the file of an MCP client with --mcp-json FILE.");
    return new ConfigNotFoundException(String.join("\n", lines), places);
  }
}
