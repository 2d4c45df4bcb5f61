package io.watchgate.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.watchgate.agents.AgentsSettings;
import io.watchgate.agents.models.ModelSettings;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AgentKeysTest {
  private static final String TOKENS = "http: {bearer_tokens: [t0k]}, ";

  @TempDir private Path directory = Path.of("");

  private GatewayConfig load(String proxy, String agents) throws Exception {
    var file = directory.resolve("watchgate.yaml");
    Files.writeString(file, "proxy: {" + proxy + "upstream: {url: http://a}}\n" + agents);
    return ConfigLoader.load(file, Map.of("KEY", "s3cret"));
  }

  private AgentsSettings agents(String agents) throws Exception {
    return load(TOKENS, agents).agents().orElseThrow();
  }

  private void wrong(String agents, String... words) {
    assertThatThrownBy(() -> load("", agents)).hasMessageContainingAll(words);
  }

  @Test
  void withoutTheSectionThereAreNone() throws Exception {
    assertThat(load("", "").agents()).isEmpty();
    assertThat(load("", "agents:").agents()).isEmpty();
  }

  @Test
  void defaultsAreTheTypesThatShipTheEmbeddedModelAndTheTokensOfTheGateway() throws Exception {
    var settings = agents("agents: {}");

    assertThat(settings.types().keySet())
        .containsExactly("simplifier", "tester", "reviewer", "researcher");
    assertThat(settings.models().keySet()).containsExactly("echo");
    assertThat(settings.bearerTokens()).containsExactly("t0k");
    assertThat(settings.port()).isEqualTo(8000);
    assertThat(settings.types().values())
        .allMatch(type -> type.instructions().unknown().isEmpty() && !type.tools().isEmpty());
    assertThat(AgentAssembly.standard().types()).isEqualTo(settings.types());
  }

  @Test
  void sectionIsReadWhole() throws Exception {
    var settings =
        agents(
            """
            agents:
              port: 9000
              bearer_tokens: [other]
              default_model: big
              models:
                big:
                  provider: anthropic
                  base_url: https://proxy.example/claude
                  model: claude
                  api_key: ${env:KEY}
                  max_tokens: 100
                  timeout: 5s
                  retries: 0
              types:
                tester:
                  description: Mine.
                  model: big
                  instructions: "{user_query}"
                  tools: [a__*, b__read]
                  max_steps: 3
                  timeout: 10s
                  temperature: 0.5
                  output_schema: {type: object, required: [ok]}
                  cache: {ttl: 1m}
              limits:
                max_concurrent: 2
                queue: 0
                tokens_per_minute: 1000
                executions_per_minute: 5
            """);

    var type = Objects.requireNonNull(settings.types().get("tester"));
    assertThat(type.model()).contains("big");
    assertThat(type.maxSteps()).isEqualTo(3);
    assertThat(type.outputSchema().orElseThrow().toString())
        .isEqualTo("{\"type\":\"object\",\"required\":[\"ok\"]}");
    assertThat(type.keptFor()).contains(Duration.ofMinutes(1));
    assertThat(settings.types()).hasSize(4);
    var model = Objects.requireNonNull(settings.models().get("big"));
    assertThat(model.provider()).isEqualTo(ModelSettings.Provider.ANTHROPIC);
    assertThat(model.baseUrl()).contains(URI.create("https://proxy.example/claude"));
    assertThat(model.apiKey()).contains("s3cret");
    assertThat(settings.toString()).doesNotContain("s3cret");
    assertThat(settings.limits().tokensAMinute()).isEqualTo(1000);
    assertThat(settings.bearerTokens()).containsExactly("other");
  }

  @Test
  void whatContradictsItselfIsToldWithItsPlace() {
    wrong(
        "agents: {types: {t: {instructions: '{user_qery}'}}}",
        "agents.types.t.instructions",
        "{user_qery}",
        "user_query");
    wrong("agents: {types: {t: {}}}", "\"instructions\" is missing");
    wrong("agents: {types: {T: {instructions: a}}}", "agents.types.T", "a name of up to 63");
    wrong("agents: {types: {t: {instructions: a, model: bg}}}", "no such model");
    wrong("agents: {types: {t: {instructions: a, output_schema: [1]}}}", "expected a mapping");
    wrong("agents: {default_model: gone}", "agents.default_model", "no such model");
    wrong("agents: {models: {m: {provider: openai}}}", "agents.models.m", "\"model\" is missing");
    wrong("agents: {models: {echo: {provider: openai, model: m}}}", "embedded model");
    wrong("agents: {host: 0.0.0.0}", "agents.host", "agents.bearer_tokens");
    wrong("agents: {limits: {max_query_bytes: 2MiB}}", "agents.limits.max_query_bytes");
  }

  @Test
  void otherAgentsTakeARestart() throws Exception {
    var running = load("", "agents: {}");
    var next = load("", "agents: {port: 9000}");

    assertThat(Fixed.differences(running, next)).containsExactly("agents");
    assertThat(Fixed.keep(running, next).agents()).isEqualTo(running.agents());
    assertThat(Fixed.differences(running, load("", "agents: {}"))).isEmpty();
  }
}
