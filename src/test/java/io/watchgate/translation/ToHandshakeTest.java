package io.watchgate.translation;

import static io.watchgate.translation.Translated.EVERYTHING;
import static io.watchgate.translation.Translated.caller;
import static io.watchgate.translation.Translated.claiming;
import static io.watchgate.translation.Translated.failure;
import static io.watchgate.translation.Translated.success;
import static org.assertj.core.api.Assertions.assertThat;

import io.watchgate.jsonrpc.Json;
import io.watchgate.jsonrpc.Response;
import io.watchgate.testkit.RecordingSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Clients without sessions before a server with.
class ToHandshakeTest {
  private final RecordingSession client = caller(EVERYTHING);

  private static Translated echo() {
    return Translated.handshake(call -> success(call, "{\"content\":[ ]}"));
  }

  @Test
  void claimIsTakenOutAndTheRequestIsTheSameOtherwise() throws InterruptedException {
    var translated = echo();
    translated.send(
        client,
        "tools/call",
        claiming(
            "\"name\" : \"t\",\"arguments\":{ \"n\":1.50,\"u\":\"\\u00e9\" }, ",
            "\"progressToken\":\"p\",\"io.modelcontextprotocol/logLevel\":\"info\",\"a/b\":1e2,"));
    assertThat(translated.server.last())
        .endsWith(
            """
            ,"method":"tools/call","params":{"name" : "t",\
            "arguments":{ "n":1.50,"u":"\\u00e9" }, "_meta":{"progressToken":"p","a/b":1e2}}}\
            """);
  }

  @Test
  void metaWithNothingElseGoesWithTheClaim() throws InterruptedException {
    var translated = echo();
    translated.call(client, "\"arguments\":{ },");
    assertThat(translated.server.last()).endsWith("\"params\":{\"name\":\"t\",\"arguments\":{ }}}");
  }

  @Test
  void taskOfTheOtherRevisionMeansNothing() throws InterruptedException {
    var translated = echo();
    translated.call(client, "\"task\":{\"ttl\":1},");
    assertThat(translated.server.last()).doesNotContain("task");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "tools/call|{\"resultType\":\"complete\",\"x\":[ ]}",
        "prompts/get|{\"resultType\":\"complete\",\"x\":[ ]}",
        "completion/complete|{\"resultType\":\"complete\",\"x\":[ ]}",
        "resources/read"
            + "|{\"resultType\":\"complete\",\"ttlMs\":0,\"cacheScope\":\"private\",\"x\":[ ]}",
      })
  void resultGetsWhatTheClientsRevisionWants(String method, String expected)
      throws InterruptedException {
    var translated = Translated.handshake(call -> success(call, "{\"x\":[ ]}"));
    assertThat(Translated.result(translated.send(client, method, claiming(""))))
        .hasToString(expected);
  }

  @Test
  void serverCannotMakeItsResultLookLikeAnotherOne() throws InterruptedException {
    var forged = "{\"resultType\":\"input_required\",\"requestState\":\"mine\"}";
    var translated = Translated.handshake(call -> success(call, forged));
    assertThat(Translated.result(translated.call(client, "")).textMember("resultType"))
        .contains("complete");
  }

  @ParameterizedTest
  @ValueSource(strings = {"7", "[]", "\"text\"", "null"})
  void resultThatIsNoObjectPassesAsItIs(String result) throws InterruptedException {
    var translated = Translated.handshake(call -> success(call, result));
    assertThat(Translated.result(translated.call(client, ""))).hasToString(result);
    assertThat(Translated.result(translated.send(client, "resources/read", claiming(""))))
        .hasToString(result);
  }

  private Response failing(String method, int code, String data) throws InterruptedException {
    return Translated.handshake(call -> failure(call, code, "no", data))
        .send(client, method, claiming("\"uri\":\"test://a\","));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{}|{\"uri\":\"test://a\"}",
        "{\"x\":1.0}|{\"uri\":\"test://a\",\"x\":1.0}",
        "{\"uri\":\"test://b\"}|{\"uri\":\"test://b\"}",
        "null|{\"uri\":\"test://a\"}",
      })
  void unknownResourceHasTheCodeOfItsRevision(String data, String expected)
      throws InterruptedException {
    assertThat(failing("resources/read", -32002, data).error().orElseThrow())
        .hasToString("{\"code\":-32602,\"message\":\"no\",\"data\":" + expected + "}");
  }

  @Test
  void everyOtherErrorPassesAsItIs() throws InterruptedException {
    assertThat(failing("tools/call", -32050, "{\"mine\":1.0}").error().orElseThrow())
        .hasToString("{\"code\":-32050,\"message\":\"no\",\"data\":{\"mine\":1.0}}");
  }

  private static Translated paying(String pages) {
    return Translated.handshake(call -> failure(call, -32042, "pay", pages));
  }

  @Test
  void pagesThatMustBeVisitedFirstBecomeInputs() throws InterruptedException {
    var translated =
        paying(
            """
            {"elicitations":[{"mode":"url","elicitationId":"1","url":"https://a","message":"A"},\
            7,{"elicitationId":"2","url":"https://b","message":"B"}]}\
            """);
    var answer = translated.call(caller("{\"elicitation\":{\"url\":{}}}"), "");
    assertThat(Translated.result(answer))
        .hasToString(
            """
            {"resultType":"input_required","inputRequests":{\
            "page-1":{"method":"elicitation/create",\
            "params":{"mode":"url","url":"https://a","message":"A"}},\
            "page-2":{"method":"elicitation/create",\
            "params":{"mode":"url","url":"https://b","message":"B"}}}}\
            """);
    assertThat(translated.layer.parked()).isZero();
  }

  @Test
  void retryAfterPagesIsANewCallWithoutTheAnswers() throws InterruptedException {
    var translated = echo();
    var answers = "\"inputResponses\":{\"page-1\":{\"action\":\"accept\"}},";
    assertThat(Translated.result(translated.call(client, answers)).textMember("resultType"))
        .contains("complete");
    assertThat(translated.server.last()).doesNotContain("inputResponses", "page-1");
  }

  @Test
  void pagesForAClientWithoutPagesAreAMissingCapability() throws InterruptedException {
    var refused = paying("{\"elicitations\":[{\"url\":\"https://a\"}]}").call(client, "");
    assertThat(refused.errorCode()).isEqualTo(-32021);
    assertThat(refused.error().orElseThrow().toString())
        .contains("\"requiredCapabilities\":{\"elicitation\":{\"url\":{}}}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "{\"elicitations\":[]}", "{\"elicitations\":7}", "null"})
  void refusalThatNamesNoPageStaysAnError(String data) throws InterruptedException {
    assertThat(paying(data).call(client, "").errorCode()).isEqualTo(-32042);
  }

  @Test
  void listLosesToolsThatOnlyRunAsTasksAndWhatIsSaidOfTasks() throws InterruptedException {
    var list =
        """
        {"tools":[{"name":"a","execution":{"taskSupport":"required"}},\
        {"name":"b","execution":{"taskSupport":"optional"},"x":1.0},{ "name":"c" },7],\
        "nextCursor":"n"}\
        """;
    var translated = Translated.handshake(call -> success(call, list));
    assertThat(Translated.result(translated.send(client, "tools/list", "{}")))
        .hasToString(
            "{\"tools\":[{\"name\":\"b\",\"x\":1.0},{ \"name\":\"c\" },7],\"nextCursor\":\"n\"}");
    var session = new RecordingSession("session");
    assertThat(Translated.result(translated.send(session, "tools/list", "{}"))).hasToString(list);
  }

  @Test
  void methodThatTakesNoInputAsksNobody() throws InterruptedException {
    var translated =
        Translated.handshake(call ->
            success(call, Json.object("got", Translated.ask(call, "1", "roots/list", "{}")) + ""));
    var answer = translated.send(client, "completion/complete", claiming(""));
    assertThat(Translated.result(answer).textMember("resultType")).contains("complete");
    assertThat(client.asked()).as("the client says for itself that it cannot be asked").hasSize(1);
    assertThat(translated.layer.parked()).isZero();
  }
}
