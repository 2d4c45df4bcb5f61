package io.watchgate.upstream;

import static io.watchgate.upstream.StatelessServer.each;
import static io.watchgate.upstream.StatelessServer.isOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.watchgate.flow.GatewayClient;
import io.watchgate.mcp.Era;
import io.watchgate.testkit.RecordingSession;
import io.watchgate.upstream.UpstreamSettings.Wire;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// How the gateway finds out over HTTP in which era a server speaks.
@Timeout(60)
class DiscoveryTest {
  private static final String DISCOVER = "\"method\":\"server/discover\"";
  private static final String INITIALIZE = "\"method\":\"initialize\"";
  private static final String NO_METHOD = "{\"code\":-32601,\"message\":\"no such method\"}";

  /// Answers a request of one method with a refusal, all others as a server of both eras.
  private static RawServer refusing(String method, Refusal refusal) throws IOException {
    return RawServer.start(
        each((peer, request) ->
            peer.write(isOf(request, method) ? refusal.to(request) : both(request))));
  }

  @FunctionalInterface
  private interface Refusal {
    String to(String request);
  }

  private static String both(String request) {
    var answer = withoutSessions(request);
    return isOf(request, "initialize")
        ? answer.replace("\r\nContent-L", "\r\nMcp-Session-Id: s\r\nContent-L")
        : answer;
  }

  private static String withoutSessions(String request) {
    if (isOf(request, "server/discover")) {
      return StatelessServer.json(request, StatelessServer.discovered("{}"));
    }
    return request.contains("\"id\"")
        ? RemoteContext.answer(request)
        : RawServer.response(request.startsWith("GET") ? 405 : 202, "text/plain", "");
  }

  private static String refusal(int status, String error, String request) {
    return error.startsWith("{")
        ? StatelessServer.refusal(status, request, error)
        : RawServer.response(status, "text/plain", error);
  }

  private static void assertCounts(RawServer server, int discoveries, int handshakes) {
    assertThat(server.count(DISCOVER)).as("discoveries").isEqualTo(discoveries);
    assertThat(server.count(INITIALIZE)).as("handshakes").isEqualTo(handshakes);
  }

  @Test
  void serverOfBothErasGetsEachClientInItsOwnWithoutAQuestionInTheOther() throws Exception {
    try (var server = RawServer.start(each((peer, request) -> peer.write(both(request))));
        var remote = RemoteContext.stateless(server.uri("/mcp"))) {
      assertThat(remote.text("x", "{}")).isEqualTo("done");
      assertThat(remote.era(GatewayClient.INSTANCE)).isEqualTo(Era.STATELESS);
      assertCounts(server, 1, 0);

      assertThat(remote.era(new RecordingSession("old"))).isEqualTo(Era.HANDSHAKE);
      assertThat(remote.era(remote.client())).isEqualTo(Era.STATELESS);
      assertCounts(server, 1, 1);
    }
  }

  @Test
  void serverThatKeepsNoSessionsIsSpokenToInTheNewerEraByAll() throws Exception {
    try (var server =
            RawServer.start(each((peer, request) -> peer.write(withoutSessions(request))));
        var remote = new RemoteContext(server.uri("/mcp"))) {
      assertThat(remote.era(remote.client())).isEqualTo(Era.STATELESS);
      assertThat(remote.era(new RecordingSession("another"))).isEqualTo(Era.STATELESS);
      assertCounts(server, 1, 1);
    }
  }

  @Test
  void clientThatShakesHandsMakesTheGatewayDoSoFirst() throws Exception {
    try (var server = RawServer.start(each((peer, request) -> peer.write(both(request))));
        var remote = new RemoteContext(server.uri("/mcp"))) {
      assertThat(remote.text("x", "{}")).isEqualTo("done");
      assertCounts(server, 0, 1);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          400 | ''
          400 | no session
          404 | not here
          405 | ''
          406 | ''
          200 | {"code":-32601,"message":"no such method"}
          404 | {"code":-32601,"message":"no such method"}
          400 | {"code":-32000,"message":"Bad Request: Server not initialized"}
          400 | {"code":-32022,"message":"no","data":{"supported":["2025-11-25"]}}
          """)
  void serverThatRefusesDiscoveryIsShakenHandsWithAndNotAskedAgain(int status, String error)
      throws Exception {
    try (var server = refusing("server/discover", request -> refusal(status, error, request));
        var remote = RemoteContext.stateless(server.uri("/mcp"))) {
      assertThat(remote.text("x", "{}")).isEqualTo("done");
      assertThat(remote.text("x", "{}")).isEqualTo("done");
      assertThat(remote.era(GatewayClient.INSTANCE)).isEqualTo(Era.HANDSHAKE);
      assertThat(server.count(DISCOVER)).isEqualTo(1);
    }
  }

  @Test
  void serverOfRevisionsThatAreNotKnownIsShakenHandsWith() throws Exception {
    var later = StatelessServer.discovered("{}").replace("2026-07-28", "2031-01-01");
    try (var server = refusing("server/discover", request -> StatelessServer.json(request, later));
        var remote = RemoteContext.stateless(server.uri("/mcp"))) {
      assertThat(remote.text("x", "{}")).isEqualTo("done");
      assertThat(remote.era(remote.client())).isEqualTo(Era.HANDSHAKE);
      assertThat(server.count(DISCOVER)).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          400 | ''
          404 | not here
          405 | ''
          200 | {"code":-32601,"message":"no such method"}
          404 | {"code":-32601,"message":"no such method"}
          400 | {"code":-32022,"message":"no","data":{"supported":["2026-07-28"]}}
          """)
  void serverThatRefusesHandshakesIsDiscovered(int status, String error) throws Exception {
    try (var server = refusing("initialize", request -> refusal(status, error, request));
        var remote = new RemoteContext(server.uri("/mcp"))) {
      assertThat(remote.text("x", "{}")).isEqualTo("done");
      assertThat(remote.text("x", "{}")).isEqualTo("done");
      assertCounts(server, 1, 1);
    }
  }

  @Test
  void refusalOfARevisionThatTheServerListsIsTriedOnceMore() throws Exception {
    var odd = "{\"code\":-32022,\"message\":\"no\",\"data\":{\"supported\":[\"2026-07-28\"]}}";
    var refusals = new AtomicReference<>(1);
    try (var server =
            refusing(
                "server/discover",
                request ->
                    refusals.getAndUpdate(left -> left - 1) > 0
                        ? refusal(400, odd, request)
                        : both(request));
        var remote = RemoteContext.stateless(server.uri("/mcp"))) {
      assertThat(remote.era(remote.client())).isEqualTo(Era.STATELESS);
      assertCounts(server, 2, 0);
    }
    try (var server = refusing("server/discover", request -> refusal(400, odd, request));
        var remote = RemoteContext.stateless(server.uri("/mcp"))) {
      assertThat(remote.era(remote.client())).isEqualTo(Era.HANDSHAKE);
      assertThat(server.count(DISCOVER)).isEqualTo(2);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          401 | who are you
          403 | ''
          429 | too fast
          500 | Oops
          503 | ''
          401 | {"code":-32001,"message":"who are you"}
          503 | {"code":-32603,"message":"not yet"}
          307 | ''
          """)
  void whatSaysNothingOfErasLeavesThemOpen(int status, String error) throws Exception {
    try (var server =
            RawServer.start(each((peer, request) -> peer.write(refusal(status, error, request))));
        var stateless = RemoteContext.stateless(server.uri("/mcp"));
        var handshake = new RemoteContext(server.uri("/mcp"))) {
      assertThat(stateless.text("x", "{}"))
          .startsWith("server \"web\" is unavailable: cannot connect: HTTP status " + status);
      assertThat(server.count(INITIALIZE)).isZero();
      long discoveries = server.count(DISCOVER);
      stateless.upstream().close();

      assertThat(handshake.text("x", "{}")).contains("HTTP status " + status);
      assertThat(handshake.text("x", "{}")).contains("HTTP status " + status);
      assertThat(server.count(INITIALIZE)).isGreaterThanOrEqualTo(2);
      assertThat(server.count(DISCOVER)).isLessThanOrEqualTo(discoveries + 1);
    }
  }

  @Test
  void silenceSaysNothingOfErasEither() throws Exception {
    try (var server =
            RawServer.start(peer -> {
              peer.readRequest();
              peer.awaitEnd();
            });
        var remote =
            new RemoteContext(
                    server.uri("/mcp"), Wire.STREAMABLE_HTTP, Map.of(), Duration.ofMillis(200))
                .stateless()) {
      assertThat(remote.text("x", "{}"))
          .isEqualTo("server \"web\" is unavailable: no answer to the handshake within 200 ms");
      assertThat(server.count(INITIALIZE)).isZero();
    }
  }

  @Test
  void serverThatComesUpLaterIsDiscoveredThen() throws Exception {
    var first = RawServer.start(peer -> {});
    first.close();
    try (var remote = RemoteContext.stateless(first.uri("/mcp"))) {
      assertThat(remote.text("x", "{}"))
          .startsWith("server \"web\" is unavailable: cannot connect: ");

      try (var socket = new ServerSocket()) {
        socket.setReuseAddress(true);
        socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), first.port()));
        try (var server = RawServer.on(socket, each((peer, got) -> peer.write(both(got))))) {
          await().until(() -> remote.text("x", "{}").equals("done"));
          assertCounts(server, 1, 0);
        }
      }
    }
  }

  @Test
  void serverThatRefusesEverythingIsAskedAgainInBothEras() throws Exception {
    var answer = new AtomicReference<Refusal>(request -> refusal(404, "no such page", request));
    try (var server =
            RawServer.start(each((peer, request) -> peer.write(answer.get().to(request))));
        var remote = RemoteContext.stateless(server.uri("/mcp"))) {
      assertThat(remote.text("x", "{}"))
          .isEqualTo(
              "server \"web\" is unavailable: cannot connect: HTTP status 404: no such page");
      assertThat(server.count(DISCOVER)).isPositive();
      assertThat(server.count(INITIALIZE)).isPositive();

      answer.set(request ->
          isOf(request, "initialize") ? refusal(200, NO_METHOD, request) : both(request));
      await().until(() -> remote.text("x", "{}").equals("done"));
      assertThat(remote.era(remote.client())).isEqualTo(Era.STATELESS);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          400 | no session
          404 | ''
          405 | ''
          400 | {"code":-32000,"message":"Bad Request: Server not initialized"}
          400 | {"code":-32600,"message":"Bad Request: Missing session ID"}
          """)
  void statelessServerThatIsReplacedByAnOlderOneIsShakenHandsWith(int status, String error)
      throws Exception {
    Refusal older =
        request -> {
          if (request.contains("\"id\"") && !isOf(request, "initialize") && !hasSession(request)) {
            // The SDK for Python says so under an id of its own.
            return refusal(status, error, request)
                .replaceFirst("\"id\":\\d+(?=.*-32600)", "\"id\":\"server-error\"");
          }
          return both(request)
              .replace("\r\nContent-Length", "\r\nMcp-Session-Id: s\r\nContent-Length");
        };
    var answer = new AtomicReference<Refusal>(DiscoveryTest::both);
    try (var server =
            RawServer.start(each((peer, request) -> peer.write(answer.get().to(request))));
        var remote = RemoteContext.stateless(server.uri("/mcp"))) {
      assertThat(remote.text("x", "{}")).isEqualTo("done");
      answer.set(older);

      await().until(() -> remote.text("x", "{}").equals("done"));
      assertThat(remote.era(remote.client())).isEqualTo(Era.HANDSHAKE);
    }
  }

  private static boolean hasSession(String request) {
    return request.contains("cp-Session-Id: s") || request.contains("cp-session-id: s");
  }

  @Test
  void serverWithSessionsThatIsReplacedByANewerOneIsDiscovered() throws Exception {
    Refusal newer =
        request ->
            isOf(request, "server/discover")
                    || (isOf(request, "tools/call") && !hasSession(request))
                ? both(request)
                : refusal(404, NO_METHOD, request);
    var answer =
        new AtomicReference<Refusal>(request ->
            isOf(request, "server/discover")
                ? refusal(400, "no session", request)
                : both(request).replace("\r\nContent-L", "\r\nMcp-Session-Id: s\r\nContent-L"));
    try (var server =
            RawServer.start(each((peer, request) -> peer.write(answer.get().to(request))));
        var remote = RemoteContext.stateless(server.uri("/mcp"))) {
      assertThat(remote.text("x", "{}")).isEqualTo("done");
      answer.set(newer);

      await().until(() -> remote.text("x", "{}").equals("done"));
      assertThat(remote.era(remote.client())).isEqualTo(Era.STATELESS);
    }
  }

  @Test
  void refusalOfOneCallByAServerThatIsStillTheSameCostsNothingElse() throws Exception {
    try (var server = refusing("tools/call", request -> refusal(404, "no route", request));
        var remote = RemoteContext.stateless(server.uri("/mcp"))) {
      assertThat(remote.text("x", "{}"))
          .isEqualTo("server \"web\" is unavailable: HTTP status 404: no route");
      assertThat(remote.send("prompts/get", "{\"name\":\"p\"}").result()).isPresent();
      assertThat(server.count(INITIALIZE)).isZero();
    }
  }
}
