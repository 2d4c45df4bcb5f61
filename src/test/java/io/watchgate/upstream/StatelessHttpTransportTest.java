package io.watchgate.upstream;

import static io.watchgate.upstream.StatelessServer.EVENTS;
import static io.watchgate.upstream.StatelessServer.event;
import static io.watchgate.upstream.StatelessServer.isOf;
import static io.watchgate.upstream.StatelessServer.success;
import static io.watchgate.upstream.StatelessServer.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.watchgate.flow.Call;
import io.watchgate.upstream.UpstreamSettings.Remote;
import io.watchgate.upstream.UpstreamSettings.Wire;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Streamable HTTP of 2026-07-28, answered byte by byte.
@Timeout(60)
class StatelessHttpTransportTest {
  private final List<String> calls = new CopyOnWriteArrayList<>();

  /// A server that answers `tools/call` as it is told, and everything else well.
  private RawServer calling(StatelessServer.Answers onCall) throws Exception {
    return StatelessServer.start(
        "{}",
        (peer, request) -> {
          if (isOf(request, "tools/call")) {
            calls.add(request);
            onCall.answer(peer, request);
          } else {
            peer.write(StatelessServer.json(request, text("other")));
          }
        });
  }

  private static RemoteContext reach(RawServer server) throws Exception {
    return RemoteContext.stateless(server.uri("/mcp"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          application/json  | {"jsonrpc":"2.0","id":ID,"result":{"content":[]}}
          text/event-stream | data: {"jsonrpc":"2.0","id":ID,"result":{"content":[]}}
          """)
  void answersAreReadFromJsonAndFromStreams(String type, String body) throws Exception {
    try (var server =
            calling((peer, request) -> {
              var message = body.replace("ID", StatelessServer.id(request)) + "\n\n";
              peer.write(RawServer.response(200, type, message));
            });
        var remote = reach(server)) {
      assertThat(remote.tool("x", "{}").result()).hasToString("Optional[{\"content\":[]}]");
    }
  }

  @Test
  void whatPrecedesTheAnswerReachesTheClientOfTheCall() throws Exception {
    try (var server =
            calling((peer, request) -> {
              peer.write(EVENTS + ": keep-alive\n\n");
              peer.write(
                  event(
                      "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/progress\",\"params\":"
                          + "{\"progressToken\":%s,\"progress\":1}}"
                              .formatted(StatelessServer.id(request))));
              peer.write(
                  event(
                      "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/message\",\"params\":"
                          + "{\"level\":\"info\",\"data\":\"working\"}}"));
              peer.write(event(success(request, text("done"))));
              peer.awaitEnd();
            });
        var remote = reach(server)) {
      var params = "{\"name\":\"x\",\"_meta\":{\"progressToken\":\"mine\"}}";

      assertThat(RemoteContext.text(remote.send("tools/call", params))).isEqualTo("done");
      assertThat(remote.client().heard()).contains("notifications/progress", "\"mine\"");
      assertThat(remote.client().heard()).contains("notifications/message", "working");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "404,-32601",
    "400,-32602",
    "400,-32021",
    "400,-32700",
    "500,-32603",
    "200,-32602",
    "422,-32000"
  })
  void errorsOfTheServerPassThroughWhateverTheStatus(int status, int code) throws Exception {
    var error = "{\"code\":%d,\"message\":\"not so\",\"data\":{\"a\":1}}".formatted(code);
    try (var server =
            calling(
                (peer, request) -> peer.write(StatelessServer.refusal(status, request, error)));
        var remote = reach(server)) {
      var answer = remote.tool("x", "{}");

      assertThat(answer.error()).hasToString("Optional[" + error + "]");
      assertThat(answer.id().orElseThrow().json()).isEqualTo("7");
      assertThat(calls).hasSize(1);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          500 | text/html        | <h1>Oops</h1>        | HTTP status 500: <h1>Oops</h1>
          413 | text/plain       | too much             | HTTP status 413: too much
          202 | text/plain       | ''                   | HTTP status 202 with text/plain in place\
           of an answer
          200 | text/html        | <b>Log in</b>        | HTTP status 200 with text/html in place\
           of an answer: <b>Log in</b>
          200 | application/json | {"jsonrpc":"2.0","id":987,"result":{}} | the answer ended before\
           the result
          200 | application/json | {"jsonrpc":          | its answer is not valid
          200 | text/event-stream | : nothing           | the answer ended before the result
          """)
  void otherAnswersFailTheirCallOnly(int status, String type, String body, String message)
      throws Exception {
    try (var server =
            calling((peer, request) -> peer.write(RawServer.response(status, type, body)));
        var remote = reach(server)) {
      assertThat(remote.text("x", "{}")).startsWith("server \"web\" is unavailable: " + message);
      assertThat(calls).hasSize(1);
      assertThat(remote.send("ping", "{}").result()).isPresent();
      assertThat(server.count("server/discover")).isEqualTo(1);
    }
  }

  @Test
  void answerThatBreaksOffIsAFailureAndNotAskedForAgain() throws Exception {
    try (var server =
            calling((peer, request) -> {
              peer.write(EVENTS + "data: {\"jsonrpc\":");
              peer.reset();
            });
        var remote = reach(server)) {
      assertThat(remote.text("x", "{}")).startsWith("server \"web\" is unavailable: ");
      assertThat(calls).hasSize(1);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"application/json", "text/event-stream"})
  void answerBeyondTheLimitFailsItsCallOnly(String type) throws Exception {
    try (var server =
            calling((peer, request) ->
                peer.write(
                    RawServer.response(200, type, "data: " + "x".repeat(17 << 20) + "\n\n")));
        var remote = reach(server)) {
      assertThat(remote.text("x", "{}")).contains("is larger than the limit of 16777216 bytes");
      assertThat(remote.send("ping", "{}").result()).isPresent();
    }
  }

  @Test
  void requestOfTheServerIsGarbage() throws Exception {
    try (var server =
            calling((peer, request) -> {
              peer.write(
                  EVENTS
                      + event(
                          "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"sampling/createMessage\"}"));
              peer.write(event(success(request, text("done"))));
              peer.awaitEnd();
            });
        var remote = reach(server)) {
      assertThat(remote.text("x", "{}")).isEqualTo("done");
      assertThat(remote.client().asked()).isEmpty();
      assertThat(remote.upstream().garbage()).isEqualTo(1);
      assertThat(server.requests()).hasSize(2);
    }
  }

  /// The connection of an exchange that is merely left is used again when its response ends.
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void cancelledCallHangsUpAtOnce(boolean isStarted) throws Exception {
    var head = EVENTS.replace("\r\n\r\n", "\r\nContent-Length: 4\r\n\r\n");
    var called = new CountDownLatch(1);
    var cancelled = new CountDownLatch(1);
    var ended = new CountDownLatch(1);
    try (var server =
            calling((peer, request) -> {
              peer.write(isStarted ? head + ": \n" : "");
              called.countDown();
              cancelled.await();
              peer.write(isStarted ? "\n" : head + ": \n\n");
              peer.awaitEnd();
              ended.countDown();
            });
        var remote = reach(server)) {
      var caller = start(remote, remote.call("tools/call", "{\"name\":\"x\"}"));
      called.await();
      caller.interrupt();
      caller.join();
      cancelled.countDown();

      ended.await();
      assertThat(remote.send("ping", "{}").result()).isPresent();
      assertThat(server.accepted()).isEqualTo(2);
      assertThat(server.count("notifications/cancelled")).isZero();
      assertThat(remote.upstream().inFlight()).isZero();
    }
  }

  @Test
  void cancelledRequestIsNotSentAgainOverAnotherConnection() throws Exception {
    var called = new CountDownLatch(1);
    var ended = new CountDownLatch(1);
    try (var server =
            StatelessServer.start(
                "{}",
                (peer, request) -> {
                  if (isOf(request, "resources/read")) {
                    called.countDown();
                    peer.awaitEnd();
                    ended.countDown();
                  } else {
                    peer.write(StatelessServer.json(request, text("other")));
                  }
                });
        var remote = reach(server)) {
      var caller = start(remote, remote.call("resources/read", "{\"uri\":\"a:1\"}"));
      called.await();
      caller.interrupt();
      caller.join();
      ended.await();

      assertThat(remote.send("ping", "{}").result()).isPresent();
      assertThat(remote.send("ping", "{}").result()).isPresent();
      assertThat(server.accepted()).isEqualTo(2);
    }
  }

  private static Thread start(RemoteContext remote, Call call) {
    return Thread.ofVirtual()
        .start(() -> {
          try {
            remote.send(call);
          } catch (InterruptedException _) {
            // what is wanted
          }
        });
  }

  @Test
  void callThatHearsNothingForTooLongIsHungUpOn() throws Exception {
    var ended = new CountDownLatch(1);
    try (var server =
            calling((peer, request) -> {
              peer.write(EVENTS);
              peer.awaitEnd();
              ended.countDown();
            });
        var remote =
            new RemoteContext(
                    new Remote(server.uri("/mcp"), Map.of(), Wire.STREAMABLE_HTTP),
                    Duration.ofSeconds(20),
                    Duration.ofMillis(300))
                .stateless()) {
      assertThat(remote.text("x", "{}")).contains("did not answer within 300 ms");
      ended.await();
    }
  }

  @Test
  void connectionOfAFinishedExchangeIsUsedAgain() throws Exception {
    try (var server =
            calling((peer, request) -> peer.write(StatelessServer.json(request, text("done"))));
        var remote = reach(server)) {
      for (int i = 0; i < 10; i++) {
        assertThat(remote.text("x", "{}")).isEqualTo("done");
      }
      assertThat(server.accepted()).isEqualTo(1);
    }
  }

  @Test
  void connectionOfAFinishedStreamIsUsedAgain() throws Exception {
    try (var server =
            calling((peer, request) ->
                peer.write(
                    RawServer.response(
                        200, "text/event-stream", event(success(request, text("done"))))));
        var remote = reach(server)) {
      await()
          .until(() -> {
            int before = server.accepted();
            return remote.text("x", "{}").equals("done") && server.accepted() == before;
          });
    }
  }

  @Test
  void closingTheGatewayEndsACallThatHangs() throws Exception {
    var called = new CountDownLatch(1);
    var ended = new CountDownLatch(1);
    try (var server =
        calling((peer, request) -> {
          peer.write(EVENTS);
          called.countDown();
          peer.awaitEnd();
          ended.countDown();
        })) {
      var remote = reach(server);
      var caller = start(remote, remote.call("tools/call", "{\"name\":\"x\"}"));
      called.await();
      remote.close();
      caller.join();
      ended.await();
    }
  }
}
