package io.watchgate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class CommandsTest {
  private static final String FIRST_REQUEST =
      """
      {"jsonrpc":"2.0","method":"notifications/x"}
      nonsense
      {"jsonrpc":"2.0","id":"first","method":"initialize","params":{}}
      """;

  @TempDir private Path directory = Path.of("");

  @Test
  void helpNamesEveryCommandAndWhereToStart() {
    for (var arguments : new String[][] {{}, {"help"}, {"--help"}, {"-h"}}) {
      var help = Captured.run(arguments);
      assertThat(help.code()).isZero();
      assertThat(help.out())
          .contains("demo ", "run ", "check ", "tools ", "call ", "version ")
          .contains("watchgate demo", "Exit codes")
          .doesNotContain("demo-server");
    }
    assertThat(Captured.run("call", "--help").out())
        .contains("[-c=FILE | --mcp-json=FILE]", "[JSON]");
    assertThat(Captured.run("run", "-h").out()).contains("--transport=stdio|http", "--port=N");
  }

  @Test
  void versionIsOneLine() {
    assertThat(Captured.run("version").out()).matches("watchgate \\S+\\R");
    assertThat(Captured.run("--version").out()).matches("watchgate \\S+\\R");
  }

  @Test
  void wrongUsageIsToldInTwoLinesAndExitsWith2() {
    var command = Captured.run("chek");
    assertThat(command.code()).isEqualTo(2);
    assertThat(command.err()).contains("no command \"chek\"", "check", "`watchgate --help`");
    var option = Captured.run("tools", "--jason");
    assertThat(option.code()).isEqualTo(2);
    assertThat(option.err()).contains("--jason", "`watchgate tools --help`");
    assertThat(Captured.run("call").err()).contains("NAME").doesNotContain("'JSON'");
    assertThat(option.out() + command.out()).isEmpty();
  }

  @Test
  void checkCountsTheServersAndNamesTheFile() throws IOException {
    var file = ServerFile.withGone(directory);
    var checked = Captured.run("check", "-c", file.toString());
    assertThat(checked)
        .isEqualTo(new Captured(0, file + " is valid: 2 servers, clients come over http.\n", ""));
  }

  @Test
  void checkShowsEveryProblemAndExitsWith2() throws IOException {
    var file =
        Files.writeString(
            directory.resolve("bad.yaml"),
            "proxy:\n  transprt: http\n  upstreams:\n    - {name: 1x, command: []}\nlog: {}\n");
    var checked = Captured.run("check", "-c", file.toString());
    assertThat(checked.code()).isEqualTo(2);
    assertThat(checked.out()).isEmpty();
    assertThat(checked.err())
        .contains("bad.yaml:2:", "transport", "bad.yaml:4:", "bad.yaml:5:", "logging")
        .doesNotContain("\tat ");
  }

  @Test
  void checkNamesThePlacesWhereItLooked() {
    var checked = Captured.run("check", "-c", directory.resolve("none.yaml").toString());
    assertThat(checked.code()).isEqualTo(2);
    assertThat(checked.err()).contains("none.yaml").doesNotContain("\tat ");
  }

  @Test
  void checkTellsWhichServersAreThere() throws IOException {
    var checked =
        Captured.run("check", "--connect", "-c", ServerFile.withGone(directory).toString());
    assertThat(checked.code()).isEqualTo(1);
    assertThat(checked.out())
        .containsPattern("(?m)^  one   ready +2025-11-25$")
        .containsPattern("(?m)^  gone  not there  .*/nonexistent.*no such program$");
    assertThat(checked.err()).contains("1 server is not there").doesNotContain("WARN", "\tat ");
    var all = Captured.run("check", "--connect", "-c", ServerFile.http(directory).toString());
    assertThat(all.code()).isZero();
    assertThat(all.out()).contains("1 server,");
  }

  @Test
  void schemaIsPrintedAlone() {
    var schema = Captured.run("check", "--print-schema");
    assertThat(schema.code()).isZero();
    assertThat(schema.out()).startsWith("{").contains("\"$schema\"", "upstreams").endsWith("}\n");
  }

  @Test
  void toolsStandInColumnsWithOwnerAndOriginalName() throws IOException {
    var file =
        ServerFile.write(
            directory, "http", "", ServerFile.server("one") + ServerFile.server("second"));
    var tools = Captured.run("tools", "-c", file.toString());
    assertThat(tools.code()).isZero();
    assertThat(tools.out()).contains("TOOL", "SERVER", "ORIGINAL NAME");
    assertThat(tools.out()).containsPattern("(?m)^second__echo +second  echo +\\S");
    var lines = tools.out().lines().toList();
    assertThat(lines).allMatch(line -> line.charAt(lines.getFirst().indexOf("SERVER") - 1) == ' ');
    assertThat(tools.err()).isEmpty();
  }

  @Test
  void toolsAsJsonAreJsonAndASilentServerIsTold() throws IOException {
    var tools = Captured.run("tools", "--json", "-c", ServerFile.withGone(directory).toString());
    assertThat(tools.code()).isEqualTo(1);
    assertThat(tools.out())
        .startsWith("[{\"name\":\"one__")
        .contains("\"server\":\"one\",\"original\":\"echo\"")
        .endsWith("}]\n");
    assertThat(tools.err()).contains("\"gone\" is not there", "no such program");
  }

  @Test
  void callPrintsTheResultAndItsProgress() throws IOException {
    var file = ServerFile.http(directory).toString();
    var echo = Captured.run("call", "-c", file, "echo", "{\"text\":\"hello\"}");
    assertThat(echo.code()).isZero();
    assertThat(echo.out()).startsWith("{").contains("\"text\":\"hello\"");
    assertThat(echo.err()).isEmpty();
    var progress = Captured.run("call", "-c", file, "progress", "{\"steps\":2}");
    assertThat(progress.err()).contains("step 1", "step 2");
    assertThat(progress.out()).contains("2 steps");
  }

  @Test
  void callThatFailsExitsWith1() throws IOException {
    var file = ServerFile.http(directory).toString();
    var failed = Captured.run("call", "-c", file, "fail");
    assertThat(failed.code()).isEqualTo(1);
    assertThat(failed.out()).contains("\"isError\":true");
    var unknown = Captured.run("call", "-c", file, "nothing");
    assertThat(unknown.code()).isEqualTo(1);
    assertThat(unknown.out()).isEmpty();
    assertThat(unknown.err()).contains("-32602", "nothing", "`watchgate tools`");
  }

  @Test
  void argumentsThatAreNoObjectExitWith2() {
    for (var arguments : new String[] {"[1", "[1]", "5", ""}) {
      var called = Captured.run("call", "echo", arguments);
      assertThat(called.code()).isEqualTo(2);
      assertThat(called.err()).contains("the arguments").doesNotContain("\tat ");
    }
  }

  @Test
  void runServesStdinUntilItEnds() throws IOException {
    var file = ServerFile.stdio(directory).toString();
    var served =
        Captured.fed(
            """
            {"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25"}}
            {"jsonrpc":"2.0","id":"2","method":"tools/call","params":{"name":"echo","arguments":{}}}
            """,
            "run",
            "-c",
            file);
    assertThat(served.code()).isZero();
    assertThat(served.out().lines()).hasSize(2);
    assertThat(served.out()).contains("\"id\":1,", "\"id\":\"2\",", "serverInfo", "\"content\"");
    assertThat(served.err()).contains("the client closed its end");
  }

  @Test
  void runTakesTheFileOfAnMcpClient() throws IOException {
    var command = io.watchgate.testkit.TestServers.command();
    var quoted =
        command.stream()
            .skip(1)
            .map(word -> '"' + word + '"')
            .collect(java.util.stream.Collectors.joining(","));
    var json =
        "{\"mcpServers\":{\"one\":{\"command\":\""
            + command.getFirst()
            + "\",\"args\":["
            + quoted
            + "]}}}";
    var file = Files.writeString(directory.resolve("mcp.json"), json).toString();
    var served =
        Captured.fed(
            """
            {"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"echo"}}
            """,
            "run",
            "--mcp-json",
            file,
            "--transport",
            "stdio");
    assertThat(served.out()).contains("\"id\":1,\"result\"");
    assertThat(Captured.run("tools", "--mcp-json", file, "-c", file).code()).isEqualTo(2);
  }

  @Test
  void clientOnStdioIsToldWhyTheGatewayDoesNotStart() throws IOException {
    var file =
        Files.writeString(directory.resolve("bad.yaml"), "proxy: {transport: stdio}\nx: 1\n");
    var failed = Captured.fed(FIRST_REQUEST, "run", "-c", file.toString());
    assertThat(failed.code()).isEqualTo(2);
    assertThat(failed.out().lines()).hasSize(1);
    assertThat(failed.out())
        .contains("\"id\":\"first\",\"error\"", "\"details\":", "bad.yaml:2:1", "\"fix\":");
    var missing =
        Captured.fed(FIRST_REQUEST, "run", "-c", directory.resolve("none.yaml").toString());
    assertThat(missing.code()).isEqualTo(2);
    assertThat(missing.out()).contains("none.yaml", "run -c FILE");
    var misused = Captured.fed(FIRST_REQUEST, "run", "--trnsport", "stdio");
    assertThat(misused.code()).isEqualTo(2);
    assertThat(misused.out()).contains("\"id\":\"first\",\"error\"", "--trnsport", "\"fix\"");
  }

  @Test
  void startUpFailureOverHttpTellsStderrOnly() throws IOException {
    try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      var file = ServerFile.http(directory).toString();
      var port = String.valueOf(taken.getLocalPort());
      var failed = Captured.fed(FIRST_REQUEST, "run", "-c", file, "--port", port);
      assertThat(failed.code()).isEqualTo(1);
      assertThat(failed.err()).contains("cannot listen on 127.0.0.1:" + port);
      assertThat(failed.out()).isEmpty();
    }
    var host =
        Captured.fed(
            FIRST_REQUEST,
            "run",
            "--transport",
            "http",
            "--host",
            "0.0.0.0",
            "-c",
            ServerFile.http(directory).toString());
    assertThat(host.code()).isEqualTo(2);
    assertThat(host.err()).contains("bearer_tokens");
    assertThat(host.out()).isEmpty();
  }

  @Test
  void logGoesToAFileAsJsonAndNowhereElse() throws IOException {
    var log = directory.resolve("log.jsonl");
    var logging =
        "logging: {handlers: [file], file_path: "
            + log
            + ", format: json}\n"
            + "plugins: {middleware: {_global: []}}\n";
    var file = ServerFile.write(directory, "stdio", logging, ServerFile.server("one"));
    var served = Captured.fed("", "run", "-c", file.toString());
    assertThat(served.code()).isZero();
    assertThat(served.err()).isEmpty();
    assertThat(Files.readAllLines(log))
        .isNotEmpty()
        .allMatch(line -> line.startsWith("{\"time\":\"2") && line.endsWith("\"}"))
        .anyMatch(line -> line.contains("the client closed its end"));
  }

  @Test
  void logOfTextIsOneLineAnEvent() throws IOException {
    var served =
        Captured.fed(
            "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"initialize\",\"params\":{"
                + "\"protocolVersion\":\"2025-11-25\",\"clientInfo\":{\"name\":\"a\\nFORGED\"}}}\n",
            "run",
            "-c",
            ServerFile.stdio(directory).toString());
    assertThat(served.err().lines()).allMatch(line -> line.matches("^\\d{4}-.*|^$"));
    assertThat(served.err()).contains("FORGED");
  }
}
