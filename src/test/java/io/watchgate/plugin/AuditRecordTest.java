package io.watchgate.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import io.watchgate.jsonrpc.Json;
import io.watchgate.jsonrpc.Limits;
import io.watchgate.jsonrpc.MalformedMessage;
import io.watchgate.plugin.AuditRecord.Ending;
import io.watchgate.plugin.AuditRecord.Event;
import io.watchgate.plugin.AuditRecord.Judgement;
import io.watchgate.plugin.AuditRecord.Origin;
import io.watchgate.plugin.AuditRecord.Outcome;
import io.watchgate.plugin.AuditRecord.Payload;
import io.watchgate.plugin.AuditRecord.Subject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.Test;

class AuditRecordTest {

  @Test
  void aFullRecordHasAllFieldsInTheOrderOfTheContract() {
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
            new Subject(Optional.of("files"), "tools/call", Optional.of("a\nb")),
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

    assertThat(record.json().toString())
        .isEqualTo(
            "{\"time\":\"2026-01-02T12:00:00.000Z\",\"event\":\"response\","
                + "\"request_id\":\"r-1\",\"trace_id\":\"4bf92f3577b34da6a3ce929d0e0e4736\","
                + "\"session\":\"abc\",\"principal\":\"alice\","
                + "\"client\":\"editor\",\"server\":\"files\",\"method\":\"tools/call\","
                + "\"name\":\"a\\nb\",\"outcome\":\"blocked\",\"code\":-32000,"
                + "\"duration_ms\":1.500,\"reason\":\"because\",\"bytes_in\":10,\"bytes_out\":20,"
                + "\"plugins\":[{\"plugin\":\"pii\",\"verdict\":\"block\","
                + "\"reason\":\"a card number\"}],\"digest\":\"abcd\",\"body\":{\"a\":1},"
                + "\"more\":true}");
  }

  @Test
  void absentFieldsAreLeftOut() {
    assertThat(record(Instant.EPOCH, "ping", Optional.empty()).json().toString())
        .isEqualTo(
            "{\"time\":\"1970-01-01T00:00:00.000Z\",\"event\":\"request\",\"method\":\"ping\"}");
  }

  @Test
  void theTimeIsSpelledAsInstantsAre() {
    var random = new Random(1);
    for (int i = 0; i < 1_000; i++) {
      var time = Instant.ofEpochMilli(random.nextLong(-62_000_000_000_000L, 253_000_000_000_000L));
      var text = record(time, "m", Optional.empty()).json().textMember("time").orElseThrow();
      assertThat(Instant.parse(text)).isEqualTo(time);
      assertThat(text).hasSize(24);
    }
    var late = Instant.parse("+12026-01-02T12:00:00Z");
    assertThat(record(late, "m", Optional.empty()).json().textMember("time"))
        .contains(late.toString());
  }

  @Test
  void aRecordIsOnOneLineWhateverTheBodyLooksLike() throws MalformedMessage {
    var body = "{\r\n  \"a\": \"x\\ny\",\n  \"b\": [1,\n2]\n}".getBytes(StandardCharsets.UTF_8);
    var json = record(Instant.EPOCH, "m", Optional.of(Json.parse(body, Limits.DEFAULT))).json();

    assertThat(json.toString()).doesNotContain("\n", "\r");
    assertThat(json.member("body").flatMap(part -> part.textMember("a"))).contains("x\ny");
  }

  @Test
  void anyTextStaysWhatItIs() throws MalformedMessage {
    for (var text :
        List.of("ü", "\"\\\u0000\u001f\u007f", "\uD83D\uDE00", "a\uD800b", "€".repeat(999))) {
      var bytes = record(Instant.EPOCH, text, Optional.empty()).json().toBytes();
      assertThat(Json.parse(bytes, Limits.DEFAULT).textMember("method")).contains(text);
    }
  }

  private static AuditRecord record(Instant time, String method, Optional<Json> body) {
    return new AuditRecord(
        time,
        Event.REQUEST,
        Origin.GATEWAY,
        new Subject(Optional.empty(), method, Optional.empty()),
        Optional.empty(),
        new Payload(OptionalInt.empty(), OptionalInt.empty(), Optional.empty(), body),
        List.of(),
        Json.EMPTY_OBJECT);
  }
}
