package io.watchgate.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.watchgate.config.TestOptions;
import io.watchgate.flow.Time;
import io.watchgate.jsonrpc.Json;
import io.watchgate.plugin.AuditRecord.Event;
import io.watchgate.plugin.Home;
import io.watchgate.plugin.Recorder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JsonLinesFactoryTest {
  @TempDir private Path directory = Path.of("");

  private final JsonLinesFactory factory = new JsonLinesFactory();

  @Test
  void withoutOptionsTheLogIsInTheStateOfTheGatewayAndKeepsNoBodies() throws Exception {
    var recorder = make("");
    recorder.record(TestRecords.request("1"));
    recorder.close();

    assertThat(recorder.bodies()).isEmpty();
    assertThat(WrittenLog.of(directory.resolve("audit/watchgate.jsonl")).ids())
        .containsExactly("1");
  }

  @Test
  void everyOptionIsKnown() {
    var options =
        """
        output_file: a.jsonl
        durability: strict
        window: {time: 200ms, records: 500}
        rotate: {size: 1MiB, age: 1h}
        retain: {files: 10, age: 30m}
        compress: false
        checkpoint: {interval: 1m, copy_to: https://witness.example/notes}
        include_request_body: true
        include_response_body: true
        include_notification_body: true
        max_body_size: 0
        """;

    assertThat(TestOptions.problems(factory, options)).isEmpty();
  }

  @Test
  void whatCannotBeIsToldWithItsPlace() {
    assertThat(TestOptions.problems(factory, "durability: sometimes")).hasSize(1);
    assertThat(TestOptions.problems(factory, "max_body_size: 20"))
        .singleElement()
        .asString()
        .contains("max_body_size", "50");
    assertThat(TestOptions.problems(factory, "checkpoint: {interval: 0s}"))
        .singleElement()
        .asString()
        .contains("interval", "too short");
    assertThat(TestOptions.problems(factory, "checkpoint: {copy_to: 'http://'}"))
        .singleElement()
        .asString()
        .contains("copy_to", "no URL");
    assertThat(TestOptions.problems(factory, "rotate: {sise: 1MiB}")).hasSize(1);
  }

  @Test
  void bodiesAreKeptThatAreAskedFor() throws Exception {
    assertThat(make("include_request_body: true").bodies()).containsExactly(Event.REQUEST);
    assertThat(make("{include_response_body: true, include_notification_body: true}").bodies())
        .containsExactly(Event.RESPONSE, Event.NOTIFICATION);
  }

  @Test
  void aLongBodyIsCutAndItsLengthIsKept() throws Exception {
    var file = directory.resolve("cut.jsonl");
    var recorder = make("{output_file: %s, max_body_size: 50}".formatted(file));
    var body = Json.object("text", "é".repeat(100));
    recorder.record(TestRecords.request("1", Json.object("a", 1)));
    recorder.record(TestRecords.request("2", body));
    recorder.close();

    var lines = WrittenLog.of(file).lines();
    assertThat(lines.getFirst().member("body")).contains(Json.object("a", 1));
    assertThat(lines.getLast().member("body"))
        .contains(Json.object("truncated", "{\"text\":\"" + "é".repeat(20), "bytes", 211));
  }

  @Test
  void theStatusAndTheMetricsSayHowItGoes() throws Exception {
    var recorder = make("durability: strict");
    recorder.record(TestRecords.request("1")).await();

    var status = recorder.status();
    assertThat(status.member("seq")).contains(Json.trusted("1"));
    assertThat(status.member("on_disk")).contains(Json.trusted("1"));
    assertThat(status.textMember("durability")).contains("strict");
    assertThat(status.textMember("trouble")).isEmpty();
    assertThat(recorder.metrics())
        .allMatch(metric -> metric.name().startsWith("audit_"))
        .anyMatch(metric -> metric.name().equals("audit_records_total") && metric.value() == 1)
        .anyMatch(metric -> metric.name().equals("audit_trouble") && metric.value() == 0);
    recorder.close();
  }

  @Test
  void aFileOnADiskThatIsNotThereIsTroubleAndNoFault() throws Exception {
    var inTheWay = Files.createFile(directory.resolve("file"));

    var recorder = make("output_file: " + inTheWay.resolve("audit.jsonl"));

    assertThat(recorder.trouble())
        .hasValueSatisfying(why -> assertThat(why).contains("cannot be written", "audit.jsonl"));
    assertThat(recorder.status().textMember("trouble")).isPresent();
    recorder.close();
  }

  private Recorder make(String options) throws IOException {
    var home = new Home(directory, InstantSource.system(), Time.REAL::pass, new Random(1));
    return (Recorder) factory.read(TestOptions.of(options)).make(home);
  }
}
