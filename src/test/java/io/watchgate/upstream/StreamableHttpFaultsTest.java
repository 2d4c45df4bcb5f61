package io.watchgate.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.watchgate.upstream.RawServer.Peer;
import io.watchgate.upstream.UpstreamSettings.Wire;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Streamable HTTP against servers that do what they should not.
@Timeout(60)
class StreamableHttpFaultsTest {
  private static final String EVENTS =
      "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n";

  private final List<String> calls = new CopyOnWriteArrayList<>();

  /// The message of the error that a call ends with when a server answers it like this.
  private String message(String response) throws Exception {
    try (var server = RemoteContext.server(peer -> peer.write(response), calls);
        var remote = new RemoteContext(server.uri("/mcp"))) {
      return remote.text("x", "{}").replace("server \"web\" is unavailable: ", "");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          500 | text/html        | <h1>Oops</h1>        | HTTP status 500: <h1>Oops</h1>
          500 | text/plain       | ''                   | HTTP status 500
          429 | application/json | {"error":"too fast"} | HTTP status 429: {"error":"too fast"}
          400 | application/json | {"error":            | HTTP status 400: {"error":
          404 | text/plain       | no such path         | HTTP status 404: no such path
          202 | text/plain       | ''                   | HTTP status 202 with text/plain in place\
           of an answer
          200 | text/html        | <b>Log in</b>        | HTTP status 200 with text/html in place\
           of an answer: <b>Log in</b>
          200 | application/json | {"jsonrpc":"2.0","id":987,"result":{}} | the answer ended before\
           the result
          """)
  void statusAndExcerptAreNamed(int status, String type, String body, String message)
      throws Exception {
    assertThat(message(RawServer.response(status, type, body))).isEqualTo(message);
    assertThat(calls).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({"401", "403"})
  void refusedCredentialsPointToTheConfiguration(int status) throws Exception {
    assertThat(message(RawServer.response(status, "application/json", "{\"error\":\"token\"}")))
        .isEqualTo(
            "HTTP status %d: {\"error\":\"token\"} (check the Authorization header in the"
                    .formatted(status)
                + " configuration)");
  }

  @Test
  void redirectIsNotFollowedAndNamed() throws Exception {
    var response =
        "HTTP/1.1 307 Temporary\r\nLocation: https://elsewhere/mcp\r\nContent-Length: 0\r\n\r\n";

    assertThat(message(response))
        .isEqualTo(
            "HTTP status 307, a redirect to https://elsewhere/mcp, which is not followed: put that"
                + " into the url");
  }

  @Test
  void switchOfProtocolsIsNoAnswer() throws Exception {
    assertThat(message("HTTP/1.1 101 Switching\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n"))
        .contains("101");
  }

  @ParameterizedTest
  @CsvSource({"400", "500", "200"})
  void errorInJsonRpcPassesThroughWhateverTheStatus(int status) throws Exception {
    var error =
        "{\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{\"code\":-32600,\"message\":\"not so\"}}";
    try (var server =
            RemoteContext.server(
                peer -> peer.write(RawServer.response(status, "application/json", error)), calls);
        var remote = new RemoteContext(server.uri("/mcp"))) {
      var answer = remote.tool("x", "{}");

      assertThat(answer.errorCode()).isEqualTo(-32600);
      assertThat(answer.errorMessage()).isEqualTo("not so");
      assertThat(answer.id().orElseThrow().json()).isEqualTo("7");
    }
  }

  @Test
  void answerThatIsNoMessageFailsItsCallOnly() throws Exception {
    assertThat(message(RawServer.response(200, "application/json", "{\"jsonrpc\":")))
        .startsWith("its answer is not valid: ");
  }

  @Test
  void answerThatBreaksOffIsAFailure() throws Exception {
    try (var server = RemoteContext.server(Peer::reset, calls);
        var remote = new RemoteContext(server.uri("/mcp"))) {
      assertThat(remote.text("x", "{}")).startsWith("server \"web\" is unavailable: ");
      assertThat(calls).hasSize(1);
    }
  }

  @Test
  void streamThatEndsBeforeTheResultIsAFailure() throws Exception {
    try (var server = endingWith(EVENTS + ": nothing\n\n");
        var remote = new RemoteContext(server.uri("/mcp"))) {
      assertThat(remote.text("x", "{}"))
          .isEqualTo("server \"web\" is unavailable: the answer ended before the result");
    }
  }

  private RawServer endingWith(String response) throws IOException {
    return RemoteContext.server(
        peer -> {
          peer.write(response);
          peer.close();
        },
        calls);
  }

  @Test
  void eventBeyondTheLimitFailsItsCallOnly() throws Exception {
    var large = "data: " + "x".repeat(17 << 20) + "\n\n";
    try (var server = endingWith(EVENTS + "id: 1\n\n" + large);
        var remote = new RemoteContext(server.uri("/mcp"))) {
      assertThat(remote.text("x", "{}")).contains("event is larger than the limit of 16777216");
    }
  }

  /// A session whose calls are answered on other streams than their own.
  private static RawServer resumable(RawServer.Script onCall, RawServer.Script onResume)
      throws IOException {
    return RawServer.start(peer -> {
      for (var got = peer.readRequest(); !got.isEmpty(); got = peer.readRequest()) {
        if (got.contains("tools/call")) {
          onCall.serve(peer);
        } else if (got.toLowerCase(java.util.Locale.ROOT).contains("last-event-id: call-1")) {
          onResume.serve(peer);
        } else if (got.startsWith("POST") && got.contains("\"id\"")) {
          peer.write(RemoteContext.answer(got));
        } else {
          int status = got.startsWith("GET") ? 405 : 202;
          peer.write(RawServer.response(status, "text/plain", ""));
        }
      }
    });
  }

  @Test
  void streamThatEndsAfterAnIdGoesOnWhereItEndedWhenTheServerWants() throws Exception {
    var hungUp = new AtomicLong();
    var back = new AtomicLong();
    var id = new CopyOnWriteArrayList<String>();
    try (var server =
            resumable(
                peer -> {
                  peer.write(EVENTS + "id: call-1\nretry: 1500\ndata:\n\n");
                  hungUp.set(System.nanoTime());
                  peer.close();
                },
                peer -> {
                  back.set(System.nanoTime());
                  peer.write(EVENTS + "data: " + id.getFirst() + "\n\n");
                  peer.awaitEnd();
                });
        var remote = new RemoteContext(server.uri("/mcp"))) {
      remote.send("ping", "{}");
      id.add(RemoteContext.result("\"id\":5")); // behind handshake, ping, discovery and ping

      assertThat(remote.text("x", "{}")).isEqualTo("done");
      assertThat(server.count("tools/call")).isEqualTo(1);
      assertThat(remote.client().retries()).containsExactly(Duration.ofMillis(1500));
      assertThat(back.get() - hungUp.get()).isGreaterThan(Duration.ofMillis(1495).toNanos());
    }
  }

  @Test
  void streamThatCannotGoOnSaysSo() throws Exception {
    try (var server =
            resumable(
                peer -> {
                  peer.write(EVENTS + "id: call-1\nretry: 1\ndata:\n\n");
                  peer.close();
                },
                peer -> peer.write(RawServer.response(410, "text/plain", "")));
        var remote = new RemoteContext(server.uri("/mcp"))) {
      assertThat(remote.text("x", "{}"))
          .endsWith("the answer ended before the result and goes on nowhere: HTTP status 410");
    }
  }

  @Test
  void resultOnTheStreamOfTheSessionEndsTheCall() throws Exception {
    var called = new CountDownLatch(1);
    try (var server =
            RawServer.start(peer -> {
              for (var got = peer.readRequest(); !got.isEmpty(); got = peer.readRequest()) {
                if (got.startsWith("GET")) {
                  called.await();
                  peer.write(EVENTS + "data: " + RemoteContext.result("\"id\":4") + "\n\n");
                  peer.awaitEnd();
                } else if (got.contains("tools/call")) {
                  peer.write(EVENTS);
                  called.countDown();
                  peer.awaitEnd();
                } else if (got.contains("\"id\"")) {
                  peer.write(RemoteContext.answer(got));
                } else {
                  peer.write(RawServer.response(202, "text/plain", ""));
                }
              }
            });
        var remote = new RemoteContext(server.uri("/mcp"))) {
      assertThat(remote.text("x", "{}")).isEqualTo("done");
    }
  }

  @Test
  void streamOfTheSessionIsOpenedAgainAfterTheLastEvent() throws Exception {
    var change = "data: {\"jsonrpc\":\"2.0\",\"method\":\"notifications/tools/list_changed\"}\n\n";
    try (var server =
            RawServer.start(peer -> {
              for (var got = peer.readRequest(); !got.isEmpty(); got = peer.readRequest()) {
                if (got.startsWith("GET")) {
                  peer.write(EVENTS + "retry: 0\nid: 42\n" + change);
                  return;
                }
                peer.write(
                    got.contains("\"id\"")
                        ? RemoteContext.answer(got)
                        : RawServer.response(202, "text/plain", ""));
              }
            });
        var remote = new RemoteContext(server.uri("/mcp"))) {
      remote.text("x", "{}");
      for (int i = 0; i < 3; i++) {
        assertThat(remote.event()).startsWith("notifications/tools/list_changed");
      }
      var streams = server.requests().stream().filter(r -> r.startsWith("GET")).toList();
      assertThat(streams.getFirst()).doesNotContainIgnoringCase("last-event-id");
      assertThat(streams.get(1)).containsIgnoringCase("last-event-id: 42\r\n");
    }
  }

  @Test
  void sessionThatTheServerRefusesWithStatus400IsReplaced() throws Exception {
    var unknown =
        "{\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{\"code\":-32000,\"message\":"
            + "\"Bad Request: No valid session ID provided\"}}";
    try (var server =
            RawServer.start(peer -> {
              for (var got = peer.readRequest(); !got.isEmpty(); got = peer.readRequest()) {
                if (got.contains("\"initialize\"")) {
                  var session = "Content-Type: application/json\r\nMcp-Session-Id: s";
                  peer.write(
                      RemoteContext.answer(got)
                          .replace("Content-Type: application/json", session + System.nanoTime()));
                } else if (got.contains("tools/call") && calls.isEmpty()) {
                  calls.add(got);
                  peer.write(RawServer.response(400, "application/json", unknown));
                } else if (got.contains("\"id\"")) {
                  peer.write(RemoteContext.answer(got));
                } else {
                  int status = got.startsWith("POST") ? 202 : 405;
                  peer.write(RawServer.response(status, "text/plain", ""));
                }
              }
            });
        var remote = new RemoteContext(server.uri("/mcp"))) {
      remote.send("ping", "{}");

      assertThat(remote.text("x", "{}")).isEqualTo("done");
      assertThat(server.count("\"initialize\"")).isEqualTo(2);
    }
  }

  @ParameterizedTest
  @CsvSource({"'',/", "'?key=1',/?key=1", "/a%20b?c=d,/a%20b?c=d"})
  void urlsMayHaveNoPathAndAQuery(String rest, String target) throws Exception {
    try (var server = RemoteContext.server(peer -> peer.write("HTTP/1.1 500 No\r\n\r\n"), calls);
        var remote = new RemoteContext(URI.create(server.uri("") + rest))) {
      remote.send("ping", "{}");

      assertThat(server.requests()).allMatch(request -> request.contains(" " + target + " HTTP"));
    }
  }

  @Test
  void serverWithoutSessionsMaySay404WhereItHasNoStream() throws Exception {
    var refused = new CountDownLatch(1);
    try (var server =
            RawServer.start(peer -> {
              for (var got = peer.readRequest(); !got.isEmpty(); got = peer.readRequest()) {
                if (got.startsWith("GET")) {
                  peer.write(RawServer.response(404, "text/html", "Cannot GET /mcp"));
                  refused.countDown();
                } else if (got.contains("\"id\"")) {
                  if (got.contains("tools/call")) {
                    refused.await();
                  }
                  peer.write(RemoteContext.answer(got));
                } else {
                  peer.write(RawServer.response(202, "text/plain", ""));
                }
              }
            });
        var remote = new RemoteContext(server.uri("/mcp"))) {
      assertThat(remote.text("x", "{}")).isEqualTo("done");
      assertThat(remote.text("x", "{}")).isEqualTo("done");
      assertThat(server.count("\"initialize\"")).isEqualTo(1);
    }
  }

  @Test
  void streamThatTheServerCannotOpenYetIsTriedAgain() throws Exception {
    try (var server =
            RawServer.start(peer -> {
              for (var got = peer.readRequest(); !got.isEmpty(); got = peer.readRequest()) {
                if (got.startsWith("GET")) {
                  calls.add(got);
                  peer.write(
                      calls.size() == 1
                          ? RawServer.response(503, "text/plain", "")
                          : RawServer.response(405, "text/plain", ""));
                } else {
                  peer.write(
                      got.contains("\"id\"")
                          ? RemoteContext.answer(got)
                          : RawServer.response(202, "text/plain", ""));
                }
              }
            });
        var remote = new RemoteContext(server.uri("/mcp"))) {
      remote.send("ping", "{}");
      await().until(() -> calls.size() == 2);
    }
  }

  @Test
  void serverThatDoesNotAnswerTheHandshakeIsUnavailable() throws Exception {
    try (var server = RawServer.start(Peer::awaitEnd);
        var remote =
            new RemoteContext(
                server.uri("/mcp"), Wire.STREAMABLE_HTTP, Map.of(), Duration.ofMillis(200))) {
      assertThat(remote.text("x", "{}"))
          .matches("server \"web\" is unavailable: no answer to the handshake within 2\\d\\d ms");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          "result":{"protocolVersion":"1999-01-01"} | the server speaks revision "1999-01-01"
          "result":{}                               | the server speaks revision ""
          "error":{"code":-1,"message":"no"}        | error -1 no
          """)
  void handshakeThatIsRefusedSaysWhy(String part, String why) throws Exception {
    try (var server =
            RawServer.start(peer -> {
              for (var got = peer.readRequest(); !got.isEmpty(); got = peer.readRequest()) {
                var id = got.replaceFirst("(?s).*\"id\":(\\d+).*", "$1");
                peer.write(
                    RawServer.response(
                        200,
                        "application/json",
                        "{\"jsonrpc\":\"2.0\",\"id\":%s,%s}".formatted(id, part)));
              }
            });
        var remote = new RemoteContext(server.uri("/mcp"))) {
      assertThat(remote.text("x", "{}")).contains("handshake failed: " + why);
    }
  }
}
