package io.watchgate;

import static org.assertj.core.api.Assertions.assertThat;

import io.watchgate.jsonrpc.Json;
import io.watchgate.mcp.Method;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What Prometheus' own checker says of the metrics of a running gateway and of the alerts.
@Tag("peers")
class PromtoolPeerTest {
  @TempDir private Path directory = Path.of("");

  @Test
  void metricsOfARunningGatewayAreClean() throws Exception {
    try (var running = ObservedGateway.start(directory, "")) {
      var client = new LocalClient(running.gateway().handler(), _ -> {});
      for (var tool : List.of("one__echo", "two__error", "none")) {
        var _ = client.request(Method.TOOLS_CALL, Json.object("name", tool));
      }

      assertThat(promtool(ObservedGateway.metrics(running), "check", "metrics")).isEmpty();
    }
  }

  @Test
  void alertsAreRulesOfPrometheus() throws Exception {
    assertThat(promtool("", "check", "rules", "examples/observability/alerts.yaml"))
        .contains("SUCCESS")
        .doesNotContain("FAILED");
  }

  private static String promtool(String input, String... arguments)
      throws IOException, InterruptedException {
    var command = new ArrayList<>(List.of("promtool"));
    command.addAll(List.of(arguments));
    var process = new ProcessBuilder(command).redirectErrorStream(true).start();
    try (var in = process.getOutputStream()) {
      in.write(input.getBytes(StandardCharsets.UTF_8));
    }
    var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    return said;
  }
}
