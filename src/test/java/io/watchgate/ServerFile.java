package io.watchgate;

import io.watchgate.testkit.TestServers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/// Configuration files with fixture servers.
final class ServerFile {
  private static final String GONE =
      "    - {name: gone, command: [\"/nonexistent\"], connection_timeout: 1s}\n";

  private ServerFile() {}

  /// One server `one`, over HTTP on any port.
  static Path http(Path directory) throws IOException {
    return write(directory, "http", "", server("one"));
  }

  static Path stdio(Path directory, String... flags) throws IOException {
    return write(directory, "stdio", "", server("one", flags));
  }

  /// The server `one`, and `gone`, whose program is not there.
  static Path withGone(Path directory) throws IOException {
    return write(directory, "http", "", server("one") + GONE);
  }

  /// @param more lines behind `proxy`
  static Path write(Path directory, String transport, String more, String servers)
      throws IOException {
    var yaml =
        "proxy:\n  transport: "
            + transport
            + "\n  http: {port: 0}\n  upstreams:\n"
            + servers
            + more;
    return Files.writeString(directory.resolve("watchgate.yaml"), yaml);
  }

  static String server(String name, String... flags) {
    return "    - name: "
        + name
        + "\n      command: ["
        + quoted(TestServers.command(flags))
        + "]\n";
  }

  private static String quoted(List<String> words) {
    return words.stream()
        .map(word -> '"' + word.replace("\\", "\\\\").replace("\"", "\\\"") + '"')
        .collect(Collectors.joining(", "));
  }
}
