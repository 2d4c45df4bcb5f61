package io.watchgate;

import io.watchgate.config.ConfigLoader;
import io.watchgate.jsonrpc.Json;
import io.watchgate.testkit.TestServers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/// A gateway to look at: in front of two servers, with plugins and the admin listener.
final class ObservedGateway {
  private ObservedGateway() {}

  /// A gateway whose servers are reached.
  ///
  /// @param more lines of its file
  static Running start(Path directory, String more) throws IOException, InterruptedException {
    var command = Json.array(TestServers.command().stream().map(Json::string).toList());
    var file =
        Files.writeString(
            directory.resolve("watchgate.yaml"),
            """
            proxy:
              transport: http
              http: {port: 0}
              upstreams:
                - {name: one, command: %s}
                - {name: two, command: %s}
            plugins:
              security: {_global: [{handler: basic_pii_filter, config: {action: redact}}]}
              middleware: {_global: [{handler: token_usage}]}
            admin: {enabled: true, port: 0}
            """
                    .formatted(command, command)
                + more);
    var running = Running.start(new Gateway(ConfigLoader.load(file, Map.of())));
    for (var upstream : running.gateway().upstreams()) {
      if (!upstream.awaitFirstContact(Duration.ofSeconds(30))) {
        throw new IOException(upstream.name() + " was not reached");
      }
    }
    return running;
  }

  /// What Prometheus gets of it.
  static String metrics(Running running) throws IOException {
    return Http.get(running.adminUrl().orElseThrow() + "/metrics").body();
  }
}
