package io.watchgate.middleware;

import static org.assertj.core.api.Assertions.assertThat;

import io.watchgate.config.TestOptions;
import io.watchgate.flow.Rejection;
import io.watchgate.flow.RescueLayer;
import io.watchgate.jsonrpc.Json;
import io.watchgate.jsonrpc.RequestId;
import io.watchgate.mcp.ProtocolVersion;
import io.watchgate.plugin.Content;
import io.watchgate.plugin.Home;
import io.watchgate.plugin.Plugin;
import io.watchgate.plugin.TestExchange;
import io.watchgate.plugin.Verdict;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ToolManagerTest {
  private static final String TOOLS =
      """
      {"tools": [
        {"name": "read_file", "title": "Read", "description": "Reads a file.",
         "inputSchema": {"type": "object", "properties": {"path": {"type": "string"},
           "token": {"type": "string"}, "limit": {"type": "integer"}},
           "required": ["path", "token", "limit"]},
         "outputSchema": {"type": "object", "properties": {"size": {"type": "integer"}},
           "required": ["size"]}, "x-own":  1.0},
        {"name": "delete_file", "inputSchema": {"type": "object"}},
        {"name": "list.files", "inputSchema": {"type": "object"}}],
       "nextCursor": "a",  "_meta": {}}\
      """;

  private Instant now = Instant.EPOCH;

  @Test
  void listedToolsAloneAreShown() throws Exception {
    var manager = manager("tools: [{tool: read_file}]");

    assertThat(names(list(manager))).containsExactly("read_file");
    assertThat(list(manager).textMember("nextCursor")).contains("a");
  }

  @Test
  void anEmptyListHidesAll() throws Exception {
    assertThat(names(list(manager("tools: []")))).isEmpty();
  }

  @Test
  void withoutRulesNothingIsTouched() throws Exception {
    var manager = manager("");

    assertThat(answer(manager, "tools/list", TOOLS)).isEqualTo(Verdict.PASS);
    assertThat(call(manager, "{\"name\":\"delete_file\",\"arguments\":{}}"))
        .isEqualTo(Verdict.PASS);
  }

  @Test
  void patternsAllowAndDeny() throws Exception {
    assertThat(names(list(manager("allow: ['*_file', 'x?']"))))
        .containsExactly("read_file", "delete_file");
    assertThat(names(list(manager("deny: ['delete_*']"))))
        .containsExactly("read_file", "list.files");
    assertThat(names(list(manager("{allow: ['*'], deny: ['*.*']}"))))
        .containsExactly("read_file", "delete_file");
  }

  @Test
  void toolIsShownUnderAnotherNameTitleAndDescription() throws Exception {
    var manager =
        manager(
            "tools: [{tool: read_file, display_name: read, display_title: Look,"
                + " display_description: Looks.}]");

    var tool = list(manager).member("tools").orElseThrow().elements().getFirst();
    assertThat(tool.toString())
        .contains("\"name\": \"read\", \"title\": \"Look\", \"description\": \"Looks.\"")
        .contains("\"x-own\":  1.0");
  }

  @Test
  void renamedToolIsCalledByItsOwnName() throws Exception {
    var manager = manager("tools: [{tool: read_file, display_name: read}]");

    assertThat(params(call(manager, "{\"x\": 1.0,\"name\": \"read\"}")))
        .hasToString("{\"x\": 1.0,\"name\": \"read_file\"}");
  }

  @Test
  void s27RenamedToolIsNotCallableByItsOriginalName() throws Exception {
    var manager = manager("tools: [{tool: read_file, display_name: read}]");

    assertUnknown(call(manager, "{\"name\":\"read_file\"}"), "read_file");
  }

  @Test
  void errorOfARenamedToolSaysTheNameOfClients() throws Exception {
    var manager = manager("tools: [{tool: read_file, display_name: read}]");
    var exchange = TestExchange.of("tools/call", "{\"name\":\"read_file\"}");
    var error = Content.error(-32602, "read_file: not in read_files", Json.EMPTY_OBJECT);

    assertThat(params(manager.onResponse(exchange, error)).textMember("message"))
        .contains("read: not in read_files");
  }

  @Test
  void nameThatWasGivenAwayBelongsToOneTool() throws Exception {
    var manager = manager("{allow: ['*'], tools: [{tool: read_file, display_name: delete_file}]}");

    assertThat(names(list(manager))).containsExactly("delete_file", "list.files");
    assertThat(params(call(manager, "{\"name\":\"delete_file\"}")).textMember("name"))
        .contains("read_file");
  }

  @Test
  void hiddenToolIsAnsweredByteForByteLikeAnUnknownOne() throws Exception {
    var manager = manager("deny: ['delete_*']");

    assertUnknown(call(manager, "{\"name\":\"delete_file\"}"), "delete_file");
    assertUnknown(call(manager, "{\"name\":\"delete_\\\"\\u0001\"}"), "delete_\"\u0001");
  }

  @Test
  void fixedArgumentsAreSentAndNotShown() throws Exception {
    var manager =
        manager("tools: [{tool: read_file, fixed: {token: s3cret}, defaults: {limit: 10}}]");

    assertThat(list(manager).toString())
        .contains("\"properties\": {\"path\":{\"type\": \"string\"},\"limit\":")
        .contains("\"required\": [\"path\"]")
        .doesNotContain("token", "s3cret");
    assertThat(params(call(manager, "{\"name\":\"read_file\",\"arguments\":{\"path\":\"/a\"}}")))
        .matches(sent ->
            sent.isSameAs(
                Json.trusted(
                    "{\"name\":\"read_file\",\"arguments\":"
                        + "{\"path\":\"/a\",\"limit\":10,\"token\":\"s3cret\"}}")));
  }

  @Test
  void clientCannotReplaceAFixedArgumentButADefault() throws Exception {
    var manager =
        manager("tools: [{tool: read_file, fixed: {token: s3cret}, defaults: {limit: 10}}]");

    assertThat(
            params(
                call(
                    manager,
                    "{\"name\":\"read_file\",\"arguments\":{\"token\":\"mine\",\"limit\":2}}")))
        .hasToString("{\"name\":\"read_file\",\"arguments\":{\"token\":\"s3cret\",\"limit\":2}}");
    assertThat(params(call(manager, "{\"name\":\"read_file\"}")).toString()).contains("s3cret");
  }

  @Test
  void argumentsAreCheckedAgainstTheSchemaThatClientsSee() throws Exception {
    var manager =
        manager("tools: [{tool: read_file, fixed: {token: 1}, validate_arguments: true}]");
    list(manager);

    var refused =
        (Verdict.Complete)
            call(
                manager,
                "{\"name\":\"read_file\",\"arguments\":{\"path\":\"/a\",\"limit\":\"x\"}}");
    assertThat(refused.answer().json().toString())
        .contains("-32602", "invalid_params", "\"pointer\":\"/limit\"", "integer expected");
    var missing = (Verdict.Complete) call(manager, "{\"name\":\"read_file\"}");
    assertThat(missing.answer().json().toString()).contains("\"pointer\":\"/path\"", "required");
    assertThat(
            call(manager, "{\"name\":\"read_file\",\"arguments\":{\"path\":\"/a\",\"limit\":1}}"))
        .isInstanceOf(Verdict.Replace.class);
  }

  @Test
  void resultThatDoesNotFitItsSchemaIsBlocked() throws Exception {
    var manager = manager("{validate_results: true}");
    list(manager);

    assertThat(result(manager, "{\"content\":[],\"structuredContent\":{\"size\":\"big\"}}"))
        .isInstanceOfSatisfying(
            Verdict.Block.class,
            block -> assertThat(block.reason()).contains("/size", "integer expected", "read_file"));
    assertThat(result(manager, "{\"content\":[]}")).isInstanceOf(Verdict.Block.class);
    assertThat(result(manager, "{\"content\":[],\"structuredContent\":{\"size\":1}}"))
        .isEqualTo(Verdict.PASS);
    assertThat(result(manager, "{\"content\":[],\"isError\":true}")).isEqualTo(Verdict.PASS);
  }

  @Test
  void schemaThatCannotBeUsedIsNotedAndChecksNothing() throws Exception {
    var manager = manager("{validate_arguments: true}");
    var tools = "{\"tools\":[{\"name\":\"loop\",\"inputSchema\":{\"$ref\":\"#\"}}]}";

    assertThat(answer(manager, "tools/list", tools))
        .isEqualTo(new Verdict.Pass("inputSchema of loop refers to itself without going deeper"));
    assertThat(call(manager, "{\"name\":\"loop\"}")).isEqualTo(Verdict.PASS);
  }

  @Test
  void equalCallsAreAnsweredFromMemoryUntilTheirTimeIsOver() throws Exception {
    var manager = manager("tools: [{tool: read_file, cache: {ttl: 30s}}]");
    var asked = "{\"name\":\"read_file\",\"arguments\":{\"a\":1,\"b\":2}}";

    assertThat(call(manager, asked)).isEqualTo(Verdict.PASS);
    keep(manager, asked, "{\"content\":[1.0]}");

    assertThat(call(manager, "{\"arguments\":{\"b\":2, \"a\":1},\"name\":\"read_file\"}"))
        .isInstanceOfSatisfying(
            Verdict.Complete.class,
            kept -> assertThat(kept.answer().json()).hasToString("{\"content\":[1.0]}"));
    assertThat(call(manager, "{\"name\":\"read_file\",\"arguments\":{\"a\":1}}"))
        .isEqualTo(Verdict.PASS);
    now = now.plusSeconds(29);
    keep(manager, asked, "{\"content\":[1.0]}"); // does not make it last longer
    now = now.plusSeconds(1);
    assertThat(call(manager, asked)).isEqualTo(Verdict.PASS);
  }

  @Test
  void whatOnePrincipalGotNoOtherGetsUnlessItIsShared() throws Exception {
    var asked = "{\"name\":\"read_file\"}";
    var own = manager("tools: [{tool: read_file, cache: {}}]");
    keep(own, asked, "{\"content\":[]}");
    var shared = manager("tools: [{tool: read_file, cache: {shared: true}}]");
    keep(shared, asked, "{\"content\":[]}");

    var other = TestExchange.of("tools/call", asked).by("bert");
    assertThat(own.onRequest(other, new Content(Content.Kind.PARAMS, other.params())))
        .isEqualTo(Verdict.PASS);
    assertThat(shared.onRequest(other, new Content(Content.Kind.PARAMS, other.params())))
        .isInstanceOf(Verdict.Complete.class);
  }

  @Test
  void failuresQuestionsAndTasksAreNotKept() throws Exception {
    var manager = manager("tools: [{tool: read_file, cache: {}}]");
    var asked = "{\"name\":\"read_file\"}";

    keep(manager, asked, "{\"content\":[],\"isError\":true}");
    keep(manager, asked, "{\"resultType\":\"input_required\"}");
    keep(manager, asked, "{\"task\":{}}");
    keep(manager, "{\"name\":\"read_file\",\"inputResponses\":{}}", "{\"content\":[]}");
    manager.onResponse(
        TestExchange.of("tools/call", asked), Content.error(-1, "no", Json.EMPTY_OBJECT));

    assertThat(call(manager, asked)).isEqualTo(Verdict.PASS);
  }

  @Test
  void mistakesOfTheConfigurationAreReportedWithTheirPlaces() {
    assertThat(problems("tools: [{tool: a, display_name: c}, {tool: b, display_name: c}]"))
        .singleElement()
        .asString()
        .startsWith("1:61 config.tools[1].display_name: is given to the tool \"a\" too");
    assertThat(problems("tools: [{tool: a, display_name: b}, {tool: b}]"))
        .singleElement()
        .asString()
        .contains("config.tools[0].display_name: is the name of another tool that is listed: b");
    assertThat(problems("tools: [{tool: a}, {tool: a}]"))
        .singleElement()
        .asString()
        .contains("is listed twice");
    assertThat(problems("tools: [{display_name: a}]")).isNotEmpty();
    assertThat(problems("tools: [{tool: a, display_name: a}]")).hasSize(1);
    assertThat(problems("tools: [{tool: a, fixed: [1]}]")).hasSize(1);
    assertThat(problems("tools: [{tool: a, action: hide}]")).hasSize(1);
    assertThat(problems("{tools: [{tool: ab}], deny: ['a*']}")).hasSize(1);
    assertThat(problems("tools: {tool: a}")).isNotEmpty();
  }

  @Test
  void aGatekitConfigurationIsTakenAsItIs() {
    assertThat(
            problems(
                "tools: [{tool: read_file, display_name: read, display_description: Reads.},"
                    + " {tool: list}]"))
        .isEmpty();
  }

  private static List<String> problems(String yaml) {
    return TestOptions.problems(new ToolManagerFactory(), yaml);
  }

  private Plugin manager(String yaml) throws Exception {
    var home = new Home(Path.of("unused"), () -> now, _ -> {}, new Random(1));
    return new ToolManagerFactory().read(TestOptions.of(yaml)).make(home);
  }

  private static Verdict call(Plugin manager, String params) throws InterruptedException {
    var exchange = TestExchange.of("tools/call", params);
    return manager.onRequest(exchange, new Content(Content.Kind.PARAMS, exchange.params()));
  }

  private static Verdict answer(Plugin manager, String method, String result)
      throws InterruptedException {
    return manager.onResponse(TestExchange.of(method), Content.result(Json.trusted(result)));
  }

  private static Verdict result(Plugin manager, String result) throws InterruptedException {
    return manager.onResponse(
        TestExchange.of("tools/call", "{\"name\":\"read_file\"}"),
        Content.result(Json.trusted(result)));
  }

  private static void keep(Plugin manager, String params, String result)
      throws InterruptedException {
    assertThat(
            manager.onResponse(
                TestExchange.of("tools/call", params), Content.result(Json.trusted(result))))
        .isEqualTo(Verdict.PASS);
  }

  private static Json list(Plugin manager) throws InterruptedException {
    return answer(manager, "tools/list", TOOLS) instanceof Verdict.Replace(var content, _)
        ? content
        : Json.trusted(TOOLS);
  }

  private static List<String> names(Json list) {
    return list.member("tools").orElseThrow().elements().stream()
        .map(tool -> tool.textMember("name").orElseThrow())
        .toList();
  }

  private static Json params(Verdict verdict) {
    return ((Verdict.Replace) verdict).content();
  }

  private static void assertUnknown(Verdict verdict, String name) {
    var rejection = new Rejection(new Rejection.UnknownTool("tool", name));
    var expected = RescueLayer.answer(RequestId.of(0), rejection, ProtocolVersion.NEWEST_HANDSHAKE);
    assertThat(((Verdict.Complete) verdict).answer().json())
        .isEqualTo(expected.error().orElseThrow());
  }
}
