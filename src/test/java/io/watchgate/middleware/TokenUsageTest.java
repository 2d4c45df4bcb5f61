package io.watchgate.middleware;

import static io.watchgate.middleware.TestExchange.result;
import static org.assertj.core.api.Assertions.assertThat;

import io.watchgate.jsonrpc.Json;
import io.watchgate.plugin.Content;
import io.watchgate.plugin.Metric;
import io.watchgate.plugin.Plugin;
import io.watchgate.plugin.Verdict;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TokenUsageTest {
  private static final TestExchange CALL =
      TestExchange.call("files", "read_file", "{\"path\":\"/tmp/a\"}");

  private final Plugin plugin = new TestHome().make(new TokenUsageFactory(), "");

  private void listed(String server, String... tools) {
    var definitions =
        List.of(tools).stream()
            .map(name -> "{\"name\":\"" + name + "\",\"description\":\"Reads one file.\"}")
            .collect(Collectors.joining(","));
    var list = TestExchange.list(server);
    assertThat(list.answered(plugin, result("{\"tools\":[" + definitions + "]}")))
        .isEqualTo(Verdict.PASS);
  }

  private void called(TestExchange call, String text) {
    assertThat(call.judged(plugin)).isEqualTo(Verdict.PASS);
    var block = ToolResult.textBlock(text);
    var answer = Content.result(Json.object("content", Json.array(List.of(block))));
    assertThat(call.answered(plugin, answer)).isEqualTo(Verdict.PASS);
  }

  private double metric(String name, String tool) {
    return plugin.metrics().stream()
        .filter(metric -> metric.name().equals("token_usage_" + name))
        .filter(metric -> tool.equals(metric.labels().get("tool")))
        .mapToDouble(Metric::value)
        .sum();
  }

  @Test
  void definitionsArgumentsAndResultsAreCountedPerTool() {
    listed("files", "read_file", "write_file");
    called(CALL, "four words of text");
    called(CALL, "four words of text");

    assertThat(metric("definition_tokens", "read_file")).isBetween(5.0, 9.0);
    assertThat(metric("argument_tokens_total", "read_file"))
        .isEqualTo(2.0 * TokenEstimate.of("{\"path\":\"/tmp/a\"}"));
    assertThat(metric("result_tokens_total", "read_file")).isEqualTo(8);
    assertThat(metric("result_tokens_total", "write_file")).isZero();
  }

  @Test
  void aListTakesThePlaceOfTheOneBefore() {
    listed("files", "read_file", "write_file");
    listed("web", "fetch");
    listed("files", "read_file");

    assertThat(metric("definition_tokens", "write_file")).isZero();
    assertThat(metric("definition_tokens", "read_file")).isBetween(5.0, 9.0);
    assertThat(metric("definition_tokens", "fetch")).isPositive();
  }

  @Test
  void toolsThatNoServerListsAreSummedAsOther() {
    listed("files", "read_file");
    called(TestExchange.call("files", "made_up", "{}"), "one");
    called(TestExchange.call("files", "made_up_too", "{}"), "one");

    assertThat(metric("result_tokens_total", "other")).isEqualTo(2);
    assertThat(plugin.metrics()).hasSize(6);
  }

  @Test
  void neitherAServerNorClientsMakeItGrowWithoutEnd() {
    var names = IntStream.range(0, 5000).mapToObj(i -> "tool" + i).toArray(String[]::new);
    listed("files", names);
    listed("files", "x".repeat(1000));
    for (int i = 0; i < 1000; i++) {
      called(CALL.by("client" + i), "one");
    }

    assertThat(plugin.metrics()).hasSizeLessThanOrEqualTo(3 * 501);
    var clients = plugin.status().member("clients").orElseThrow().elements();
    assertThat(clients).hasSize(51);
    assertThat(clients)
        .filteredOn(client -> client.textMember("client").orElseThrow().equals("other"))
        .singleElement()
        .satisfies(other -> assertThat(other.member("calls").orElseThrow()).hasToString("950"));
  }

  @Test
  void theStatusHasTotalsPerServerClientAndTool() {
    listed("files", "read_file");
    called(CALL.by("editor"), "one");
    called(CALL.by("chat"), "one");
    called(TestExchange.call("web", "fetch", "{}").by("chat"), "one");

    var status = plugin.status();
    assertThat(status.member("total").orElseThrow().toString())
        .contains("\"calls\":3")
        .endsWith("\"results\":3}");
    assertThat(status.member("servers").orElseThrow().toString())
        .startsWith("[{\"server\":\"files\",")
        .contains("{\"server\":\"web\",\"definitions\":0,\"calls\":1,");
    assertThat(status.member("clients").orElseThrow().elements()).hasSize(2);
    assertThat(status.member("tools").orElseThrow().toString())
        .contains("{\"server\":\"files\",\"tool\":\"read_file\",");
  }

  @Test
  void picturesCountAsPicturesAndErrorsAsTheirMessage() {
    var picture = "{\"content\":[{\"type\":\"image\",\"data\":\"" + "A".repeat(100_000) + "\"}]}";
    var _ = CALL.answered(plugin, result(picture));
    assertThat(metric("result_tokens_total", "other")).isEqualTo(1600);

    var _ = CALL.answered(plugin, Content.error(-32603, "not there", Json.EMPTY_OBJECT));
    assertThat(metric("result_tokens_total", "other")).isEqualTo(1602);
  }

  @Test
  void itSeesWhatServersAndClientsGet() {
    assertThat(new TokenUsageFactory().priority()).isGreaterThan(new CallTraceFactory().priority());
  }
}
