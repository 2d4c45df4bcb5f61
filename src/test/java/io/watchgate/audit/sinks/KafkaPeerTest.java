package io.watchgate.audit.sinks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.watchgate.jsonrpc.Json;
import io.watchgate.jsonrpc.Limits;
import io.watchgate.jsonrpc.MalformedMessage;
import io.watchgate.plugin.Recorder;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Records in a real broker of Apache Kafka.
@Tag("peers")
@Timeout(240)
class KafkaPeerTest {
  private static final Duration OUTAGE = Duration.ofMinutes(1);
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  @TempDir private static Path directory = Path.of("");
  private static KafkaBroker broker;

  private final SinkHome home = new SinkHome(Path.of("nowhere")).withoutPauses();

  @BeforeAll
  static void start() throws Exception {
    broker = new KafkaBroker(directory);
  }

  @AfterAll
  static void stop() throws Exception {
    broker.close();
  }

  private Recorder recorder(String topic, String more) throws IOException {
    return home.make(
        new KafkaFactory(),
        "bootstrap_servers: ['%s']\ntopic: %s\n%s".formatted(broker.address(), topic, more));
  }

  /// All that is in a topic, as soon as that is so many records.
  private static List<Json> read(String topic, int count) {
    Map<String, Object> properties =
        Map.of(
            ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
            broker.address(),
            ConsumerConfig.GROUP_ID_CONFIG,
            "test-" + topic,
            ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
            "earliest",
            ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG,
            ByteArrayDeserializer.class,
            ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG,
            ByteArrayDeserializer.class);
    var found = new ArrayList<Json>();
    try (var consumer = new KafkaConsumer<byte[], byte[]>(properties)) {
      consumer.subscribe(List.of(topic));
      await()
          .atMost(PATIENCE)
          .until(() -> {
            consumer.poll(Duration.ofMillis(200)).forEach(one -> found.add(parse(one.value())));
            return found.size() >= count;
          });
      consumer.poll(Duration.ofSeconds(1)).forEach(one -> found.add(parse(one.value())));
    }
    return found;
  }

  private static Json parse(byte[] value) {
    try {
      return Json.parse(value, Limits.DEFAULT);
    } catch (MalformedMessage mistake) {
      throw new AssertionError(mistake);
    }
  }

  private static String id(Json record) {
    return record.textMember("request_id").orElse("");
  }

  @Test
  void aReceiptComesWhenTheBrokerHasTheRecord() throws Exception {
    try (var recorder = recorder("receipts", "wait: true\ncompression: gzip")) {
      awaitKept(recorder);
      recorder.record(Sample.full()).await();

      assertThat(read("receipts", 2)).contains(Sample.full().json());
    }
  }

  /// The first record may come before the broker is there.
  private static void awaitKept(Recorder recorder) {
    recorder.record(Sample.small("first"));
    await().atMost(PATIENCE).until(() -> recorder.metrics().getFirst().value() > 0);
  }

  @Test
  void aBrokerThatIsKilledForAMinuteHasEveryRecordOnceAfterwards() throws Exception {
    try (var recorder = recorder("outage", "")) {
      awaitKept(recorder);
      IntStream.range(0, 2000).forEach(i -> recorder.record(Sample.small("r" + i)));
      broker.kill();
      IntStream.range(2000, 4000).forEach(i -> recorder.record(Sample.small("r" + i)));
      await().until(() -> recorder.status().textMember("trouble").isPresent());
      await()
          .during(OUTAGE)
          .atMost(OUTAGE.plusSeconds(10))
          .until(() -> recorder.status().textMember("trouble").isPresent());

      broker.start();

      await().atMost(PATIENCE).until(() -> recorder.metrics().getFirst().value() == 4001);
      assertThat(recorder.metrics().get(1).value()).isZero();
    }
    var ids = read("outage", 4001).stream().map(KafkaPeerTest::id).toList();
    assertThat(ids).hasSize(4001).doesNotHaveDuplicates();
  }

  @Test
  void whatIsTooLargeForTheClusterIsCountedAndTheRestIsKept() throws Exception {
    try (var recorder = recorder("large", "include_request_body: true\nmax_body_size: 0")) {
      awaitKept(recorder);
      recorder.record(Sample.withBody(Json.string("x".repeat(2_000_000))));
      await().until(() -> recorder.metrics().get(1).value() == 1);
      recorder.record(Sample.small("next"));

      await().until(() -> recorder.metrics().getFirst().value() == 3);
    }
    assertThat(read("large", 3))
        .extracting(record -> record.textMember("method").orElse(""))
        .containsExactlyInAnyOrder("ping", "audit/resumed", "ping");
  }

  @Test
  void whoWaitsForABrokerThatIsNotThereIsToldInSeconds() throws Exception {
    var options = "bootstrap_servers: ['127.0.0.1:1']\nwait: true";
    try (var recorder = home.make(new KafkaFactory(), options)) {
      assertThatThrownBy(recorder.record(Sample.small("1"))::await).isInstanceOf(IOException.class);
      assertThat(recorder.trouble()).isPresent();
    }
  }
}
