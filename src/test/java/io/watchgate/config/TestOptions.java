package io.watchgate.config;

import io.watchgate.plugin.Options;
import io.watchgate.plugin.PluginFactory;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// Options of plugins, for tests: read by the same reader as those of a file.
public final class TestOptions {
  private TestOptions() {}

  /// Options written in YAML, without the `config:` around them.
  public static Options of(String yaml) {
    return new PluginOptions(place(yaml, new Problems(FILE)));
  }

  /// What a factory has against options: `line:column path: message`, also unknown keys.
  public static List<String> problems(PluginFactory factory, String yaml) {
    var problems = new Problems(FILE);
    var options = new PluginOptions(place(yaml, problems));
    factory.read(options);
    options.reportUnknown();
    return problems.found().stream()
        .map(p -> p.line() + ":" + p.column() + " " + p.path() + ": " + p.message())
        .toList();
  }

  private static final Path FILE = Path.of("/etc/watchgate/watchgate.yaml");

  private static Place place(String yaml, Problems problems) {
    var value = yaml.isBlank() ? YamlReader.readOwn("{}") : YamlReader.readOwn(yaml);
    return new Place(value, "config", new Places(FILE, Map.of()), problems);
  }
}
