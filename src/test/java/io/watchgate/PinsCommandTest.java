package io.watchgate;

import static org.assertj.core.api.Assertions.assertThat;

import io.watchgate.config.TestOptions;
import io.watchgate.flow.Time;
import io.watchgate.jsonrpc.Json;
import io.watchgate.plugin.Content;
import io.watchgate.plugin.Home;
import io.watchgate.plugin.Plugin;
import io.watchgate.plugin.TestExchange;
import io.watchgate.security.toolguard.ToolGuardFactory;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PinsCommandTest {
  private static final String SEEN = "{\"name\":\"read\",\"description\":\"Reads a file.\"}";
  private static final String CHANGED =
      "{\"name\":\"read\",\"description\":\"Reads a folder\u202E\"}";

  @TempDir private Path state = Path.of("");

  @BeforeEach
  void aServerChangesATool() throws Exception {
    var home = new Home(state, () -> Instant.EPOCH, Time.REAL::pass, new Random(1));
    try (var guard = new ToolGuardFactory().read(TestOptions.of("")).make(home)) {
      list(guard, SEEN);
      list(guard, CHANGED, "{\"name\":\"new\"}");
    }
  }

  private static void list(Plugin guard, String... tools) throws InterruptedException {
    var result = "{\"tools\":[" + String.join(",", tools) + "]}";
    guard.onResponse(TestExchange.of("tools/list"), Content.result(Json.trusted(result)));
  }

  @Test
  void listShowsEveryForm() {
    assertThat(pins().out()).contains("SERVER", "files", "read", "seen", "new");
    assertThat(pins("list", "files", "read").out().lines()).hasSize(3);
    assertThat(pins("list", "--json").out()).startsWith("[{\"definition\":").contains("\"new\"");
    assertThat(pins("list", "nobody").out()).contains("Nothing is pinned");
  }

  @Test
  void diffShowsWhatChangedAndNothingThatATerminalWouldActOn() {
    assertThat(pins("diff").out())
        .contains("files: tool \"read\", changed", "/description")
        .contains("- \"Reads a file.\"", "+ \"Reads a folder\\u{202e}\"")
        .contains("files: tool \"new\", new", "{\"name\":\"new\"}");
  }

  @Test
  void approvedIsWhatIsNamed() {
    assertThat(pins("approve", "files", "read").code()).isZero();
    assertThat(pins("list", "files", "read").out()).doesNotContain("seen").contains("approved");
    assertThat(pins("diff").out()).contains("\"new\"").doesNotContain("\"read\"");
    assertThat(pins("approve", "--all").out()).contains("new");
    assertThat(pins("diff").out()).contains("Nothing has changed");
  }

  @Test
  void rejectedIsWhatIsNew() {
    assertThat(pins("reject", "files").out().lines()).hasSize(3);
    assertThat(pins("list").out()).contains("rejected", "seen");
    assertThat(pins("reject", "files", "read").out().lines()).hasSize(2);
    assertThat(pins("reject", "files", "read").code()).isEqualTo(1);
  }

  @Test
  void nothingIsJudgedThatIsNotNamed() {
    assertThat(pins("approve").code()).isEqualTo(2);
    assertThat(pins("approve").err()).contains("SERVER", "--all");
    assertThat(pins("reject").code()).isEqualTo(2);
  }

  private Captured pins(String... arguments) {
    var all = new ArrayList<>(List.of("pins"));
    all.addAll(List.of(arguments));
    all.addAll(List.of("--state", state.toString()));
    return Captured.run(all.toArray(String[]::new));
  }
}
