package io.watchgate.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.watchgate.testkit.FixtureHttpServer;
import io.watchgate.upstream.UpstreamSettings.Wire;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Streamable HTTP against a whole server.
@Timeout(60)
class StreamableHttpTest {
  private static final String HELLO = "{\"text\":\"hello\"}";

  private static List<FixtureHttpServer.Request> requests(
      FixtureHttpServer server, String method, String part) {
    return server.requests().stream()
        .filter(request -> request.method().equals(method) && request.body().contains(part))
        .toList();
  }

  @ParameterizedTest
  @ValueSource(strings = {"--json", "--prime", "--name=x"})
  void answersAreReadFromJsonAndFromStreams(String flag) throws Exception {
    try (var server = FixtureHttpServer.start(flag.split("="));
        var remote = new RemoteContext(server.uri())) {
      assertThat(remote.text("echo", HELLO)).isEqualTo("hello");
      assertThat(remote.text("big", "{\"bytes\":3000000}")).hasSize(3_000_000);
      assertThat(remote.text("slow_line", "{\"bytes\":3000}")).hasSize(3_000);
    }
  }

  @Test
  void sessionAndRevisionAreOnEveryRequestAfterTheHandshake() throws Exception {
    try (var server = FixtureHttpServer.start();
        var remote = new RemoteContext(server.uri())) {
      remote.text("echo", HELLO);

      assertThat(requests(server, "POST", "\"initialize\"").getFirst().headers())
          .doesNotContainKeys("mcp-session-id", "mcp-protocol-version")
          .containsEntry("accept", "application/json, text/event-stream");
      assertThat(server.requests().subList(1, server.requests().size()))
          .isNotEmpty()
          .allSatisfy(request ->
              assertThat(request.headers())
                  .containsKey("mcp-session-id")
                  .containsEntry("mcp-protocol-version", "2025-11-25"));
    }
  }

  @Test
  void endOfTheClientDeletesItsSession() throws Exception {
    try (var server = FixtureHttpServer.start();
        var remote = new RemoteContext(server.uri())) {
      remote.text("echo", HELLO);
      assertThat(server.sessionCount()).isEqualTo(1);

      remote.client().close();
      await().until(() -> server.sessionCount() == 0);
      assertThat(requests(server, "DELETE", "")).hasSize(1);
    }
  }

  @Test
  void lostSessionIsReplacedAndEveryCallRunsOnce() throws Exception {
    try (var server = FixtureHttpServer.start();
        var remote = new RemoteContext(server.uri());
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      remote.text("echo", HELLO);
      server.dropSessions();

      var answers = new ArrayList<Future<String>>();
      for (int i = 0; i < 50; i++) {
        var text = "{\"text\":\"%d\"}".formatted(i);
        answers.add(threads.submit(() -> remote.text("echo", text)));
      }
      for (int i = 0; i < 50; i++) {
        assertThat(answers.get(i).get()).isEqualTo(Integer.toString(i));
      }
      // The counts are the new session's: none of the calls was done twice.
      assertThat(remote.tool("count", "{}").toJson().toString()).contains("\"calls\":51");
      assertThat(server.sessionCount()).isEqualTo(1);
    }
  }

  @Test
  void serverThatComesBackIsReachedAgain() throws Exception {
    var first = FixtureHttpServer.start();
    var port = first.uri().getPort();
    try (var remote = new RemoteContext(first.uri())) {
      remote.text("echo", HELLO);
      first.close();
      assertThat(remote.text("echo", HELLO)).startsWith("server \"web\" is unavailable: ");

      try (var second = FixtureHttpServer.startOn(port)) {
        await().until(() -> remote.text("echo", HELLO).equals("hello"));
        assertThat(second.sessionCount()).isEqualTo(1);
      }
    }
  }

  @Test
  void errorsOfTheServerPassThrough() throws Exception {
    try (var server = FixtureHttpServer.start();
        var remote = new RemoteContext(server.uri())) {
      var answer = remote.tool("error", "{\"code\":-32042,\"message\":\"odd\"}");

      assertThat(answer.errorCode()).isEqualTo(-32042);
      assertThat(answer.errorMessage()).isEqualTo("odd");
    }
  }

  @Test
  void refusalNamesItsStatusAndTheNextCallIsFine() throws Exception {
    try (var server = FixtureHttpServer.start();
        var remote = new RemoteContext(server.uri())) {
      remote.text("echo", HELLO);
      await().until(() -> !requests(server, "GET", "").isEmpty());
      server.refuseNext(1, 503);

      assertThat(remote.text("echo", HELLO))
          .isEqualTo("server \"web\" is unavailable: HTTP status 503");
      assertThat(remote.text("echo", HELLO)).isEqualTo("hello");
    }
  }

  @Test
  void streamOfTheSessionBringsListChangesAndUpdates() throws Exception {
    try (var server = FixtureHttpServer.start();
        var remote = new RemoteContext(server.uri())) {
      remote.text("add_tool", "{\"name\":\"new\"}");
      assertThat(remote.event()).isEqualTo("notifications/tools/list_changed for client");

      var uri = "fixture://fixture/static";
      remote.send("resources/subscribe", "{\"uri\":\"%s\"}".formatted(uri));
      remote.text("update_resource", "{\"uri\":\"%s\"}".formatted(uri));
      assertThat(remote.client().heard()).contains("notifications/resources/updated", uri);
    }
  }

  @Test
  void serverAsksTheClientOfTheCall() throws Exception {
    try (var server = FixtureHttpServer.start();
        var remote = new RemoteContext(server.uri())) {
      var answer = remote.tool("sample", "{\"prompt\":\"why\",\"force\":true}");

      assertThat(answer.toJson().toString()).contains("\"from\":\"client\"");
      assertThat(remote.client().asked()).hasSize(1);
      assertThat(remote.text("ping_me", "{}")).doesNotContain("unavailable");
    }
  }

  @Test
  void askOfAServerThatAnswersInJsonComesOnTheSessionsStream() throws Exception {
    try (var server = FixtureHttpServer.start("--json");
        var remote = new RemoteContext(server.uri())) {
      var answer = remote.tool("roots", "{\"force\":true}");

      assertThat(answer.toJson().toString()).contains("\"from\":\"client\"");
    }
  }

  @Test
  void cancelledCallClosesItsStreamAndTellsTheServer() throws Exception {
    try (var server = FixtureHttpServer.start();
        var remote = new RemoteContext(server.uri())) {
      remote.text("echo", HELLO);
      var call = remote.call("tools/call", "{\"name\":\"hang\",\"arguments\":{}}");
      var caller =
          Thread.ofVirtual()
              .start(() -> {
                try {
                  remote.send(call);
                } catch (InterruptedException _) {
                  // what is wanted
                }
              });
      await().until(() -> !requests(server, "POST", "hang").isEmpty());
      call.cancellation().because("no need");
      caller.interrupt();
      caller.join();

      await().until(() -> !requests(server, "POST", "notifications/cancelled").isEmpty());
      assertThat(requests(server, "POST", "notifications/cancelled").getFirst().body())
          .contains("no need");
      assertThat(remote.upstream().inFlight()).isZero();
      assertThat(remote.text("echo", HELLO)).isEqualTo("hello");
    }
  }

  @Test
  void closingTheGatewayEndsACallThatHangs() throws Exception {
    try (var server = FixtureHttpServer.start()) {
      var remote = new RemoteContext(server.uri());
      remote.text("echo", HELLO);
      try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
        var hanging = threads.submit(() -> remote.text("hang", "{}"));
        await().until(() -> !requests(server, "POST", "hang").isEmpty());
        var started = System.nanoTime();
        remote.close();

        assertThat(hanging.get()).isEqualTo("server \"web\" is unavailable: closed by the gateway");
        assertThat(System.nanoTime() - started).isLessThan(Duration.ofSeconds(10).toNanos());
      }
    }
  }

  @Test
  void headersOfTheConfigurationAreOnEveryRequestButNeverInPlaceOfTheSessions() throws Exception {
    var headers =
        Map.of("Authorization", "Bearer secret", "user-agent", "mine", "mcp-session-id", "forged");
    try (var server = FixtureHttpServer.start()) {
      var url = URI.create(server.uri() + "?tenant=a%20b");
      try (var remote =
          new RemoteContext(url, Wire.STREAMABLE_HTTP, headers, Duration.ofSeconds(5))) {
        assertThat(remote.text("echo", HELLO)).isEqualTo("hello");
        await().until(() -> !requests(server, "GET", "").isEmpty());
        remote.client().close();
        await().until(() -> !requests(server, "DELETE", "").isEmpty());
      }
      assertThat(server.requests())
          .allSatisfy(request -> {
            assertThat(request.headers())
                .containsEntry("authorization", "Bearer secret")
                .containsEntry("user-agent", "mine");
            assertThat(request.uri().getRawQuery()).isEqualTo("tenant=a%20b");
          });
      assertThat(requests(server, "POST", "tools/call").getFirst().headers().get("mcp-session-id"))
          .doesNotContain("forged");
    }
  }
}
