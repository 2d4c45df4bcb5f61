package io.watchgate.security.secrets;

import static org.assertj.core.api.Assertions.assertThat;

import io.watchgate.config.TestOptions;
import io.watchgate.jsonrpc.Json;
import io.watchgate.plugin.Content;
import io.watchgate.plugin.Home;
import io.watchgate.plugin.TestExchange;
import io.watchgate.plugin.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecretsFactoryTest {
  private final SecretsFactory factory = new SecretsFactory();

  @TempDir Path directory;

  @Test
  void optionsOfGatekitAreTaken() {
    assertThat(
            problems(
                """
                action: block
                scan_base64: false
                secret_types:
                  aws_access_keys: {enabled: true}
                  github_tokens: {enabled: false}
                  google_api_keys: {enabled: true}
                  jwt_tokens: {enabled: true}
                  openai_api_keys: {enabled: true}
                  slack_tokens: {enabled: true}
                  ssh_private_keys: {enabled: true}
                  private_keys: {enabled: false}
                entropy_detection: {enabled: true, threshold: 5.0, min_length: 20}
                """))
        .isEmpty();
  }

  @Test
  void typeThatDoesNotExistIsReported() {
    assertThat(problems("secret_types:\n  githup: {enabled: false}"))
        .singleElement()
        .asString()
        .contains("no secrets are of the type githup");
  }

  @Test
  void ruleOfAUserIsReadAndItsMistakesAreReported() {
    assertThat(problems("rules:\n- {id: acme, prefixes: [acme_], regex: 'acme_[a-z0-9]{20}'}"))
        .isEmpty();
    assertThat(problems("rules:\n- {id: acme, prefixes: [acme_], regex: '(acme'}"))
        .singleElement()
        .asString()
        .contains("rule 1 (acme)", "not a regular expression");
    assertThat(problems("rules:\n- {id: acme, regexp: 'acme'}")).hasSize(3);
    assertThat(problems("allow: ['(']")).hasSize(1);
  }

  @Test
  void ruleFileIsRead() throws IOException {
    var good = Files.writeString(directory.resolve("good.yaml"), "[]");
    var bad =
        Files.writeString(
            directory.resolve("bad.yaml"), "- id: x\n  regex: x\n  names: [xx]\n  checks: [luck]");

    assertThat(problems("rules_file: " + good)).isEmpty();
    assertThat(problems("rules_file: " + bad)).anyMatch(problem -> problem.contains("luck"));
    assertThat(problems("rules_file: " + directory.resolve("none"))).hasSize(1);
  }

  @Test
  void secretIsTakenOutOfAMessage() throws Exception {
    var token = "glpat-" + new Dice(3).a62(20);
    var home = new Home(directory, InstantSource.system(), _ -> {}, RandomGenerator.getDefault());
    var params =
        Json.object("name", "push", "arguments", Json.object("t", "with " + token, "n", "x"));

    try (var plugin = factory.read(TestOptions.of("")).make(home)) {
      var verdict =
          plugin.onRequest(TestExchange.of("tools/call"), new Content(Content.Kind.PARAMS, params));

      var arguments = Json.object("t", "with [SECRET REDACTED by Watchgate: gitlab]", "n", "x");
      assertThat(verdict)
          .isEqualTo(
              new Verdict.Replace(
                  Json.object("name", "push", "arguments", arguments),
                  "redacted gitlab in /arguments/t"));
    }
  }

  private List<String> problems(String yaml) {
    return TestOptions.problems(factory, yaml);
  }
}
