package io.watchgate.translation;

import static io.watchgate.translation.Translated.failure;
import static io.watchgate.translation.Translated.success;
import static org.assertj.core.api.Assertions.assertThat;

import io.watchgate.jsonrpc.Json;
import io.watchgate.jsonrpc.Response;
import io.watchgate.mcp.LogLevel;
import io.watchgate.testkit.RecordingSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Clients with sessions before a server without.
class ToStatelessTest {
  private final RecordingSession session = new RecordingSession("session");

  private static String claim(String level, String capabilities) {
    return """
    "io.modelcontextprotocol/logLevel":"%s",\
    "io.modelcontextprotocol/clientCapabilities":%s,\
    "io.modelcontextprotocol/clientInfo":{"name":"gate","version":"1"},\
    "io.modelcontextprotocol/protocolVersion":"2026-07-28"\
    """
        .formatted(level, capabilities);
  }

  private static Translated echo() {
    return Translated.stateless(call -> success(call, "{\"resultType\":\"complete\"}"));
  }

  @Test
  void requestMakesTheClaimAndIsTheSameOtherwise() throws InterruptedException {
    var translated = echo();
    translated.send(
        session,
        "tools/call",
        "{\"name\" : \"t\",\"arguments\":{ \"n\":1.50,\"u\":\"\\u00e9\" }, \"x\":[ ] }");
    assertThat(translated.server.last())
        .endsWith(
            ",\"method\":\"tools/call\",\"params\":{\"_meta\":{"
                + claim("info", "{}")
                + "},\"name\" : \"t\",\"arguments\":{ \"n\":1.50,\"u\":\"\\u00e9\" }, \"x\":[ ]"
                + " }}");
  }

  @Test
  void claimIsPutBesideWhatIsInMetaAlready() throws InterruptedException {
    var translated = echo();
    translated.send(session, "tools/call", "{\"name\":\"t\",\"_meta\":{\"progressToken\":\"p\"}}");
    assertThat(translated.server.last())
        .endsWith(
            "{\"name\":\"t\",\"_meta\":{" + claim("info", "{}") + ",\"progressToken\":\"p\"}}}");
  }

  @Test
  void clientCannotMakeHalfAClaimOfItsOwn() throws InterruptedException {
    var translated = echo();
    var forged =
        "{\"name\":\"t\",\"_meta\":{\"io.modelcontextprotocol/clientCapabilities\":"
            + "{\"sampling\":{}},\"io.modelcontextprotocol/clientInfo\":{\"name\":\"root\"}}}";
    translated.send(session, "tools/call", forged);
    assertThat(translated.server.last()).doesNotContain("sampling", "root");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"tools/list\"}"})
  void requestWithoutParametersMakesTheClaimToo(String line) throws Exception {
    var translated = echo();
    var request =
        (io.watchgate.jsonrpc.Request)
            io.watchgate.jsonrpc.Message.read(
                line.getBytes(java.nio.charset.StandardCharsets.UTF_8),
                io.watchgate.jsonrpc.Limits.DEFAULT);
    translated.send(new io.watchgate.flow.Call(request, session));
    assertThat(translated.server.last()).endsWith("{\"_meta\":{" + claim("info", "{}") + "}}}");
  }

  @Test
  void taskOfTheOtherRevisionIsTakenOut() throws InterruptedException {
    var translated = echo();
    translated.send(
        session, "tools/call", "{\"name\":\"t\",\"task\":{\"ttl\":1},\"arguments\":{}}");
    assertThat(translated.server.last()).doesNotContain("task").contains("\"arguments\":{}");
  }

  @Test
  void requestWantsTheLogsThatItsSessionAskedFor() throws InterruptedException {
    var translated = echo();
    translated.send(session.logging(LogLevel.WARNING), "tools/call", "{\"name\":\"t\"}");
    assertThat(translated.server.last()).contains(claim("warning", "{}"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"sampling\":{\"tools\":{}},\"x\":1.0}|{\"sampling\":{\"tools\":{}},\"x\":1.0}",
        "{\"roots\":{\"listChanged\":true}}|{\"roots\":{}}",
        "{\"tasks\":{\"list\":{}},\"elicitation\":{\"url\":{}}}|{\"elicitation\":{\"url\":{}}}",
        "{\"extensions\":{\"io.modelcontextprotocol/tasks\":{},\"a/b\":{}}}"
            + "|{\"extensions\":{\"a/b\":{}}}",
      })
  void capabilitiesAreThoseOfTheHandshakeWithoutWhatOnlySessionsHave(String declared, String said)
      throws InterruptedException {
    var translated = echo();
    var client = new RecordingSession("declaring", Json.trusted(declared));
    translated.send(client, "tools/call", "{\"name\":\"t\"}");
    assertThat(translated.server.last()).contains(claim("info", said));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "tools/call|{\"content\":[]}",
        "prompts/get|{\"messages\":[]}",
        "completion/complete|{\"completion\":{\"values\":[ ]}}",
      })
  void resultLosesWhatOnlyTheOtherEraHas(String method, String kept) throws InterruptedException {
    var said =
        "{\"resultType\":\"complete\",\"ttlMs\":5,\"cacheScope\":\"public\"," + kept.substring(1);
    var translated = Translated.stateless(call -> success(call, said));
    assertThat(translated.send(session, method, "{}").result().orElseThrow()).hasToString(kept);
  }

  @ParameterizedTest
  @CsvSource({"tools/list,tools", "resources/read,contents"})
  void resultKeepsHowLongItHoldsForTheGateway(String method, String member)
      throws InterruptedException {
    var hints = "\"ttlMs\":5,\"cacheScope\":\"public\",\"%s\":[]}".formatted(member);
    var translated =
        Translated.stateless(call -> success(call, "{\"resultType\":\"complete\"," + hints));
    assertThat(translated.send(session, method, "{}").result().orElseThrow())
        .hasToString("{" + hints);
  }

  @Test
  void structuredResultThatIsNoObjectIsWrappedAndSoIsItsSchema() throws InterruptedException {
    var called = Translated.stateless(call -> success(call, "{\"structuredContent\":[1]}"));
    assertThat(called.send(session, "tools/call", "{}").result().orElseThrow())
        .hasToString("{\"structuredContent\":{\"result\":[1]}}");
    assertThat(list(session))
        .contains("\"outputSchema\":{\"type\":\"object\",\"properties\":{\"result\":");
  }

  @Test
  void listThatIsReadForAStatelessClientKeepsItsSchemasAndSaysWhatTheClientCan()
      throws InterruptedException {
    var capabilities = "{\"extensions\":{\"io.modelcontextprotocol/tasks\":{}}}";
    var caller = Translated.caller(capabilities);
    assertThat(list(caller)).contains("\"outputSchema\":{\"type\":\"array\"}");
    var translated = echo();
    translated.send(caller, "tools/list", "{}");
    assertThat(translated.server.last()).contains(capabilities);
  }

  private static String list(RecordingSession client) throws InterruptedException {
    var translated =
        Translated.stateless(call ->
            success(call, "{\"tools\":[{\"name\":\"t\",\"outputSchema\":{\"type\":\"array\"}}]}"));
    return translated.send(client, "tools/list", "{}").result().orElseThrow().toString();
  }

  @ParameterizedTest
  @ValueSource(strings = {"7", "[]", "\"text\"", "null"})
  void resultThatIsNoObjectPassesAsItIs(String result) throws InterruptedException {
    var translated = Translated.stateless(call -> success(call, result));
    assertThat(translated.send(session, "tools/call", "{}").result().orElseThrow())
        .hasToString(result);
  }

  private Response failing(String method, int code, String data) throws InterruptedException {
    return Translated.stateless(call -> failure(call, code, "no", data))
        .send(session, method, "{\"uri\":\"test://a\"}");
  }

  @Test
  void unknownResourceHasTheCodeOfItsRevision() throws InterruptedException {
    var unknown = failing("resources/read", -32602, "{\"uri\":\"test://a\",\"x\":1}");
    assertThat(unknown.errorCode()).isEqualTo(-32002);
    assertThat(unknown.errorMessage()).isEqualTo("no");
    assertThat(unknown.error().orElseThrow().toString()).contains("{\"uri\":\"test://a\",\"x\":1}");
    assertThat(failing("resources/read", -32602, "{}").errorCode()).isEqualTo(-32602);
    assertThat(failing("tools/call", -32602, "{\"uri\":\"a\"}").errorCode()).isEqualTo(-32602);
  }

  @Test
  void missingCapabilityIsSaidInWordsThatTheClientKnows() throws InterruptedException {
    var data = "{\"requiredCapabilities\":{\"sampling\":{}}}";
    var result = failing("tools/call", -32021, data).result().orElseThrow();
    assertThat(result)
        .hasToString("{\"content\":[{\"type\":\"text\",\"text\":\"no\"}],\"isError\":true}");
    var error = failing("prompts/get", -32021, data);
    assertThat(error.errorCode()).isEqualTo(-32602);
    assertThat(error.errorMessage()).isEqualTo("no");
  }

  @ParameterizedTest
  @ValueSource(ints = {-32020, -32022})
  void refusalOfHowTheGatewayPutsItIsNoneOfTheClientsFaults(int code) throws InterruptedException {
    var error = failing("tools/call", code, "{}");
    assertThat(error.errorCode()).isEqualTo(-32003);
    assertThat(error.errorMessage()).contains("\"files\"", "it refuses what the gateway sends: no");
  }

  @Test
  void everyOtherErrorPassesAsItIs() throws InterruptedException {
    var error = failing("tools/call", -32050, "{\"mine\":1.0}");
    assertThat(error.error().orElseThrow())
        .hasToString("{\"code\":-32050,\"message\":\"no\",\"data\":{\"mine\":1.0}}");
  }
}
