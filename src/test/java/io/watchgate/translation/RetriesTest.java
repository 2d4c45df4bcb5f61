package io.watchgate.translation;

import static org.assertj.core.api.Assertions.assertThat;

import io.watchgate.flow.Call;
import io.watchgate.flow.Client;
import io.watchgate.flow.Handler;
import io.watchgate.flow.Refusals;
import io.watchgate.flow.Reply;
import io.watchgate.flow.Seal;
import io.watchgate.flow.Time;
import io.watchgate.jsonrpc.Json;
import io.watchgate.jsonrpc.Request;
import io.watchgate.jsonrpc.RequestId;
import io.watchgate.jsonrpc.Response;
import io.watchgate.mcp.ProtocolVersion;
import io.watchgate.testkit.RecordingSession;
import java.time.Duration;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What a client that comes back gets.
@Timeout(10)
final class RetriesTest {
  private final ToHandshake translation =
      new ToHandshake(
          "one",
          new ParkedCalls(
              "one",
              new RequestStates("one", Seal.random(), new Refusals(), InstantSource.system()),
              Time.REAL,
              Duration.ofMinutes(5)),
          Time.REAL);
  private final Client client =
      new RecordingSession("s", Json.trusted("{\"elicitation\":{}}"))
          .speaking(ProtocolVersion.NEWEST_STATELESS);

  @Test
  void answerOfARetryHasTheIdOfTheRetry() throws Exception {
    Handler server =
        call -> {
          var question = Request.of(RequestId.of(7), "elicitation/create", Json.EMPTY_OBJECT);
          var answer = call.client().ask(question, _ -> {});
          return new Reply.Answered(
              Response.success(call.request().id(), answer.result().orElseThrow()));
        };

    var first = send(1, Json.object("name", "greet"), server);
    var state = first.result().orElseThrow().textMember("requestState").orElseThrow();
    var answers = Json.trusted("{\"7\":{\"action\":\"accept\"}}");
    var retry = Json.object("name", "greet", "requestState", state, "inputResponses", answers);
    var last = send(2, retry, server);

    assertThat(last.toJson())
        .hasToString(
            "{\"jsonrpc\":\"2.0\",\"id\":2,"
                + "\"result\":{\"resultType\":\"complete\",\"action\":\"accept\"}}");
  }

  private Response send(int id, Json params, Handler server) throws InterruptedException {
    var request = Request.of(RequestId.of(id), "tools/call", params);
    return translation.handle(new Call(request, client), server).response();
  }
}
