package io.watchgate.peers;

import io.modelcontextprotocol.spec.McpClientTransport;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// Where a server is: a command with variables, or an address with `/mcp` below it.
sealed interface Upstream {

  /// Its lines in a configuration file, without name.
  List<String> yaml();

  /// A client's own connection to it.
  McpClientTransport transport();

  /// A child process.
  record Command(List<String> command, Map<String, String> environment) implements Upstream {

    /// A process that carries the mark of a run of `make peers`, when this is one.
    static Command of(List<String> command, Map<String, String> environment) {
      Map<String, String> marked = new TreeMap<>(environment);
      String run = System.getenv(MARK);
      if (run != null) {
        marked.put(MARK, run);
      }
      return new Command(command, marked);
    }

    @Override
    public List<String> yaml() {
      String words = command.stream().map(Launch::quoted).collect(Collectors.joining(", "));
      String variables =
          environment.entrySet().stream()
              .map(entry -> entry.getKey() + ": " + Launch.quoted(entry.getValue()))
              .collect(Collectors.joining(", "));
      return List.of("command: [" + words + "]", "env: {" + variables + "}");
    }

    @Override
    public McpClientTransport transport() {
      return Launch.stdio(command, environment);
    }
  }

  /// A server that listens.
  record Address(String base) implements Upstream {
    @Override
    public List<String> yaml() {
      return List.of("url: " + Launch.quoted(base + "/mcp"));
    }

    @Override
    public McpClientTransport transport() {
      return Launch.http(base);
    }
  }

  /// By this variable `make peers` finds processes that were left behind.
  String MARK = "WATCHGATE_PEERS_RUN";
}
