package io.watchgate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Plugins for calls, as a file names them, at work in the whole gateway.
@Tag("peers") // needs Python
@Timeout(60)
class MiddlewareScenariosTest {
  @TempDir private Path directory = Path.of("");

  @Test
  void aResultIsPrunedThenTracedInTheOrderThatThePluginsStandIn() throws IOException {
    var file =
        ServerFile.write(
            directory,
            "http",
            """
            plugins:
              middleware:
                _global:
                  - {handler: call_trace}
                  - {handler: token_usage}
                  - {handler: loop_guard}
                  - {handler: response_pruner, config: {rules: [{max_bytes: 100}]}}
              security:
                one:
                  - handler: process
                    config: {command: [python3, examples/plugins/ticket_guard.py]}
            """,
            ServerFile.server("one"));
    var text = "TICKET-1 " + "x".repeat(300);

    var called = Captured.run("call", "-c", file.toString(), "echo", "{\"text\":\"" + text + "\"}");

    assertThat(called.code()).as(called.err()).isZero();
    assertThat(called.out())
        .contains("[ticket] xxx", " bytes cut …]", "Watchgate made this result smaller")
        .contains("Watchgate Gateway Trace", "- Server: one\\n- Tool: echo\\n")
        .doesNotContain("TICKET");
    assertThat(called.out().indexOf("made this result smaller"))
        .isLessThan(called.out().indexOf("Gateway Trace"));
  }
}
