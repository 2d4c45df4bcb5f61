package io.watchgate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.watchgate.testkit.Program;
import io.watchgate.testkit.RawHttp;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The whole program as a process, for what only a process can show: signals, exit codes, orphans.
@Timeout(120)
class ProgramTest {
  private static final String INITIALIZE =
      "{\"jsonrpc\":\"2.0\",\"id\":0,\"method\":\"initialize\",\"params\":{"
          + "\"protocolVersion\":\"2025-11-25\",\"capabilities\":{},"
          + "\"clientInfo\":{\"name\":\"test\",\"version\":\"1\"}}}";

  @TempDir private Path directory = Path.of("");

  @Test
  void endOfInputFinishesWhatIsInFlightAndLeavesNoOrphan() throws Exception {
    try (var program = stdio()) {
      program.send(call(1, "sleep", "{\"ms\":300,\"text\":\"slept\"}"));
      var children = program.children();
      assertThat(children).isNotEmpty();
      program.closeInput();
      assertThat(program.exitCode()).isZero();
      assertThat(program.rest()).hasSize(1).first().asString().contains("\"id\":1", "slept");
      assertDead(children);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"TERM", "INT"})
  void signalFinishesWhatIsInFlightAndExitsWith0(String signal) throws Exception {
    try (var program = stdio()) {
      program.send(call(1, "progress", "{\"steps\":2,\"delay_ms\":300}"));
      assertThat(program.next()).contains("\"progress\":1");
      var children = program.children();
      program.signal(signal);
      assertThat(program.exitCode()).isZero();
      assertThat(program.rest()).last().asString().contains("\"id\":1,\"result\"", "2 steps");
      assertDead(children);
    }
  }

  @Test
  void callThatDoesNotEndIsAnsweredBeforeTheProcessIsGone() throws Exception {
    try (var program = stdio()) {
      program.send(call(1, "hang", "{}"));
      program.send(call(2, "echo", "{}"));
      assertThat(program.next()).contains("\"id\":2");
      var children = program.children();
      program.signal("TERM");
      assertThat(program.exitCode()).isZero();
      assertThat(program.rest())
          .hasSize(1)
          .first()
          .asString()
          .contains("\"id\":1,\"error\"", "shutting_down");
      assertDead(children);
    }
  }

  @Test
  void clientThatStopsReadingDoesNotKeepTheProcessAlive() throws Exception {
    var file = ServerFile.stdio(directory).toString();
    var command = new ProcessBuilder(Program.command("run", "-c", file)).start();
    try (var in = command.outputWriter();
        var out = command.inputReader()) {
      Thread.ofPlatform().daemon().start(() -> command.errorReader().lines().forEach(_ -> {}));
      in.write(INITIALIZE + "\n");
      in.flush();
      assertThat(out.readLine()).contains("\"result\""); // and no further line
      for (int i = 1; i <= 5; i++) {
        in.write(call(i, "big", "{\"bytes\":5000000}") + "\n");
      }
      in.flush();
      new ProcessBuilder("kill", "-TERM", String.valueOf(command.pid())).start().waitFor();
      assertThat(command.waitFor(30, java.util.concurrent.TimeUnit.SECONDS)).isTrue();
      assertThat(command.exitValue()).isZero();
    } finally {
      command.destroyForcibly();
    }
  }

  @Test
  void httpGatewayFinishesWhatIsInFlightOnSigterm() throws Exception {
    var file = ServerFile.http(directory).toString();
    try (var program = Program.start(directory, Map.of(), "run", "-c", file)) {
      int port =
          Integer.parseInt(program.awaitLog("listening on http://127.0.0.1:(\\d+)/").group(1));
      try (var http = RawHttp.connect(port)) {
        var json = "Content-Type: application/json";
        var session =
            "Mcp-Session-Id: "
                + http.request("POST", "/mcp", INITIALIZE, json).read().header("Mcp-Session-Id");
        var accept = "Accept: application/json, text/event-stream";
        http.request(
            "POST", "/mcp/", call(1, "progress", "{\"steps\":2,\"delay_ms\":300}"), json, accept);
        assertThat(http.read().status()).isEqualTo(404);
        http.request(
            "POST",
            "/mcp",
            call(1, "progress", "{\"steps\":2,\"delay_ms\":300}"),
            json,
            accept,
            session);
        http.readHead();
        assertThat(http.readEvent().data()).contains("\"progress\":1");
        var children = program.children();
        program.signal("TERM");
        assertThat(http.readEvent().data()).contains("\"progress\":2");
        assertThat(http.readEvent().data()).contains("\"id\":1,\"result\"", "2 steps");
        assertThat(program.exitCode()).isZero();
        assertThat(program.rest()).isEmpty();
        assertDead(children);
      }
    }
  }

  @Test
  void configurationIsFoundInTheWorkingDirectoryAndByTheVariable() throws Exception {
    var file = ServerFile.http(directory);
    try (var here = Program.start(directory, Map.of(), "check");
        var named =
            Program.start(Path.of("/"), Map.of("WATCHGATE_CONFIG", file.toString()), "check")) {
      assertThat(here.exitCode()).isZero();
      assertThat(here.next())
          .isEqualTo("watchgate.yaml is valid: 1 server, clients come over http.");
      assertThat(named.exitCode()).isZero();
      assertThat(named.next()).startsWith(file + " is valid");
    }
  }

  private Program stdio() throws IOException, InterruptedException {
    var file = ServerFile.stdio(directory).toString();
    var program = Program.start(directory, Map.of(), "run", "-c", file);
    program.send(INITIALIZE);
    assertThat(program.next()).contains("\"id\":0,\"result\"");
    program.send(call(0, "echo", "{}"));
    assertThat(program.next()).contains("\"id\":0,\"result\"");
    return program;
  }

  private static String call(int id, String tool, String arguments) {
    return """
    {"jsonrpc":"2.0","id":%d,"method":"tools/call","params":{"name":"%s","arguments":%s,\
    "_meta":{"progressToken":%d}}}\
    """
        .formatted(id, tool, arguments, id);
  }

  private static void assertDead(List<ProcessHandle> children) {
    await()
        .atMost(Duration.ofSeconds(10))
        .until(() -> children.stream().noneMatch(ProcessHandle::isAlive));
  }
}
