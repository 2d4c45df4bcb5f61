package io.watchgate;

import static org.assertj.core.api.Assertions.assertThat;

import io.watchgate.audit.TestLog;
import io.watchgate.testkit.Program;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// `watchgate audit show`, `tail` and `stats`.
class AuditViewTest {
  private static final String ANSWER =
      """
      "time":"2026-11-27T21:37:0%d.000Z","event":"response","request_id":"r-%d","session":"s1",\
      "principal":"ann","client":"ide","server":"files","method":"tools/call","name":"%s",\
      "outcome":"%s","duration_ms":%d.500,\
      "plugins":[{"plugin":"secrets","verdict":"%s","reason":"a key"}]\
      """;

  @TempDir private Path state = Path.of("");

  private Path log = Path.of("");

  @BeforeEach
  void writeALog() throws IOException {
    log = state.resolve("audit/watchgate.jsonl");
    try (var written = TestLog.create(log, state.resolve("audit"))) {
      written.add(ANSWER.formatted(1, 1, "read", "completed", 3, "pass"));
      written.rotate().compress(1);
      written.add(ANSWER.formatted(3, 2, "write", "blocked", 70, "block"));
      written.add(ANSWER.formatted(4, 3, "read\\u001b[2J\u202e", "completed", 5, "replace"));
    }
  }

  private Captured audit(String... arguments) {
    var all = new ArrayList<>(List.of("audit"));
    all.addAll(List.of(arguments));
    all.addAll(List.of("--state", state.toString()));
    return Captured.run(all.toArray(String[]::new));
  }

  @Test
  void showPrintsARowForEachRecord() {
    var shown = audit("show");

    assertThat(shown.code()).isZero();
    assertThat(shown.out().lines()).hasSize(5);
    assertThat(shown.out())
        .contains("TIME", "OUTCOME", "WHY", "r-1", "audit/rotated", "3.500", "ann")
        .contains("secrets block: a key", "secrets replace: a key")
        .doesNotContain("secrets pass");
  }

  @Test
  void nothingOfALogMovesACursor() {
    assertThat(audit("show").out()).contains("read\\u{1b}[2J\\u{202e}");
    assertThat(audit("show", "--json").out()).contains("read\\u001b[2J\\u202e");
    assertThat(audit("stats").out()).contains("read\\u{1b}[2J\\u{202e}");
    for (var command : List.of("show", "stats")) {
      assertThat(audit(command).out()).doesNotContain("\u001b", "\u202e");
    }
    assertThat(audit("show", "--json").out()).doesNotContain("\u001b", "\u202e");
  }

  @Test
  void showPrintsWhatIsMeant() {
    assertThat(audit("show", "--tool", "write").out().lines()).hasSize(2);
    assertThat(audit("show", "--request", "r-1").out().lines()).hasSize(2);
    assertThat(audit("show", "--outcome", "completed", "--principal", "ann").out().lines())
        .hasSize(3);
    assertThat(audit("show", "--method", "audit/rotated").out().lines()).hasSize(2);
    assertThat(audit("show", "--server", "none").out()).isEmpty();
    assertThat(audit("show", "--session", "s1", "--event", "response").out().lines()).hasSize(4);
    assertThat(audit("show", "--since", "2026-11-27T21:37:03Z").out().lines()).hasSize(3);
    assertThat(audit("show", "--until", "2026-11-27T22:37:02+01:00").out().lines()).hasSize(2);
    assertThat(audit("show", "--since", "1h", "--until", "2000-01-01T00:00:00Z").out()).isEmpty();
  }

  @Test
  void showPrintsTheNewest() {
    assertThat(audit("show", "--limit", "1").out()).contains("r-3").doesNotContain("r-2");
    assertThat(audit("show", "--limit", "0", "--json").out().lines())
        .hasSize(4)
        .first()
        .asString()
        .startsWith("{\"seq\":1,");
    assertThat(
            audit("show", log.resolveSibling("watchgate-000000000001.jsonl.gz").toString()).out())
        .contains("r-1")
        .doesNotContain("r-2");
  }

  @ParameterizedTest
  @ValueSource(strings = {"1", "h", "-1h", "1w", "yesterday", ""})
  void whatIsNoTimeIsNotTaken(String text) {
    assertThat(audit("show", "--since=" + text).code()).isEqualTo(2);
    assertThat(audit("show", "--since=" + text).err()).contains("is no time");
  }

  @Test
  void misuseIsNamed() {
    assertThat(audit("show", "--limit", "-1").code()).isEqualTo(2);
    assertThat(audit("tail", "--lines", "-1").code()).isEqualTo(2);
    assertThat(audit("show", state.resolve("none").toString()).code()).isEqualTo(1);
  }

  @Test
  void statsCountAndTimeWhatWasCalled() {
    var stats = audit("stats").out();

    assertThat(stats)
        .contains("4 records from 2026-11-27T21:37:01.000Z to 2026-11-27T21:37:04.000Z")
        .contains("1 lifecycle, 3 response")
        .contains("3 calls, 1 did not end with a result")
        .containsPattern("completed +2 +66.7 %")
        .containsPattern("LATENCY +p50 5.* ms, p99 71 ms, longest 71 ms")
        .containsPattern("< 5 ms +#{40} 1")
        .containsPattern("SLOWEST +SERVER")
        .containsPattern("write +files +1 +1 +71 +71")
        .containsPattern("BLOCKED BY.*\nsecrets +1 +33.3 %");
    assertThat(audit("stats", "--top", "1").out()).doesNotContain("read");
    assertThat(audit("stats", "--server", "none").out()).contains("No records.");
  }

  @Test
  @Timeout(60)
  void tailShowsTheLastRecordsAndThenWhatIsAdded() throws Exception {
    var command = Program.command("audit", "tail", log.toString(), "--lines", "1");
    var process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    try (var lines =
            new BufferedReader(
                new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        var more = TestLog.create(state.resolve("more.jsonl"), state)) {
      assertThat(lines.readLine()).contains("r-3", "read\\u{1b}[2J").doesNotContain("\u001b");
      more.addCalls(4).addLifecycle("server/lost", "");
      var added = Files.readAllLines(state.resolve("more.jsonl")).getLast();
      Files.writeString(log, added + "\n", StandardOpenOption.APPEND);
      assertThat(lines.readLine()).contains("server/lost", "lifecycle");
      process.destroy();
      assertThat(process.waitFor()).isZero();
    } finally {
      process.destroyForcibly();
    }
  }
}
