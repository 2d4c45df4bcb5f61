package io.watchgate.middleware;

import static io.watchgate.middleware.TestExchange.result;
import static org.assertj.core.api.Assertions.assertThat;

import io.watchgate.config.TestOptions;
import io.watchgate.jsonrpc.Json;
import io.watchgate.plugin.Content;
import io.watchgate.plugin.Verdict;
import org.junit.jupiter.api.Test;

class CallTraceTest {
  private static final CallTraceFactory FACTORY = new CallTraceFactory();
  private static final TestExchange CALL =
      TestExchange.call("files", "read_file", "{\"path\":\n\"/tmp/a\"}");

  private static Json traced(String options, TestExchange call, String result) {
    var verdict = call.answered(new TestHome().make(FACTORY, options), result(result));
    assertThat(verdict).isInstanceOf(Verdict.Replace.class);
    return ((Verdict.Replace) verdict).content();
  }

  private static String trace(String options, TestExchange call) {
    var blocks = traced(options, call, "{\"content\":[]}").member("content").orElseThrow();
    return blocks.elements().getLast().textMember("text").orElseThrow();
  }

  @Test
  void theTraceIsOneMoreBlockOfText() {
    var result =
        traced("", CALL, "{\"content\":[{\"type\":\"text\", \"text\":\"1.0\"}],\"x\": 1e2}");

    var blocks = result.member("content").orElseThrow().elements();
    assertThat(blocks).hasSize(2);
    assertThat(blocks.getFirst()).hasToString("{\"type\":\"text\", \"text\":\"1.0\"}");
    assertThat(result.member("x").orElseThrow()).hasToString("1e2");
    assertThat(blocks.getLast().textMember("type")).contains("text");
  }

  @Test
  void theTraceSaysWhatWasCalledHowLongItTookAndWhereToFindIt() {
    assertThat(trace("", CALL))
        .isEqualTo(
            """

            ---
            🔍 **Watchgate Gateway Trace**
            - Server: files
            - Tool: read_file
            - Params: {"path": "/tmp/a"}
            - Response: 14 B
            - Duration: 45ms
            - Request ID: id-7
            - Timestamp: 2025-01-12T15:30:45.123Z

            Watchgate's audit log has this call under its request id or timestamp.
            ---\
            """);
  }

  @Test
  void fieldsThatAreSwitchedOffAreNotShown() {
    var few = "trace_fields: {params: false, request_id: false, timestamp: false, tool: false}";

    assertThat(trace(few, CALL))
        .contains("- Server: files\n- Response: 14 B\n- Duration: 45ms\n---")
        .doesNotContain("audit log");
    assertThat(trace("trace_fields: {timestamp: false}", CALL)).contains("under its request id.");
  }

  @Test
  void longArgumentsAreCutBetweenCharacters() {
    var call = TestExchange.call("files", "write", "{\"a\":\"😀😀\"}");

    assertThat(trace("max_param_length: 6", call)).contains("- Params: {\"a\":\"...\n");
    assertThat(trace("max_param_length: 7", call)).contains("- Params: {\"a\":\"...\n");
    assertThat(trace("max_param_length: 8", call)).contains("- Params: {\"a\":\"😀...\n");
    assertThat(trace("max_param_length: 0", call)).contains("- Params: ...\n");
  }

  @Test
  void sizesAreShownAsPeopleReadThem() {
    var kilobytes = "{\"content\":[{\"type\":\"text\",\"text\":\"" + "x".repeat(2300) + "\"}]}";

    assertThat(traced("", CALL, kilobytes).toString()).contains("Response: 2.3 KB");
    assertThat(traced("", CALL, kilobytes.replace("x", "x".repeat(500))).toString())
        .contains("Response: 1.1 MB");
  }

  @Test
  void structuredContentIsNeverTouchedAndStaysVisibleToWhoReadsBlocksOnly() {
    var result = traced("", CALL, "{\"structuredContent\":{\"n\": 1.0}}");

    assertThat(result.member("structuredContent").orElseThrow()).hasToString("{\"n\": 1.0}");
    var blocks = result.member("content").orElseThrow().elements();
    assertThat(blocks).hasSize(2);
    assertThat(blocks.getFirst().textMember("text")).contains("{\"n\": 1.0}");
  }

  @Test
  void onlyCallsThatSucceededAreTraced() {
    var plugin = new TestHome().make(FACTORY, "");
    var list = TestExchange.list("files");

    assertThat(list.answered(plugin, result("{\"tools\":[]}"))).isEqualTo(Verdict.PASS);
    for (var other :
        new String[] {
          "{\"content\":[],\"isError\":true}",
          "{\"task\":{\"taskId\":\"1\"}}",
          "{\"resultType\":\"input_required\",\"inputRequests\":{}}",
          "{}"
        }) {
      assertThat(CALL.answered(plugin, result(other))).as(other).isEqualTo(Verdict.PASS);
    }
    var error = Content.error(-32603, "no", Json.EMPTY_OBJECT);
    assertThat(CALL.answered(plugin, error)).isEqualTo(Verdict.PASS);
  }

  @Test
  void itStandsBehindMostPlugins() {
    assertThat(FACTORY.priority()).isEqualTo(90);
    assertThat(TestOptions.problems(FACTORY, "max_param_length: 10")).isEmpty();
    assertThat(TestOptions.problems(FACTORY, "trace_fields: {sever: true}").getFirst())
        .contains("trace_fields.sever", "unknown key");
  }
}
