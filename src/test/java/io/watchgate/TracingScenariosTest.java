package io.watchgate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Span.SpanKind;
import io.opentelemetry.proto.trace.v1.Status.StatusCode;
import io.watchgate.config.ConfigLoader;
import io.watchgate.jsonrpc.Json;
import io.watchgate.jsonrpc.Request;
import io.watchgate.jsonrpc.RequestId;
import io.watchgate.mcp.Method;
import io.watchgate.testkit.FixtureHttpServer;
import io.watchgate.testkit.TestCollector;
import io.watchgate.testkit.TestServers;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a collector gets of a gateway that really runs, and what servers get of traces.
class TracingScenariosTest {
  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
  private static final String PARENT = "00-" + TRACE + "-b7ad6b7169203331-01";
  private static final String UNSAMPLED = "00-" + TRACE + "-b7ad6b7169203331-00";

  @TempDir private Path directory = Path.of("");
  private final TestCollector collector = new TestCollector();
  private final FixtureHttpServer web = FixtureHttpServer.start();

  TracingScenariosTest() throws IOException {}

  @AfterEach
  void close() {
    collector.close();
    web.close();
  }

  private Running start(String otlp) throws IOException, InterruptedException {
    var command = Json.array(TestServers.command().stream().map(Json::string).toList());
    var file =
        Files.writeString(
            directory.resolve("watchgate.yaml"),
            """
            proxy:
              transport: http
              http: {port: 0}
              upstreams:
                - {name: child, command: %s}
                - {name: web, url: %s}
            plugins:
              middleware: {_global: [{handler: token_usage}]}
            admin: {enabled: true, port: 0}
            %s
            """
                .formatted(command, web.uri(), otlp));
    var running = Running.start(new Gateway(ConfigLoader.load(file, Map.of())));
    for (var upstream : running.gateway().upstreams()) {
      assertThat(upstream.awaitFirstContact(Duration.ofSeconds(30))).isTrue();
    }
    return running;
  }

  private String otlp(String more) {
    return "telemetry: {otlp: {endpoint: \"%s\", interval: 100ms%s}}"
        .formatted(collector.endpoint(), more);
  }

  private static Json tool(String name, Optional<String> traceparent) {
    var params = Json.object("name", name, "arguments", Json.object("text", "hello"));
    return traceparent
        .map(parent -> params.plus("_meta", Json.object("traceparent", parent)))
        .orElse(params);
  }

  private static String call(Running running, String tool, Optional<String> traceparent)
      throws InterruptedException {
    var client = new LocalClient(running.gateway().handler(), _ -> {});
    return new String(
        client.request(Method.TOOLS_CALL, tool(tool, traceparent)).toBytes(),
        StandardCharsets.UTF_8);
  }

  /// A call over HTTP, as a part of the trace that a header says.
  private static String post(Running running, String tool, String traceparent) throws IOException {
    var headers = new HashMap<String, String>();
    headers.put("Content-Type", "application/json");
    headers.put("Accept", "application/json, text/event-stream");
    var hello = Json.object("protocolVersion", "2025-11-25", "capabilities", Json.EMPTY_OBJECT);
    var session = post(running, headers, Method.INITIALIZE, hello).session().orElseThrow();
    headers.put("Mcp-Session-Id", session);
    headers.put("traceparent", traceparent);
    return post(running, headers, Method.TOOLS_CALL, tool(tool, Optional.empty())).body();
  }

  private static Http.Answer post(
      Running running, Map<String, String> headers, String method, Json params) throws IOException {
    var request = Request.of(RequestId.of(1), method, params);
    return Http.post(running.url(), headers, new String(request.toBytes(), StandardCharsets.UTF_8));
  }

  private List<Span> spans(int atLeast) {
    await().until(() -> collector.spans().size() >= atLeast);
    assertThat(collector.mistakes()).isEmpty();
    return collector.spans();
  }

  private static Span named(List<Span> spans, String name, SpanKind kind) {
    return spans.stream()
        .filter(span -> span.getName().equals(name) && span.getKind() == kind)
        .findFirst()
        .orElseThrow(() -> new AssertionError(name + " is not in " + spans));
  }

  private static Map<String, String> attributes(Span span) {
    return span.getAttributesList().stream()
        .collect(Collectors.toMap(KeyValue::getKey, one -> one.getValue().getStringValue()));
  }

  private static String hex(ByteString id) {
    return HexFormat.of().formatHex(id.toByteArray());
  }

  @Test
  void spansOfACallAreOneTraceFromTheClientToTheServer() throws Exception {
    try (var running = start(otlp(", metrics: false"))) {
      var answer = call(running, "child__raw", Optional.of(PARENT));

      var spans = spans(4);
      var server = named(spans, "tools/call raw", SpanKind.SPAN_KIND_SERVER);
      var attempt = named(spans, "tools/call raw", SpanKind.SPAN_KIND_CLIENT);
      var plugin = named(spans, "plugin token_usage", SpanKind.SPAN_KIND_INTERNAL);
      assertThat(hex(server.getTraceId())).isEqualTo(TRACE);
      assertThat(hex(server.getParentSpanId())).isEqualTo("b7ad6b7169203331");
      assertThat(attempt.getTraceId()).isEqualTo(server.getTraceId());
      assertThat(attempt.getParentSpanId()).isEqualTo(server.getSpanId());
      assertThat(plugin.getParentSpanId()).isEqualTo(server.getSpanId());
      assertThat(answer)
          .contains("00-" + TRACE + "-" + hex(attempt.getSpanId()) + "-01")
          .doesNotContain(PARENT);
      assertThat(attributes(server))
          .containsEntry("mcp.method.name", "tools/call")
          .containsEntry("gen_ai.tool.name", "raw")
          .containsEntry("gen_ai.operation.name", "execute_tool")
          .containsEntry("watchgate.upstream", "child")
          .containsKeys("watchgate.request_id", "mcp.protocol.version", "jsonrpc.request.id");
      assertThat(attributes(plugin)).containsEntry("watchgate.plugin.verdict", "pass");
      assertThat(server.getStartTimeUnixNano())
          .isLessThanOrEqualTo(attempt.getStartTimeUnixNano())
          .isLessThan(server.getEndTimeUnixNano());
      assertThat(attempt.getEndTimeUnixNano()).isLessThanOrEqualTo(server.getEndTimeUnixNano());
    }
  }

  @Test
  void contextOfAHeaderGoesOnInTheMessageAndInTheHeaderToARemoteServer() throws Exception {
    try (var running = start(otlp(", metrics: false"))) {
      assertThat(post(running, "web__echo", PARENT)).contains("hello");

      var spans = spans(3);
      var attempt = named(spans, "tools/call echo", SpanKind.SPAN_KIND_CLIENT);
      var sent = "00-" + TRACE + "-" + hex(attempt.getSpanId()) + "-01";
      assertThat(web.requests())
          .anySatisfy(request -> {
            assertThat(request.headers()).containsEntry("traceparent", sent);
            assertThat(request.body()).contains("\"traceparent\":\"" + sent + "\"");
          });
    }
  }

  @Test
  void callThatFailsIsAnErrorInItsTraceAndItsWordsAreNot() throws Exception {
    try (var running = start(otlp(", metrics: false"))) {
      call(running, "child__fail", Optional.empty());
      call(running, "none__at_all", Optional.empty());

      var spans = spans(4);
      var failed = named(spans, "tools/call fail", SpanKind.SPAN_KIND_SERVER);
      assertThat(failed.getStatus().getCode()).isEqualTo(StatusCode.STATUS_CODE_ERROR);
      assertThat(attributes(failed)).containsEntry("error.type", "tool_error");
      var unknown = named(spans, "tools/call", SpanKind.SPAN_KIND_SERVER);
      assertThat(attributes(unknown))
          .containsEntry("error.type", "error")
          .containsEntry("rpc.response.status_code", "-32602")
          .doesNotContainKey("gen_ai.tool.name");
      assertThat(spans.toString()).doesNotContain("at_all").doesNotContain("hello");
    }
  }

  @Test
  void whatAClientDoesNotRecordIsNotRecordedAndGoesOnAsItCame() throws Exception {
    try (var running = start(otlp(", metrics: false"))) {
      assertThat(call(running, "child__raw", Optional.of(UNSAMPLED))).contains(UNSAMPLED);
      call(running, "child__echo", Optional.of(PARENT));

      assertThat(spans(3)).extracting(Span::getName).doesNotContain("tools/call raw");
    }
  }

  @Test
  void samplingOfNothingRecordsOnlyWhatClientsDo() throws Exception {
    try (var running = start(otlp(", metrics: false, sampling: 0"))) {
      assertThat(call(running, "child__raw", Optional.empty()))
          .containsPattern("00-[0-9a-f]{32}-[0-9a-f]{16}-00");
      call(running, "child__echo", Optional.of(PARENT));

      assertThat(spans(3)).extracting(Span::getName).doesNotContain("tools/call raw");
    }
  }

  @Test
  void withoutACollectorTheContextOfAMessagePassesAsItIs() throws Exception {
    try (var running = start("")) {
      assertThat(call(running, "child__raw", Optional.of(PARENT))).contains(PARENT);
      assertThat(call(running, "child__raw", Optional.empty())).doesNotContain("traceparent");
    }
  }

  @Test
  void metricsGoToTheCollectorAsPrometheusGetsThem() throws Exception {
    List<Metric> metrics;
    try (var running = start(otlp(", traces: false"))) {
      call(running, "child__echo", Optional.empty());
      await().until(() -> find(metrics(), "watchgate_call_duration_seconds").isPresent());
    }
    metrics = metrics();

    assertThat(collector.mistakes()).isEmpty();
    var calls = find(metrics, "watchgate_call_duration_seconds").orElseThrow();
    var point = calls.getHistogram().getDataPoints(0);
    assertThat(point.getCount()).isEqualTo(1);
    assertThat(point.getBucketCountsCount()).isEqualTo(point.getExplicitBoundsCount() + 1);
    assertThat(calls.getUnit()).isEqualTo("s");
    var bytes = find(metrics, "watchgate_upstream_sent_bytes_total").orElseThrow();
    assertThat(bytes.getSum().getIsMonotonic()).isTrue();
    assertThat(bytes.getUnit()).isEqualTo("By");
    assertThat(find(metrics, "jvm_gc_collection_seconds").orElseThrow().hasSummary()).isTrue();
    assertThat(find(metrics, "watchgate_sessions").orElseThrow().hasGauge()).isTrue();
  }

  private List<Metric> metrics() {
    return collector.received().stream()
        .filter(received -> received.message() instanceof ExportMetricsServiceRequest)
        .map(received -> (ExportMetricsServiceRequest) received.message())
        .flatMap(request -> request.getResourceMetricsList().stream())
        .flatMap(resource -> resource.getScopeMetricsList().stream())
        .flatMap(scope -> scope.getMetricsList().stream())
        .toList();
  }

  private static Optional<Metric> find(List<Metric> metrics, String name) {
    return metrics.stream().filter(metric -> metric.getName().equals(name)).findFirst();
  }

  @Test
  void collectorThatIsNotThereHoldsNothingUp() throws Exception {
    collector.close();
    try (var running = start(otlp(""))) {
      assertThat(call(running, "child__echo", Optional.empty())).contains("hello");
      await()
          .untilAsserted(() ->
              assertThat(ObservedGateway.metrics(running))
                  .containsPattern("watchgate_otlp_lost_total\\{what=\"metrics\"} [1-9]")
                  .contains("watchgate_otlp_waiting{what=\"spans\"}"));
    }
  }
}
