package io.watchgate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.watchgate.config.ConfigLoader;
import io.watchgate.testkit.FixtureHttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class StatusCommandTest {
  @TempDir private Path directory = Path.of("");

  @Test
  void aRunningGatewayIsShownInColumns() throws Exception {
    try (var web = FixtureHttpServer.start()) {
      var file = write("{enabled: true, port: %d}".formatted(freePort()), web.uri().toString());
      try (var running = Running.start(new Gateway(ConfigLoader.load(file, Map.of())))) {
        await().until(() -> running.gateway().upstreams().getFirst().sessions() == 1);
        var client = new LocalClient(running.gateway().handler(), _ -> {});
        var _ = client.request("tools/list", io.watchgate.jsonrpc.Json.EMPTY_OBJECT);

        var shown = Captured.run("status", "-c", file.toString());

        assertThat(shown.err()).isEmpty();
        assertThat(shown.code()).isZero();
        assertThat(shown.out())
            .containsPattern("^watchgate \\S+ at http://127.0.0.1:\\d+: serving, 0 in flight")
            .contains("configuration in force since ")
            .containsPattern("(?m)^SERVER +STATE +ERA +SESSIONS +POOL +BREAKER +RESTARTS +CALLS")
            .containsPattern("(?m)^web +ready +2025-11-25 +1 +")
            .containsPattern("(?m)^gone +(failed|connecting) +- +0 +")
            .containsPattern("(?m)^  gone  \\d+ s ago  .*no such program");
        assertThat(shown.out().lines()).allMatch(line -> line.length() <= 100);
        var json = Captured.run("status", "--json", "-c", file.toString());
        assertThat(json.out()).startsWith("{\"version\":").endsWith("}\n");
      }
      var gone = Captured.run("status", "-c", file.toString());
      assertThat(gone.code()).isEqualTo(1);
      assertThat(gone.err()).contains("no gateway answers at http://127.0.0.1:", file.toString());
    }
  }

  @Test
  void whoCannotBeAskedIsToldHowToChangeThat() throws IOException {
    var without = Captured.run("status", "-c", ServerFile.http(directory).toString());
    assertThat(without.code()).isEqualTo(1);
    assertThat(without.err()).contains("admin.enabled: true").doesNotContain("\tat ");
    var anywhere = write("{enabled: true, port: 0}", "http://127.0.0.1:1/mcp");
    assertThat(Captured.run("status", "-c", anywhere.toString()).err()).contains("admin.port");
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private Path write(String admin, String url) throws IOException {
    return Files.writeString(
        directory.resolve("watchgate.yaml"),
        """
        proxy:
          transport: http
          http: {port: 0}
          upstreams:
            - {name: web, url: "%s"}
            - {name: gone, command: ["/nonexistent"]}
        admin: %s
        """
            .formatted(url, admin));
  }
}
