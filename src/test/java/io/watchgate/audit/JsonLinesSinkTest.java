package io.watchgate.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.watchgate.jsonrpc.Json;
import io.watchgate.jsonrpc.Limits;
import io.watchgate.jsonrpc.MalformedMessage;
import io.watchgate.plugin.AuditRecord;
import io.watchgate.plugin.AuditRecord.Ending;
import io.watchgate.plugin.AuditRecord.Event;
import io.watchgate.plugin.AuditRecord.Judgement;
import io.watchgate.plugin.AuditRecord.Origin;
import io.watchgate.plugin.AuditRecord.Outcome;
import io.watchgate.plugin.AuditRecord.Payload;
import io.watchgate.plugin.AuditRecord.Subject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JsonLinesSinkTest {
  private static final Subject SUBJECT =
      new Subject(Optional.of("files"), "tools/call", Optional.of("a\nb"));

  @TempDir private Path directory = Path.of("");

  @Test
  void aFullRecordHasAllFieldsInTheOrderOfTheContract() throws IOException, MalformedMessage {
    var record =
        new AuditRecord(
            Instant.parse("2026-01-02T12:00:00Z"),
            Event.RESPONSE,
            new Origin(
                Optional.of("r-1"),
                Optional.of("4bf92f3577b34da6a3ce929d0e0e4736"),
                Optional.of("abc"),
                Optional.of("alice"),
                Optional.of("editor")),
            SUBJECT,
            Optional.of(
                new Ending(
                    Outcome.BLOCKED,
                    OptionalInt.of(-32000),
                    Optional.of(Duration.ofNanos(1_500_000)),
                    "because")),
            new Payload(
                OptionalInt.of(10),
                OptionalInt.of(20),
                Optional.of("abcd"),
                Optional.of(Json.object("a", 1))),
            List.of(new Judgement("pii", "block", "a card number")),
            Json.object("more", true));

    var line = write(record).getFirst();

    assertThat(line)
        .isEqualTo(
            "{\"seq\":1,\"time\":\"2026-01-02T12:00:00.000Z\",\"event\":\"response\","
                + "\"request_id\":\"r-1\",\"trace_id\":\"4bf92f3577b34da6a3ce929d0e0e4736\","
                + "\"session\":\"abc\",\"principal\":\"alice\","
                + "\"client\":\"editor\",\"server\":\"files\",\"method\":\"tools/call\","
                + "\"name\":\"a\\nb\",\"outcome\":\"blocked\",\"code\":-32000,"
                + "\"duration_ms\":1.500,\"reason\":\"because\",\"bytes_in\":10,\"bytes_out\":20,"
                + "\"plugins\":[{\"plugin\":\"pii\",\"verdict\":\"block\","
                + "\"reason\":\"a card number\"}],\"digest\":\"abcd\",\"body\":{\"a\":1},"
                + "\"more\":true,\"prev\":\""
                + "0".repeat(64)
                + "\"}");
    assertThat(Json.parse(line.getBytes(StandardCharsets.UTF_8), Limits.DEFAULT).isObject())
        .isTrue();
  }

  @Test
  void absentFieldsAreLeftOut() throws IOException {
    assertThat(write(small("r")).getFirst())
        .isEqualTo(
            "{\"seq\":1,\"time\":\"1970-01-01T00:00:00.000Z\",\"event\":\"request\","
                + "\"request_id\":\"r\",\"session\":\"s\",\"method\":\"ping\",\"prev\":\""
                + "0".repeat(64)
                + "\"}");
  }

  @Test
  void everyLineHasTheHashOfTheLineBefore() throws IOException {
    var lines = write(small("1"), small("ü"), small("3"));

    var prev = "0".repeat(64);
    for (int i = 0; i < lines.size(); i++) {
      assertThat(lines.get(i)).contains("\"seq\":" + (i + 1) + ",");
      assertThat(lines.get(i)).endsWith(",\"prev\":\"" + prev + "\"}");
      prev = sha256(lines.get(i));
    }
    assertThat(lines).hasSize(3);
  }

  @Test
  void recordsOfManyThreadsAreOneChain() throws IOException {
    var records = IntStream.range(0, 500).mapToObj(i -> small("r" + i)).toArray(AuditRecord[]::new);
    var file = directory.resolve("log.jsonl");
    try (var sink = JsonLinesSink.create(file)) {
      List.of(records).parallelStream().forEach(sink::record);
    }

    var prev = "0".repeat(64);
    for (var line : Files.readAllLines(file)) {
      assertThat(line).endsWith("\"" + prev + "\"}");
      prev = sha256(line);
    }
    assertThat(Files.readAllLines(file)).hasSize(500);
  }

  @Test
  void theFileIsCreatedWithItsDirectoriesForTheOwnerAlone() throws IOException {
    var file = directory.resolve("a/b/audit.jsonl");
    try (var sink = JsonLinesSink.create(file)) {
      assertThat(sink.file()).isEqualTo(file);
    }

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
  }

  @Test
  void anExistingFileIsNeverContinued() throws IOException {
    var file = Files.writeString(directory.resolve("audit.jsonl"), "precious\n");

    assertThatThrownBy(() -> JsonLinesSink.create(file))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("exists already");
    assertThat(file).hasContent("precious\n");
  }

  @Test
  void aThreadThatIsInterruptedStillLeavesItsRecord() throws IOException {
    var file = directory.resolve("audit.jsonl");
    try (var sink = JsonLinesSink.create(file)) {
      Thread.currentThread().interrupt();
      sink.record(small("1"));
      assertThat(Thread.interrupted()).isTrue();
      sink.record(small("2"));
    }

    assertThat(Files.readAllLines(file)).hasSize(2);
  }

  @Test
  void whatCannotBeWrittenNeitherThrowsNorBreaksTheChain() throws IOException {
    var file = directory.resolve("audit.jsonl");
    var sink = JsonLinesSink.create(file);
    sink.record(small("1"));
    sink.close();

    sink.record(small("2"));
    sink.record(small("3"));
    sink.close();

    assertThat(Files.readAllLines(file)).hasSize(1);
  }

  private List<String> write(AuditRecord... records) throws IOException {
    var file = directory.resolve("audit.jsonl");
    try (var sink = JsonLinesSink.create(file)) {
      List.of(records).forEach(sink::record);
    }
    return Files.readAllLines(file);
  }

  private static AuditRecord small(String requestId) {
    return new AuditRecord(
        Instant.EPOCH,
        Event.REQUEST,
        new Origin(
            Optional.of(requestId),
            Optional.empty(),
            Optional.of("s"),
            Optional.empty(),
            Optional.empty()),
        new Subject(Optional.empty(), "ping", Optional.empty()),
        Optional.empty(),
        Payload.NONE,
        List.of(),
        Json.EMPTY_OBJECT);
  }

  private static String sha256(String line) {
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(line.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }
}
