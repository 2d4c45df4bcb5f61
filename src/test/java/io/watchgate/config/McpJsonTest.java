package io.watchgate.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.watchgate.config.GatewayConfig.Transport;
import io.watchgate.upstream.UpstreamSettings;
import io.watchgate.upstream.UpstreamSettings.Command;
import io.watchgate.upstream.UpstreamSettings.Remote;
import io.watchgate.upstream.UpstreamSettings.Wire;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class McpJsonTest {
  @TempDir Path directory;
  private ConfigFiles files;

  @BeforeEach
  void setUp() {
    files = new ConfigFiles(directory, Map.of("TOKEN", "t0ken", "HOME", "/home/me"));
  }

  @Test
  void aClientsFileBecomesUpstreams() {
    var loaded =
        files.loadJson(
            """
            {
            \t"mcpServers": {
            \t\t"files": {
            \t\t\t"command": "npx", "args": ["-y", "server", "${HOME}/data", "${NO:-x}", "$HOME"],
            \t\t\t"env": {"TOKEN": "${env:TOKEN}"}, "cwd": ".", "type": "stdio",
            \t\t\t"autoApprove": ["read"], "timeout": 60
            \t\t},
            \t\t"web": {
            \t\t\t"url": "https:\\/\\/a.example\\/mcp",
            \t\t\t"headers": {"Authorization": "Bearer ${TOKEN}"}
            \t\t},
            \t\t"old": {"url": "http://b.example/sse", "transport": "sse", "env": {}},
            \t\t"new": {"url": "http://c.example", "type": "streamableHttp", "disabled": false}
            \t},
            \t"theme": "dark"
            }
            """);
    var config = loaded.config();
    assertThat(loaded.warnings()).isEmpty();
    assertThat(config.transport()).isEqualTo(Transport.STDIO);
    assertThat(config.upstreams())
        .extracting(UpstreamSettings::name)
        .containsExactly("files", "web", "old", "new");
    assertThat(config.upstreams())
        .extracting(UpstreamSettings::prefix)
        .containsExactly("files__", "web__", "old__", "new__");
    assertThat(config.upstreams())
        .extracting(UpstreamSettings::target)
        .containsExactly(
            new Command(
                List.of("npx", "-y", "server", "/home/me/data", "x", "$HOME"),
                Map.of("TOKEN", "t0ken"),
                false,
                directory),
            new Remote(
                URI.create("https://a.example/mcp"),
                Map.of("Authorization", "Bearer t0ken"),
                Wire.STREAMABLE_HTTP),
            new Remote(URI.create("http://b.example/sse"), Map.of(), Wire.SSE),
            new Remote(URI.create("http://c.example"), Map.of(), Wire.STREAMABLE_HTTP));
  }

  @Test
  void textsKeepWhatJsonEscapes() {
    var loaded =
        files.loadJson(
            "{\"mcpServers\":{\"a\":{\"command\":\"x\",\"args\":[\"\\u00e9\\n\\ud83d\\ude00\"]}}}");
    var command = (Command) loaded.config().upstreams().getFirst().target();
    assertThat(command.command()).containsExactly("x", "é\n😀");
  }

  @Test
  void namesThatDoNotFitAreMappedAndReported() {
    var loaded =
        files.loadJson(
            """
            {"mcpServers": {
              "My Server": {"command": "a"}, "my.server/2": {"command": "a"},
              "My-Server": {"command": "a"}, "9lives": {"command": "a"}, "a__b": {"command": "a"},
              "日本": {"command": "a"}, "%s": {"command": "a"}
            }}
            """
                .formatted("x".repeat(70)));
    assertThat(loaded.config().upstreams())
        .extracting(UpstreamSettings::name)
        .containsExactly(
            "My-Server-2", "my-server-2", "My-Server", "s-9lives", "a_b", "server", "x".repeat(63));
    assertThat(loaded.warnings())
        .hasSize(6)
        .first()
        .isEqualTo("The server \"My Server\" is called \"My-Server-2\" here.");
  }

  @Test
  void aServerThatIsOffNeedsNoVariables() {
    var config =
        files
            .loadJson(
                """
                {"mcpServers": {
                  "on": {"command": "a"},
                  "off": {"command": "a", "args": ["${NOT_SET}"], "disabled": true}
                }}
                """)
            .config();
    assertThat(config.upstreams())
        .extracting(UpstreamSettings::enabled)
        .containsExactly(true, false);
    assertThat(config.upstreams().getFirst().prefix()).isEmpty();
  }

  @Test
  void everythingWrongIsReportedWhereItIs() {
    assertThat(
            files.jsonProblems(
                """
                {"mcpServers": {
                  "a": {"command": ["npx"], "args": "-y", "disabled": "maybe"},
                  "b": {"command": "x", "env": {"N": 1}, "type": "pipe"},
                  "c": {"command": "${NOPE}"},
                  "d": {"args": []},
                  "e": {"url": "x://y"},
                  "f": {"command": "x", "command": "y"},
                  "g": 5
                }}
                """))
        .containsExactly(
            "mcp.json:2:20: mcpServers.a.command: expected a text that is not empty, not a list",
            "mcp.json:2:37: mcpServers.a.args: expected a list, not the text \"-y\"",
            "mcp.json:2:55: mcpServers.a.disabled: expected true or false, not the text \"maybe\"",
            "mcp.json:3:38: mcpServers.b.env.N: expected a text, not the number 1 (quote it:"
                + " \"1\")",
            "mcp.json:3:50: mcpServers.b.type: expected one of stdio, http, streamable-http,"
                + " streamableHttp, sse, not the text \"pipe\"",
            "mcp.json:4:20: mcpServers.c.command: ${NOPE}: the environment variable NOPE is not set"
                + " (a default: ${env:NOPE:-default})",
            "mcp.json:5:8: mcpServers.d: a server needs a command (a child process) or a url (a"
                + " remote)",
            "mcp.json:6:16: mcpServers.e.url: expected an address with http:// or https://, not the"
                + " text \"x://y\"",
            "mcp.json:7:25: mcpServers.f.command: duplicate key, first written in line 7",
            "mcp.json:8:8: mcpServers.g: expected a mapping, not the number 5");
  }

  @Test
  void filesWithoutServersAreSaidSo() {
    assertThat(files.jsonProblems(""))
        .containsExactly("mcp.json:1:1: the file is empty, it needs mcpServers");
    assertThat(files.jsonProblems("{}"))
        .containsExactly("mcp.json:1:1: the key \"mcpServers\" is missing");
    assertThat(files.jsonProblems("{\"mcpServers\": {}}"))
        .containsExactly("mcp.json:1:16: mcpServers: there is no server in it");
    assertThat(files.jsonProblems("{\"mcpServers\": []}"))
        .containsExactly("mcp.json:1:16: mcpServers: expected a mapping, not a list");
    assertThat(files.jsonProblems("[]"))
        .containsExactly("mcp.json:1:1: expected a mapping, not a list");
    assertThat(files.jsonProblems("{\"mcpServers\": {"))
        .singleElement()
        .asString()
        .startsWith("mcp.json:1:17: not valid");
  }

  @Test
  void theSameFileAsYamlSaysWhichOptionItIsFor() {
    assertThat(files.problems("{\"mcpServers\": {}}"))
        .anyMatch(line -> line.contains("give it with --mcp-json"));
    assertThat(Files.exists(directory.resolve("watchgate.yaml"))).isTrue();
  }
}
