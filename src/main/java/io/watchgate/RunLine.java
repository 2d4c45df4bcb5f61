package io.watchgate;

import io.watchgate.config.GatewayConfig.Transport;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The plain command lines that clients start the gateway with: `run`, and options with their
/// values as words of their own. Clients wait for the gateway to start, and to load the library
/// that reads all other command lines would take as long as all the rest.
final class RunLine {
  private static final Set<String> OPTIONS =
      Set.of("--config", "--mcp-json", "--transport", "--host", "--port");
  private static final int MOST_DIGITS = 5;

  private RunLine() {}

  /// The command of a line, empty where the library has to read it: it knows more, and says what is
  /// wrong.
  static Optional<RunCommand> read(List<String> arguments) {
    if (arguments.isEmpty() || !arguments.getFirst().equals("run")) {
      return Optional.empty();
    }
    return values(arguments.subList(1, arguments.size())).flatMap(RunLine::command);
  }

  private static Optional<Map<String, String>> values(List<String> words) {
    var values = new HashMap<String, String>();
    for (int i = 0; i + 1 < words.size(); i += 2) {
      var name = words.get(i).equals("-c") ? "--config" : words.get(i);
      var value = words.get(i + 1);
      boolean isPlain = OPTIONS.contains(name) && !value.isEmpty() && !value.startsWith("-");
      if (!isPlain || values.put(name, value) != null) {
        return Optional.empty();
      }
    }
    return words.size() % 2 == 0 ? Optional.of(values) : Optional.empty();
  }

  private static Optional<RunCommand> command(Map<String, String> values) {
    var config = path(values, "--config");
    var mcpJson = path(values, "--mcp-json");
    var transport = Optional.ofNullable(values.get("--transport"));
    var port = Optional.ofNullable(values.get("--port"));
    boolean isTold =
        transport.map(word -> word.equals("stdio") || word.equals("http")).orElse(true)
            && port.map(RunLine::isPort).orElse(true)
            && (config.isEmpty() || mcpJson.isEmpty());
    return isTold
        ? Optional.of(
            new RunCommand(
                new ConfigOptions(config, mcpJson),
                transport.map(word -> word.equals("stdio") ? Transport.STDIO : Transport.HTTP),
                Optional.ofNullable(values.get("--host")),
                port.map(Integer::valueOf)))
        : Optional.empty();
  }

  private static Optional<Path> path(Map<String, String> values, String name) {
    return Optional.ofNullable(values.get(name)).map(Path::of);
  }

  private static boolean isPort(String text) {
    return text.length() <= MOST_DIGITS && text.chars().allMatch(c -> c >= '0' && c <= '9');
  }
}
