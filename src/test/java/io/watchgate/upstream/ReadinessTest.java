package io.watchgate.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.watchgate.testkit.FixtureHttpServer;
import io.watchgate.upstream.UpstreamSettings.Pool;
import io.watchgate.upstream.UpstreamSettings.Wire;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Whether a session is used before its server has shown that it is there.
@Timeout(60)
class ReadinessTest {
  private static final String HELLO = "{\"text\":\"hello\"}";
  private static final String PING = "\"method\":\"ping\"";

  private static long pings(FixtureHttpServer server) {
    return server.requests().stream().filter(request -> request.body().contains(PING)).count();
  }

  private static CompletableFuture<String> start(RemoteContext remote) {
    var text = new CompletableFuture<String>();
    Thread.ofVirtual()
        .start(() -> {
          try {
            text.complete(remote.text("echo", HELLO));
          } catch (InterruptedException e) {
            text.completeExceptionally(e);
          }
        });
    return text;
  }

  @Test
  void newSessionIsPingedOnceBeforeItsFirstCall() throws Exception {
    try (var server = FixtureHttpServer.start();
        var remote = new RemoteContext(server.uri())) {
      remote.text("echo", HELLO);
      remote.turn(Duration.ofSeconds(29));
      remote.text("echo", HELLO);

      var posts = server.requests().stream().filter(request -> request.method().equals("POST"));
      assertThat(
              posts.map(
                  request -> request.body().replaceFirst("(?s).*\"method\":\"([^\"]+).*", "$1")))
          .containsExactly(
              "initialize", "notifications/initialized", "ping", "tools/call", "tools/call");
    }
  }

  @Test
  void silentSessionIsPingedOnceHoweverManyCallsCome() throws Exception {
    try (var server = FixtureHttpServer.start();
        var remote = new RemoteContext(server.uri())) {
      remote.text("echo", HELLO);
      remote.turn(Duration.ofSeconds(31));
      var calls = IntStream.range(0, 50).mapToObj(_ -> start(remote)).toList();

      assertThat(calls.stream().map(CompletableFuture::join)).containsOnly("hello");
      assertThat(pings(server)).isEqualTo(2);
      assertThat(server.openedSessions()).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {404, 500, 503})
  void silentSessionThatDoesNotAnswerIsReplacedAndTheCallSucceeds(int status) throws Exception {
    try (var server = FixtureHttpServer.start();
        var remote = new RemoteContext(server.uri())) {
      remote.text("echo", HELLO);
      await().until(() -> server.requests().stream().anyMatch(r -> r.method().equals("GET")));
      remote.turn(Duration.ofSeconds(31));
      server.refuseNext(1, status);

      assertThat(remote.text("echo", HELLO)).isEqualTo("hello");
      assertThat(server.openedSessions()).isEqualTo(2);
      boolean told = status != 404; // a session that the server does not know is not ended
      await().until(() -> server.sessionCount() == (told ? 1 : 2));
    }
  }

  @Test
  void sessionWithACallUnderWayIsNotCalledSilent() throws Exception {
    try (var server = FixtureHttpServer.start();
        var remote = new RemoteContext(server.uri())) {
      remote.text("echo", HELLO);
      var thread = Thread.ofVirtual().start(() -> hang(remote));
      await().until(() -> remote.upstream().inFlight() == 1);
      remote.turn(Duration.ofSeconds(16));
      remote.turn(Duration.ofSeconds(2));

      assertThat(remote.text("echo", HELLO)).isEqualTo("hello");
      assertThat(pings(server)).isEqualTo(1);
      thread.interrupt();
    }
  }

  private static void hang(RemoteContext remote) {
    try {
      var _ = remote.text("hang", "{}");
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /// A server that answers a ping with an error.
  private static RawServer refusing(int code, List<String> pings) throws Exception {
    return RawServer.start(peer -> {
      for (var got = peer.readRequest(); !got.isEmpty(); got = peer.readRequest()) {
        if (got.contains(PING)) {
          pings.add(got);
          var id = got.replaceFirst("(?s).*\"id\":(\\d+).*", "$1");
          var error =
              "{\"jsonrpc\":\"2.0\",\"id\":%s,\"error\":{\"code\":%d,\"message\":\"no\"}}"
                  .formatted(id, code);
          peer.write(RawServer.response(200, "application/json", error));
        } else if (got.startsWith("POST") && got.contains("\"id\"")) {
          peer.write(RemoteContext.answer(got));
        } else {
          peer.write(RawServer.response(got.startsWith("GET") ? 405 : 202, "text/plain", ""));
        }
      }
    });
  }

  @Test
  void whoDoesNotKnowWhatAPingIsIsReady() throws Exception {
    var pings = new CopyOnWriteArrayList<String>();
    try (var server = refusing(-32601, pings);
        var remote = new RemoteContext(server.uri("/mcp"))) {
      assertThat(remote.text("x", "{}")).isEqualTo("done");
      assertThat(pings).hasSize(1);
    }
  }

  @Test
  void whoAnswersPingsInItsOwnWayIsPingedForAWhileAndThenTakenAsItIs() throws Exception {
    var pings = new CopyOnWriteArrayList<String>();
    try (var server = refusing(-32602, pings);
        var remote = RemoteContext.pooled(server.uri("/mcp"), Wire.STREAMABLE_HTTP, Pool.DEFAULT)) {
      var call = start(remote);
      await().until(() -> pings.size() > 3);
      assertThat(call).isNotDone();
      remote.turn(Duration.ofSeconds(5));

      assertThat(call.join()).isEqualTo("done");
    }
  }
}
