package io.watchgate.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.watchgate.flow.Handler;
import io.watchgate.flow.Rejection;
import io.watchgate.flow.RescueLayer;
import io.watchgate.flow.Session;
import io.watchgate.jsonrpc.Json;
import io.watchgate.jsonrpc.Response;
import io.watchgate.testkit.FixtureHttpServer;
import io.watchgate.testkit.RecordingSession;
import io.watchgate.upstream.UpstreamSettings.Pool;
import io.watchgate.upstream.UpstreamSettings.Wire;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Calls that name the session with the server that they use.
class SessionKeyTest {
  private static final int KEYS = 10;
  private static final int CALLERS = 100;

  /// A thousand are wanted where there is time for it.
  private static final int ROUNDS =
      Integer.parseInt(System.getenv().getOrDefault("SESSION_ROUNDS", "20"));

  private static RemoteContext remote(FixtureHttpServer server, String wire) throws IOException {
    var pool = new Pool(KEYS, CALLERS, Duration.ofSeconds(20), Duration.ofMinutes(5));
    return wire.equals("sse")
        ? RemoteContext.pooled(server.sseUri(), Wire.SSE, pool)
        : RemoteContext.pooled(server.uri(), Wire.STREAMABLE_HTTP, pool);
  }

  private static Handler handler(RemoteContext remote) {
    return new RescueLayer().around(new SessionKeyLayer().around(remote.upstream()));
  }

  /// Calls a tool in a session.
  ///
  /// @param key its name, as JSON
  private static Response call(Handler handler, Session client, String tool, String key) {
    var params =
        """
        {"name":"%s","arguments":{"text":"x"},"_meta":{"io.watchgate/sessionKey":%s}}\
        """
            .formatted(tool, key);
    try {
      var call = RemoteContext.call(client, "tools/call", params);
      return handler.handle(call).response();
    } catch (InterruptedException | Rejection e) {
      throw new AssertionError(e);
    }
  }

  private static String session(Handler handler, Session client, String key) {
    return call(handler, client, "count", key)
        .result()
        .flatMap(result -> result.member("structuredContent"))
        .flatMap(content -> content.textMember("session"))
        .orElseThrow();
  }

  /// A session that has a name and is not ready at once: each is made once, and none is used early.
  @ParameterizedTest
  @ValueSource(strings = {"http", "sse"})
  @Timeout(3600)
  void callersAtOnceGetOneSessionForEachKeyAndNobodyIsRefused(String wire) throws Exception {
    try (var server = FixtureHttpServer.start("--late", "20");
        var remote = remote(server, wire)) {
      var handler = handler(remote);
      for (int round = 0; round < ROUNDS; round++) {
        int before = server.openedSessions();
        var answers = new ArrayList<CompletableFuture<Response>>();
        for (int caller = 0; caller < CALLERS; caller++) {
          var client = new RecordingSession("client " + caller);
          var key = "\"round %d key %d\"".formatted(round, caller % KEYS);
          var answer = new CompletableFuture<Response>();
          Thread.ofVirtual().start(() -> answer.complete(call(handler, client, "echo", key)));
          answers.add(answer);
        }
        for (var answer : answers) {
          assertThat(RemoteContext.text(answer.orTimeout(60, TimeUnit.SECONDS).join()))
              .isEqualTo("x");
        }
        assertThat(server.openedSessions() - before).isEqualTo(KEYS);
        server.forgetRequests();
      }
      assertThat(remote.upstream().lastFailure()).isEmpty();
    }
  }

  @Test
  void clientsOfOnePrincipalShareWhatTheyNameAndNobodyElseDoes() throws Exception {
    try (var server = FixtureHttpServer.start();
        var remote = remote(server, "http")) {
      var handler = handler(remote);
      var one = new RecordingSession("one").of("ann");
      var two = new RecordingSession("two").of("ann");
      var stranger = new RecordingSession("three").of("bob");
      var named = session(handler, one, "\"build\"");

      assertThat(session(handler, two, "\"build\"")).isEqualTo(named);
      assertThat(session(handler, one, "\"other\"")).isNotEqualTo(named);
      assertThat(session(handler, stranger, "\"build\"")).isNotEqualTo(named);
      assertThat(remote.text("count", "{}")).doesNotContain(named);
    }
  }

  @Test
  void keyStaysInTheGateway() throws Exception {
    try (var server = FixtureHttpServer.start();
        var remote = remote(server, "http")) {
      var raw = RemoteContext.text(call(handler(remote), remote.client(), "raw", "\"secret\""));

      assertThat(raw).contains("\"_meta\":{}").doesNotContain("secret", "sessionKey");
      assertThat(server.requests()).noneMatch(request -> request.body().contains("sessionKey"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"7", "null", "\"\"", "{}", "\"a\\nb\"", "\"a\\u202eb\"", "LONG"})
  void keyThatIsNoneIsRefused(String key) throws Exception {
    try (var server = FixtureHttpServer.start();
        var remote = remote(server, "http")) {
      var json = key.equals("LONG") ? "\"" + "x".repeat(129) + "\"" : key;
      var refused = call(handler(remote), remote.client(), "echo", json);

      assertThat(refused.errorCode()).isEqualTo(-32602);
      assertThat(refused.errorMessage()).contains("io.watchgate/sessionKey", "1 to 128");
      assertThat(server.openedSessions()).isZero();
    }
  }

  @Test
  void namedSessionDeclaresNothingAndGoesWithTheLastWhoNamedIt() throws Exception {
    try (var server = FixtureHttpServer.start();
        var remote = remote(server, "http")) {
      var handler = handler(remote);
      var one = new RecordingSession("one", Json.trusted("{\"roots\":{}}"));
      var two = new RecordingSession("two", Json.trusted("{\"roots\":{}}"));
      assertThat(RemoteContext.text(call(handler, one, "roots", "\"k\"")))
          .contains("did not declare");
      var named = session(handler, two, "\"k\"");
      one.close();

      assertThat(session(handler, two, "\"k\"")).isEqualTo(named);
      two.close();
      await().until(() -> server.sessionCount() == 0);
    }
  }

  @Test
  void whatANamedSessionSaysIsForThoseWhoNamedIt() throws Exception {
    try (var server = FixtureHttpServer.start();
        var remote = remote(server, "http")) {
      var handler = handler(remote);
      var one = new RecordingSession("one");
      var two = new RecordingSession("two");
      var other = new RecordingSession("other");
      for (var client : java.util.List.of(one, two)) {
        assertThat(session(handler, client, "\"k\"")).isNotEmpty();
      }
      assertThat(session(handler, other, "\"another\"")).isNotEmpty();
      await()
          .until(
              () -> server.requests().stream().filter(r -> r.method().equals("GET")).count() == 2);
      call(handler, one, "add_tool", "\"k\"");

      var heard = java.util.List.of(remote.event(), remote.event(), remote.event());
      assertThat(heard)
          .containsExactlyInAnyOrder(
              "notifications/tools/list_changed for one",
              "notifications/tools/list_changed for two",
              "notifications/tools/list_changed for other");
    }
  }
}
