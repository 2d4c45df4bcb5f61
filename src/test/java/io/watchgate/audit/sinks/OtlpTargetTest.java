package io.watchgate.audit.sinks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.logs.v1.SeverityNumber;
import io.watchgate.config.TestOptions;
import io.watchgate.plugin.Recorder;
import io.watchgate.testkit.TestCollector;
import io.watchgate.testkit.TestCollector.Answer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OtlpTargetTest {
  private final SinkHome home = new SinkHome(Path.of("nowhere"));
  private final TestCollector collector = new TestCollector();

  OtlpTargetTest() throws IOException {}

  @AfterEach
  void close() {
    collector.close();
    assertThat(collector.mistakes()).isEmpty();
  }

  private Recorder recorder(String more) throws IOException {
    return home.make(new OtlpFactory(), "endpoint: " + collector.endpoint() + "\n" + more);
  }

  private List<LogRecord> logs() {
    return collector.received().stream()
        .map(request -> (ExportLogsServiceRequest) request.message())
        .flatMap(request -> request.getResourceLogsList().stream())
        .flatMap(resource -> resource.getScopeLogsList().stream())
        .flatMap(scope -> scope.getLogRecordsList().stream())
        .toList();
  }

  @Test
  void aRecordIsALogThatTheProtocolsOwnClassesRead() throws Exception {
    try (var recorder = recorder("headers: {x-key: secret}\nwait: true")) {
      recorder.record(Sample.full()).await();
    }

    assertThat(collector.received())
        .singleElement()
        .satisfies(request -> {
          assertThat(request.path()).isEqualTo("/v1/logs");
          assertThat(request.headers()).containsEntry("x-key", "secret");
        });
    var log = logs().getFirst();
    assertThat(log.getTimeUnixNano()).isEqualTo(1_767_355_200_000_000_000L);
    assertThat(log.getSeverityNumber()).isEqualTo(SeverityNumber.SEVERITY_NUMBER_WARN);
    assertThat(log.getEventName()).isEqualTo("watchgate.audit.response");
    assertThat(log.getBody().getStringValue())
        .isEqualTo("response tools/call read_file blocked because");
    assertThat(log.getTraceId())
        .isEqualTo(
            ByteString.copyFrom(HexFormat.of().parseHex("4bf92f3577b34da6a3ce929d0e0e4736")));
    assertThat(attributes(log))
        .containsEntry("watchgate.server", "files")
        .containsEntry("watchgate.code", "-32000")
        .containsEntry("watchgate.duration_ms", "1.5")
        .containsEntry("watchgate.more", "{\"more\":true}")
        .hasSize(18);
  }

  private static Map<String, String> attributes(LogRecord log) {
    return log.getAttributesList().stream()
        .collect(Collectors.toMap(KeyValue::getKey, OtlpTargetTest::value));
  }

  private static String value(KeyValue attribute) {
    var value = attribute.getValue();
    return switch (value.getValueCase()) {
      case INT_VALUE -> "" + value.getIntValue();
      case DOUBLE_VALUE -> "" + value.getDoubleValue();
      default -> value.getStringValue();
    };
  }

  @Test
  void aCollectorThatIsBusyIsAskedAgainWhenItWantsToBe() throws Exception {
    collector.answering(
        new Answer(503, Map.of(), ""), new Answer(429, Map.of("Retry-After", "7"), ""));
    try (var recorder = recorder("")) {
      recorder.record(Sample.small("1"));
      home.withoutPauses();

      await().until(() -> logs().size() == 1);
    }
    assertThat(home.pauses()).containsExactly(Duration.ofMillis(100), Duration.ofSeconds(7));
  }

  @Test
  void aCollectorThatIsNotThereLosesNothing() throws Exception {
    int port = collector.endpoint().getPort();
    collector.close();
    try (var recorder = recorder("")) {
      recorder.record(Sample.small("1"));
      recorder.record(Sample.small("2"));
      await().until(() -> home.pauses().size() == 1);
      try (var again = new TestCollector(port)) {
        home.withoutPauses();

        await().until(() -> again.received().size() >= 1);
        await().until(() -> recorder.status().textMember("trouble").isEmpty());
        assertThat(recorder.metrics().getFirst().value()).isEqualTo(2);
      }
    }
  }

  @Test
  void whatACollectorRefusesForGoodIsCountedAndTold() throws Exception {
    collector.answering(new Answer(400, Map.of(), ""));
    try (var recorder = recorder("wait: true")) {
      assertThatThrownBy(recorder.record(Sample.small("1"))::await)
          .isInstanceOf(IOException.class)
          .hasMessageContaining("400");
      recorder.record(Sample.small("2")).await();
    }

    assertThat(logs()).extracting(LogRecord::getEventName).hasSize(2);
    assertThat(attributes(logs().getFirst()))
        .containsEntry("watchgate.method", "audit/resumed")
        .hasEntrySatisfying("watchgate.more", more -> assertThat(more).contains("\"lost\":1"));
  }

  @Test
  void whatACollectorRejectsInPartIsCounted() throws Exception {
    collector.answering(
        new Answer(
            200,
            Map.of(),
            "{\"partialSuccess\":{\"rejectedLogRecords\":\"1\",\"errorMessage\":\"too old\"}}"));
    try (var recorder = recorder("")) {
      recorder.record(Sample.small("1"));

      await().until(() -> recorder.metrics().get(1).value() == 1);
    }
  }

  @Test
  void optionsThatLeadNowhereAreReported() {
    assertThat(
            TestOptions.problems(
                new OtlpFactory(), "endpoint: 'ftp://x'\nheaders: {a: 1}\ntimeout: 0"))
        .hasSize(3);
  }
}
