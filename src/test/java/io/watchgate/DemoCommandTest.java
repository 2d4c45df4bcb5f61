package io.watchgate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DemoCommandTest {
  private static final PrintStream OUT = System.out;
  private static final PrintStream ERRORS = System.err;

  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

  @AfterEach
  void giveTheConsoleBack() {
    System.setOut(OUT);
    System.setErr(ERRORS);
  }

  @Test
  void onceShowsToolsACallItsRecordAndHowToConnect() throws IOException {
    assertThat(demo("--once", "--port", "0")).isZero();

    assertThat(text())
        .contains("Tools of server \"notes\"", "  notes__add_note ", "Tools of server \"weather\"")
        .contains("  weather__forecast {\"city\":\"Oslo\",\"days\":3}")
        .containsPattern("  day 3 +\\w+ +-?\\d+ to +-?\\d+ C\n")
        .containsPattern(
            "\"event\":\"response\".+\"server\":\"weather\".+\"outcome\":\"completed\"")
        .contains("Two agents at once", "  weather__travel_plan completed after")
        .containsPattern("  researcher_[0-9a-f]{8} completed after \\d+ ms, tools: 1\n")
        .containsPattern("  reviewer_[0-9a-f]{8} completed after \\d+ ms, tools: 2\n")
        .containsPattern("\"mcpServers\": .+\"url\": \"http://127.0.0.1:\\d+/mcp\"")
        .doesNotContain("Ctrl-C");
    assertThat(text()).matches("\\p{ASCII}+");
    assertAuditLog();
  }

  private void assertAuditLog() throws IOException {
    var path = found("Its audit record, in (\\S+)");
    var records = Files.readAllLines(Path.of(path));
    var calls = records.stream().filter(line -> line.contains("weather__forecast")).toList();
    assertThat(calls).hasSize(2);
    assertThat(calls.getFirst()).contains("\"event\":\"request\"");
    assertThat(text()).contains(calls.getLast());
    assertThat(requestId(calls.getFirst())).isEqualTo(requestId(calls.getLast()));
  }

  @Test
  void aPortInUseIsSaidWithWhatToDo() throws IOException {
    try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      int port = taken.getLocalPort();

      assertThat(demo("--once", "--port", Integer.toString(port))).isEqualTo(1);

      assertThat(text())
          .contains("127.0.0.1:" + port, "watchgate demo --port 0")
          .doesNotContain("\tat ");
    }
  }

  @Test
  void aPortThatIsNoneIsWrongUsage() {
    assertThat(demo("--port", "70000")).isEqualTo(2);

    assertThat(text()).contains("--port is 70000 (expected: 0 to 65535)");
  }

  @Test
  void servesUntilCtrlCAndLeavesNobodyBehind() throws Exception {
    var process = start("demo", "--port", "0");
    try (var output = process.inputReader(StandardCharsets.UTF_8)) {
      var line = output.readLine();
      while (line != null && !line.contains("Ctrl-C")) {
        printed.writeBytes((line + "\n").getBytes(StandardCharsets.UTF_8));
        line = output.readLine();
      }
      assertThat(line).as(text()).isNotNull();
      var children = process.descendants().toList();
      assertThat(children).isNotEmpty();

      assertCurlLineWorks();
      assertThat(Http.get(found("curl -s (\\S+/api/status)")).body())
          .contains("\"name\":\"weather\"");
      interrupt(process);

      assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).isZero();
      for (var child : children) {
        child.onExit().get(20, TimeUnit.SECONDS);
      }
    } finally {
      process.destroyForcibly();
    }
  }

  /// Sends what the printed line says, without needing curl here.
  private void assertCurlLineWorks() throws IOException {
    var headers =
        Pattern.compile("-H '([^:]+): ([^']+)'")
            .matcher(text())
            .results()
            .collect(Collectors.toMap(header -> header.group(1), header -> header.group(2)));
    var answer = Http.post(found("curl -s (\\S+/mcp) "), headers, found("-d '([^']+)'"));
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body()).contains("\"serverInfo\":{\"name\":\"watchgate\"");
  }

  private static void interrupt(Process process) throws IOException, InterruptedException {
    var kill = new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start();
    assertThat(kill.waitFor()).isZero();
  }

  private static Process start(String... arguments) throws IOException {
    var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    var command =
        new ArrayList<>(
            List.of(java, "-cp", System.getProperty("java.class.path"), Main.class.getName()));
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
  }

  private int demo(String... options) {
    var console = new PrintStream(printed, true, StandardCharsets.UTF_8);
    System.setOut(console);
    System.setErr(console);
    var arguments = new ArrayList<>(List.of("demo"));
    arguments.addAll(List.of(options));
    return Main.run(arguments.toArray(String[]::new));
  }

  private String text() {
    return printed.toString(StandardCharsets.UTF_8);
  }

  private String found(String pattern) {
    var matcher = Pattern.compile(pattern).matcher(text());
    assertThat(matcher.find()).as("%s in%n%s", pattern, text()).isTrue();
    return matcher.group(1);
  }

  private static String requestId(String line) {
    return line.replaceFirst(".*\"request_id\":\"([^\"]+)\".*", "$1");
  }
}
