package io.watchgate.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// Writes configurations into a directory and loads them.
record ConfigFiles(Path directory, Map<String, String> environment) {
  ConfigFiles(Path directory) {
    this(directory, Map.of());
  }

  Path write(String name, String text) {
    try {
      var file = directory.resolve(name);
      Files.createDirectories(file.getParent());
      return Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  GatewayConfig load(String text) {
    return ConfigLoader.load(write("watchgate.yaml", text), environment);
  }

  McpJson.Loaded loadJson(String text) {
    return McpJson.load(write("mcp.json", text), environment);
  }

  /// What is said about the file, without the directory, a line each.
  List<String> problems(String text) {
    return said(catchThrowableOfType(InvalidConfigException.class, () -> load(text)));
  }

  List<String> jsonProblems(String text) {
    return said(catchThrowableOfType(InvalidConfigException.class, () -> loadJson(text)));
  }

  /// The only thing that is said about one server with these lines.
  String problemOfServer(String lines) {
    var problems = problems("proxy:\n  upstream:\n" + lines.indent(4));
    assertThat(problems).hasSize(1);
    return problems.getFirst();
  }

  private List<String> said(InvalidConfigException exception) {
    assertThat(exception).as("a problem").isNotNull();
    var lines = exception.problems().stream().map(Object::toString).toList();
    assertThat(exception).hasMessage(String.join("\n", lines));
    return lines.stream().map(line -> line.replace(directory + "/", "")).toList();
  }
}
