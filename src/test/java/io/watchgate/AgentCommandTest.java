package io.watchgate;

import static org.assertj.core.api.Assertions.assertThat;

import io.watchgate.testkit.FixtureHttpServer;
import io.watchgate.testkit.Program;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Agents of the whole program, with and without a configuration of them.
@Timeout(120)
class AgentCommandTest {
  @TempDir private Path directory = Path.of("");

  private String write(FixtureHttpServer web, String more) throws Exception {
    var yaml =
        "proxy: {transport: http, http: {port: 0, bearer_tokens: [t0k]}, upstreams: [{name: a, url:"
            + " '"
            + web.uri()
            + "'}]}\n"
            + more;
    return Files.writeString(directory.resolve("watchgate.yaml"), yaml).toString();
  }

  @Test
  void agentRunsFromTheCommandLineWithoutAnyConfigurationOfAgents() throws Exception {
    try (var web = FixtureHttpServer.start("--name", "a")) {
      var file = write(web, "");
      var ran =
          Captured.run("agent", "run", "-c", file, "researcher", "echo {\"text\": \"hello\"}");

      assertThat(ran.code()).as(ran.err()).isZero();
      assertThat(ran.out()).contains("echo says: ", "hello");
      assertThat(ran.err())
          .containsPattern("researcher_[0-9a-f]{8} began")
          .contains("echo completed after");
      var json =
          Captured.run("agent", "run", "-c", file, "tester", "echo {\"text\": \"x\"}", "--json");
      assertThat(json.out()).startsWith("{\"execution_id\":\"tester_");
    }
  }

  @Test
  void typesAreListedThoseOfTheConfigurationInThePlaceOfOthers() throws Exception {
    try (var web = FixtureHttpServer.start("--name", "a")) {
      var file =
          write(
              web,
              """
              agents:
                default_model: mine
                models: {mine: {provider: openai, model: small, base_url: "http://127.0.0.1:1"}}
                types:
                  tester: {instructions: Test., description: Tests otherwise., model: echo}
              """);
      var listed = Captured.run("agent", "list", "-c", file).out();

      assertThat(listed)
          .contains("simplifier", "reviewer", "researcher", "Tests otherwise.")
          .doesNotContain("Finds what is not tested");
      assertThat(listed.lines().filter(line -> line.startsWith("simplifier")))
          .allMatch(line -> line.contains("mine"));
      var failed = Captured.run("agent", "run", "-c", file, "simplifier", "anything");
      assertThat(failed.code()).isEqualTo(1);
      assertThat(failed.err()).contains("model \"mine\" cannot be reached");
      var unknown = Captured.run("agent", "run", "-c", file, "nobody", "anything");
      assertThat(unknown.code()).isEqualTo(2);
      assertThat(unknown.err()).contains("no agent type \"nobody\"");
      assertThat(Captured.run("agent").code()).isEqualTo(2);
    }
  }

  @Test
  void gatewayServesItsAgentsBesideItsClients() throws Exception {
    try (var web = FixtureHttpServer.start("--name", "a")) {
      write(web, "agents: {port: 0}\nlogging: {level: INFO}\n");
      try (var program = Program.start(directory, Map.of(), "run");
          var client = HttpClient.newHttpClient()) {
        var url = program.awaitLog("agents at (http://\\S+)").group(1);
        var order =
            HttpRequest.newBuilder(URI.create(url + "/api/v1/agents/execute"))
                .header("Content-Type", "application/json")
                .POST(
                    BodyPublishers.ofString(
                        "{\"agent_type\":\"tester\",\"repository_name\":\"demo\","
                            + "\"user_query\":\"echo {\\\"text\\\": \\\"hi\\\"}\"}"));

        assertThat(client.send(order.build(), BodyHandlers.ofString()).statusCode()).isEqualTo(401);
        var answer =
            client.send(
                order.header("Authorization", "Bearer t0k").build(), BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        program.awaitLog("session creation started for tester_[0-9a-f]{8}");
        program.awaitLog("session creation completed in \\d+\\.\\d{3}s for tester_[0-9a-f]{8}");
        program.signal("TERM");
        assertThat(program.exitCode()).isZero();
      }
    }
  }

  @Test
  void nothingOfAgentsIsLoadedWhereThereAreNone() throws Exception {
    var loaded = directory.resolve("loaded.txt");
    try (var web = FixtureHttpServer.start("--name", "a")) {
      write(web, "logging: {level: INFO}\n");
      var environment = Map.of("JAVA_TOOL_OPTIONS", "-Xlog:class+load:file=" + loaded);
      try (var program = Program.start(directory, environment, "run")) {
        program.awaitLog("listening on");
        program.signal("TERM");
        assertThat(program.exitCode()).isZero();
      }
    }
    assertThat(Files.readString(loaded))
        .contains("io.watchgate.Gateway ")
        .doesNotContain("io.watchgate.agents");
  }
}
