package io.watchgate;

import static org.assertj.core.api.Assertions.assertThat;

import io.watchgate.admin.MetricsLint;
import io.watchgate.jsonrpc.Json;
import io.watchgate.jsonrpc.Limits;
import io.watchgate.jsonrpc.Response;
import io.watchgate.mcp.Method;
import io.watchgate.testkit.TestCollector;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The metrics of gateways that really run.
class MetricsScenariosTest {
  private static final Path EXAMPLES = Path.of("examples/observability");
  private static final Pattern METRIC = Pattern.compile("\\b(watchgate|process|jvm)_[a-z0-9_]+");

  @TempDir private Path directory = Path.of("");

  private Running start() throws IOException, InterruptedException {
    return ObservedGateway.start(directory, "");
  }

  private static String text(Running running) throws IOException {
    return ObservedGateway.metrics(running);
  }

  private static Response call(LocalClient client, String tool) throws InterruptedException {
    return client.request(
        Method.TOOLS_CALL, Json.object("name", tool, "arguments", Json.object("text", "hello")));
  }

  @Test
  void textOfARunningGatewayIsClean() throws Exception {
    try (var running = start()) {
      var client = new LocalClient(running.gateway().handler(), _ -> {});
      call(client, "one__echo");
      call(client, "one__error");
      call(client, "nobody__has_it");

      var text = text(running);

      assertThat(MetricsLint.of(text)).isEmpty();
      assertThat(text)
          .contains(
              "watchgate_call_duration_seconds_count{upstream=\"one\",method=\"tools/call\","
                  + "tool=\"echo\",outcome=\"completed\"} 1\n",
              "watchgate_call_duration_seconds_count{upstream=\"\",method=\"tools/call\","
                  + "tool=\"other\",outcome=\"error\"} 1\n",
              "watchgate_upstream_requests_in_flight_highest{upstream=\"one\"} 1\n",
              "watchgate_queue_wait_seconds_count{queue=\"gateway\",upstream=\"\"} 0\n")
          .containsPattern("watchgate_upstream_sent_bytes_total\\{upstream=\"one\"} [1-9]")
          .containsPattern("watchgate_upstream_received_bytes_total\\{upstream=\"one\"} [1-9]")
          .containsPattern("jvm_memory_used_bytes\\{area=\"heap\"} [1-9]")
          .containsPattern("process_cpu_seconds_total [0-9.]+\n");
    }
  }

  @Test
  void tenThousandNamesThatNobodyHasMakeNoTimeSeries() throws Exception {
    try (var running = start()) {
      var client = new LocalClient(running.gateway().handler(), _ -> {});
      call(client, "one__echo");
      call(client, "one__nothing");
      call(client, "nothing");
      var random = new Random(10_000);
      var before = series(text(running));

      for (int i = 0; i < 10_000; i++) {
        var name = Long.toString(random.nextLong(), 36);
        call(client, i % 2 == 0 ? "one__" + name : name);
      }

      assertThat(series(text(running))).isEqualTo(before);
    }
  }

  private static Set<String> series(String text) {
    var series = new TreeSet<String>();
    text.lines()
        .filter(line -> !line.startsWith("#"))
        .forEach(line -> series.add(line.substring(0, line.lastIndexOf(' '))));
    return series;
  }

  @Test
  void dashboardAndAlertsNameOnlyWhatThereIs() throws Exception {
    try (var running = start()) {
      call(new LocalClient(running.gateway().handler(), _ -> {}), "one__echo");
      var types = MetricsLint.types(text(running));
      var dashboard =
          Json.parse(Files.readAllBytes(EXAMPLES.resolve("dashboard.json")), Limits.DEFAULT);
      assertThat(dashboard.member("panels").orElseThrow().elements()).isNotEmpty();
      var unknown = new ArrayList<String>();
      for (var file : List.of("dashboard.json", "alerts.yaml")) {
        var metrics = METRIC.matcher(Files.readString(EXAMPLES.resolve(file)));
        int found = 0;
        for (; metrics.find(); found++) {
          if (!types.containsKey(metrics.group())
              && !isPartOfADistribution(metrics.group(), types)) {
            unknown.add(file + ": " + metrics.group());
          }
        }
        assertThat(found).as(file).isPositive();
      }
      assertThat(unknown).isEmpty();
    }
  }

  @Test
  void tablesOfTheDocumentationAreTheMetricsThatThereAre() throws Exception {
    var row = Pattern.compile("(?m)^\\| `(\\w+)` \\| (\\w+) \\| (.*) \\|$");
    var documented = new TreeSet<String>();
    var rows = row.matcher(Files.readString(Path.of("docs/observability.md")));
    while (rows.find()) {
      documented.add(rows.group(1) + " " + rows.group(2) + " " + rows.group(3));
    }
    var there = new TreeSet<String>();
    try (var collector = new TestCollector();
        var running =
            ObservedGateway.start(
                directory, "telemetry: {otlp: {endpoint: " + collector.endpoint() + "}}\n")) {
      call(new LocalClient(running.gateway().handler(), _ -> {}), "one__echo");
      var ofPlugins =
          running.status().status().plugins().stream()
              .flatMap(plugin -> plugin.counted().stream())
              .map(counted -> "watchgate_" + counted.name())
              .toList();
      for (var family : running.status().metrics()) {
        if (!ofPlugins.contains(family.name())) {
          var kind = family.kind().name().toLowerCase(Locale.ROOT);
          there.add(family.name() + " " + kind + " " + family.help());
        }
      }
    }

    assertThat(documented).isEqualTo(there);
  }

  private static boolean isPartOfADistribution(String name, Map<String, String> types) {
    return List.of("_bucket", "_sum", "_count").stream()
        .filter(name::endsWith)
        .map(part -> types.getOrDefault(name.substring(0, name.length() - part.length()), ""))
        .anyMatch(Set.of("histogram", "summary")::contains);
  }
}
