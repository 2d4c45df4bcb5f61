package io.watchgate.audit.sinks;

import static org.assertj.core.api.Assertions.assertThat;

import io.watchgate.jsonrpc.Json;
import io.watchgate.plugin.AuditRecord;
import io.watchgate.plugin.AuditRecord.Ending;
import io.watchgate.plugin.AuditRecord.Event;
import io.watchgate.plugin.AuditRecord.Judgement;
import io.watchgate.plugin.AuditRecord.Origin;
import io.watchgate.plugin.AuditRecord.Outcome;
import io.watchgate.plugin.AuditRecord.Payload;
import io.watchgate.plugin.AuditRecord.Subject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HumanReadableFormatTest {
  private static final HumanReadableFormat FORMAT = new HumanReadableFormat();

  @TempDir private Path directory = Path.of("");

  private static String line(Optional<String> server, Ending ending, Judgement... said) {
    return FORMAT.line(
        new AuditRecord(
            Instant.parse("2025-01-12T15:30:45Z"),
            Event.RESPONSE,
            Origin.GATEWAY,
            new Subject(server, "tools/call", Optional.of("list")),
            Optional.of(ending),
            Payload.NONE,
            List.of(said),
            Json.EMPTY_OBJECT));
  }

  @Test
  void aFullRecordIsOneLine() {
    assertThat(FORMAT.line(Sample.full()))
        .isEqualTo(
            "2026-01-02 12:00:00.000 UTC - RESPONSE: tools/call - read_file - files"
                + " - BLOCKED -32000 (0.001s) - because - pii: block (a card number)"
                + " - client editor - principal alice - request r-1 - {\"a\":1} - {\"more\":true}");
  }

  @Test
  void aChangeByAPluginIsSaid() {
    var ending = new Ending(Outcome.MODIFIED, OptionalInt.empty(), Optional.empty(), "");

    assertThat(line(Optional.of("files"), ending, new Judgement("pii", "replace", "")))
        .endsWith(" - files - MODIFIED - pii: replace");
  }

  @Test
  void anErrorIsShownThoughNoPluginLooked() {
    var ending =
        new Ending(
            Outcome.ERROR, OptionalInt.of(-32004), Optional.of(Duration.ofMillis(45)), "it broke");

    assertThat(line(Optional.of("files"), ending)).endsWith("ERROR -32004 (0.045s) - it broke");
  }

  @Test
  void whatNoServerWasAskedSaysSo() {
    var ending = new Ending(Outcome.COMPLETED, OptionalInt.empty(), Optional.empty(), "");

    assertThat(line(Optional.empty(), ending)).endsWith(" - list - no server - COMPLETED");
    assertThat(FORMAT.line(Sample.small("r"))).contains(" - no name - no server - request r");
  }

  @Test
  void aNameOfAStrangerIsOnePartOfOneLine() {
    var line = FORMAT.line(Sample.named("x\n2026-01-02 - y\u001b[2J \u202E"));

    assertThat(line)
        .contains(" - \"x\\n2026-01-02 - y\\u001b[2J \\u202e\" - files - ALLOWED")
        .doesNotContain("\n", "\u001b", "\u202E");
  }

  @Test
  void recordsAreLinesOfAFile() throws Exception {
    try (var recorder = new SinkHome(directory).make(new HumanReadableFactory(), "")) {
      recorder.record(Sample.small("1"));
      recorder.record(Sample.small("2"));
    }
    assertThat(Files.readAllLines(directory.resolve("audit/watchgate.log"))).hasSize(2);
  }
}
