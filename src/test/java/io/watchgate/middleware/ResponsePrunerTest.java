package io.watchgate.middleware;

import static io.watchgate.middleware.TestExchange.json;
import static io.watchgate.middleware.TestExchange.result;
import static org.assertj.core.api.Assertions.assertThat;

import io.watchgate.config.TestOptions;
import io.watchgate.jsonrpc.Json;
import io.watchgate.plugin.Content;
import io.watchgate.plugin.Plugin;
import io.watchgate.plugin.Verdict;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ResponsePrunerTest {
  private static final ResponsePrunerFactory FACTORY = new ResponsePrunerFactory();
  private static final TestExchange CALL = TestExchange.call("web", "search", "{}");
  private static final String NAMES = "rules: [{select: ['$.items[*].name', '$.total']}]";
  private static final String ITEMS =
      """
      {"total": 2.0, "items":[{"name":"a","body":"long"},{"name":"b","body":"long"}], "x":1}\
      """;

  private static Plugin plugin(String options) {
    return new TestHome().make(FACTORY, options);
  }

  /// Lists the tool, with more in its definition.
  private static Plugin listed(String options, String more) {
    var plugin = plugin(options);
    var list = TestExchange.list("web").of("tools/list", Json.EMPTY_OBJECT);
    var tools =
        "{\"tools\":[{\"name\":\"search\",\"inputSchema\":{\"type\":\"object\"}" + more + "}]}";
    assertThat(list.answered(plugin, result(tools))).isEqualTo(Verdict.PASS);
    return plugin;
  }

  private static Content texts(String... texts) {
    var blocks = Stream.of(texts).map(ToolResult::textBlock).toList();
    return Content.result(Json.object("content", Json.array(blocks)));
  }

  private static Json pruned(Plugin plugin, Content answer) {
    var verdict = CALL.answered(plugin, answer);
    assertThat(verdict).isInstanceOf(Verdict.Replace.class);
    return ((Verdict.Replace) verdict).content();
  }

  private static List<String> shown(Json result) {
    return result.member("content").orElseThrow().elements().stream()
        .map(block -> ToolResult.text(block).orElse(""))
        .toList();
  }

  @Test
  void longTextKeepsItsHeadAndTailAndSaysWhatWasCut() {
    var plugin = plugin("rules: [{max_bytes: 100, tail: 0.3}]");
    var text = "a".repeat(500) + "b".repeat(500);

    assertThat(shown(pruned(plugin, texts(text))))
        .containsExactly(
            "a".repeat(70) + "[… 900 bytes cut …]" + "b".repeat(30),
            "[Watchgate made this result smaller: 900 of 1000 bytes of text are cut]");
  }

  @Test
  void headOrTailAloneCanBeKept() {
    var text = "a".repeat(500) + "b".repeat(500);

    assertThat(shown(pruned(plugin("rules: [{max_bytes: 100, tail: 0}]"), texts(text))))
        .startsWith("a".repeat(100) + "[… 900 bytes cut …]");
    assertThat(shown(pruned(plugin("rules: [{max_bytes: 100, tail: 1}]"), texts(text))))
        .startsWith("[… 900 bytes cut …]" + "b".repeat(100));
  }

  @Test
  void blocksAreCutAsOneTextAndPicturesStay() {
    var plugin = plugin("rules: [{max_bytes: 100, tail: 0.5}]");
    var blocks =
        List.of(
            ToolResult.textBlock("a".repeat(60)),
            ToolResult.textBlock("b".repeat(60)),
            json("{\"type\":\"image\",\"data\":\"AAAA\",\"mimeType\":\"image/png\"}"),
            json(
                "{\"type\":\"resource\",\"resource\":{\"uri\":\"f:/c\",\"text\":\"%s\",\"x\": 1.0}}"
                    .formatted("c".repeat(60))));
    var answer = Content.result(Json.object("content", Json.array(blocks), "isError", true));

    var result = pruned(plugin, answer);
    assertThat(shown(result))
        .containsExactly(
            "a".repeat(50) + "[… 80 bytes cut …]",
            "",
            "c".repeat(50),
            "[Watchgate made this result smaller: 80 of 180 bytes of text are cut]");
    assertThat(result.toString()).contains("\"uri\":\"f:/c\"", "\"x\": 1.0", "\"isError\":true");
  }

  @Test
  void bytesAreThoseOfUtf8AndNoCharacterIsSplit() {
    var text = "😀".repeat(100);

    for (int most = 100; most < 108; most++) {
      var plugin = plugin("rules: [{max_bytes: " + most + ", tail: 0.5}]");
      var kept = shown(pruned(plugin, texts(text))).getFirst();
      var left = kept.replaceAll("\\[.*]", "");
      assertThat(left).matches("(😀)+");
      assertThat(left.getBytes(StandardCharsets.UTF_8)).hasSizeBetween(92, most);
    }
  }

  @Test
  void tokensAreEstimated() {
    var plugin = plugin("rules: [{max_tokens: 100}]");
    var kept = shown(pruned(plugin, texts("some words of text. ".repeat(500)))).getFirst();

    assertThat(TokenEstimate.of(kept)).isBetween(90L, 120L);
    assertThat(kept).contains("tokens (about) cut");
  }

  @Test
  void whatFitsKeepsItsBytes() {
    var plugin = plugin("rules: [{max_bytes: 100}]");

    assertThat(CALL.answered(plugin, texts("a".repeat(100)))).isEqualTo(Verdict.PASS);
    assertThat(CALL.answered(plugin, Content.error(-32603, "x".repeat(500), json("{}"))))
        .isEqualTo(Verdict.PASS);
    assertThat(CALL.answered(plugin, result("{\"resultType\":\"input_required\"}")))
        .isEqualTo(Verdict.PASS);
  }

  @Test
  void theFirstRuleThatNamesTheToolCounts() {
    var rules = "rules: [{tools: ['re?d_*'], max_bytes: 100}, {tools: [search], max_bytes: 200}]";
    var plugin = plugin(rules);

    assertThat(CALL.answered(plugin, texts("a".repeat(150)))).isEqualTo(Verdict.PASS);
    var read = TestExchange.call("web", "read_page", "{}");
    assertThat(read.answered(plugin, texts("a".repeat(150)))).isNotEqualTo(Verdict.PASS);
    var other = TestExchange.call("web", "other", "{}");
    assertThat(other.answered(plugin, texts("a".repeat(999)))).isEqualTo(Verdict.PASS);
  }

  @Test
  void textThatIsJsonKeepsWhatIsSelected() {
    assertThat(shown(pruned(plugin(NAMES), texts("plain", ITEMS))))
        .containsExactly(
            "plain",
            "{\"total\":2.0,\"items\":[{\"name\":\"a\"},{\"name\":\"b\"}]}",
            "[Watchgate made this result smaller: of JSON only $.items[*].name, $.total is left]");
  }

  @Test
  void jsonThatHasNothingOfItStaysAsItIs() {
    var plugin = plugin(NAMES);

    assertThat(CALL.answered(plugin, texts("{\"error\":\"no\"}"))).isEqualTo(Verdict.PASS);
    assertThat(CALL.answered(plugin, texts("{broken", "[1,2]"))).isEqualTo(Verdict.PASS);
  }

  @Test
  void structuredContentWithoutASchemaIsSelectedToo() {
    var plugin = listed(NAMES, "");
    var result = pruned(plugin, result("{\"structuredContent\":" + ITEMS + "}"));

    assertThat(result.member("structuredContent").orElseThrow())
        .hasToString("{\"total\":2.0,\"items\":[{\"name\":\"a\"},{\"name\":\"b\"}]}");
    assertThat(shown(result)).hasSize(2).first().asString().doesNotContain("body");
  }

  @Test
  void structuredContentStaysValidAgainstItsOutputSchema() {
    var loose = ",\"outputSchema\":{\"type\":\"object\",\"required\":[\"total\"]}";
    var strict = ",\"outputSchema\":{\"type\":\"object\",\"required\":[\"x\"]}";
    var answer = result("{\"content\":[],\"structuredContent\":" + ITEMS + "}");

    assertThat(pruned(listed(NAMES, loose), answer).member("structuredContent").toString())
        .doesNotContain("body");
    assertThat(CALL.answered(listed(NAMES, strict), answer))
        .isEqualTo(
            new Verdict.Pass(
                "structuredContent is whole, since its output schema may need what is not"
                    + " selected"));
    assertThat(CALL.answered(plugin(NAMES), answer)).isInstanceOf(Verdict.Pass.class);
  }

  @Test
  void textIsCutEvenWhereStructuredContentHasToStay() {
    var strict = ",\"outputSchema\":{\"type\":\"object\",\"required\":[\"x\"]}";
    var block = ToolResult.textBlock(ITEMS);
    var answer =
        Content.result(
            Json.object("content", Json.array(List.of(block)), "structuredContent", json(ITEMS)));

    var result = pruned(listed(NAMES, strict), answer);
    assertThat(result.member("structuredContent").orElseThrow()).isEqualTo(json(ITEMS));
    assertThat(shown(result).getFirst()).doesNotContain("body");
    assertThat(shown(result).getLast()).contains("structuredContent is whole");
  }

  @Test
  void structuredContentBeyondTheLimitGoesOnlyWhereNothingWasPromised() {
    var rule = "rules: [{max_bytes: 100}]";
    var large = "{\"structuredContent\":{\"a\":\"" + "x".repeat(500) + "\"}}";

    var result = pruned(listed(rule, ""), result(large));
    assertThat(result.member("structuredContent")).isEmpty();
    assertThat(shown(result).getFirst()).startsWith("{\"a\":\"xxx").contains("cut …]");
    assertThat(shown(result).getLast()).contains("structuredContent of 508 bytes is cut");

    var promised = ",\"outputSchema\":{\"type\":\"object\"}";
    assertThat(CALL.answered(listed(rule, promised), result(large)))
        .isInstanceOf(Verdict.Pass.class)
        .isNotEqualTo(Verdict.PASS);
    assertThat(CALL.answered(plugin(rule), result(large))).isInstanceOf(Verdict.Pass.class);
  }

  @Test
  void rulesThatCannotBeAreReported() {
    assertThat(TestOptions.problems(FACTORY, "").getFirst()).contains("rules", "is missing");
    assertThat(TestOptions.problems(FACTORY, "rules: [{tools: [a]}]").getFirst())
        .contains("max_bytes, max_tokens or select");
    assertThat(TestOptions.problems(FACTORY, "rules: [{max_bytes: 1KiB, max_tokens: 200}]"))
        .hasSize(1);
    assertThat(TestOptions.problems(FACTORY, "rules: [{select: ['a.b']}]").getFirst())
        .contains("the path a.b has to start with $");
    assertThat(TestOptions.problems(FACTORY, "rules: [{max_bytes: 1, tail: 2, sel: a}]"))
        .hasSize(3);
  }
}
