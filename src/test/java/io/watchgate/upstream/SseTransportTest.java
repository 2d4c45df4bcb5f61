package io.watchgate.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.watchgate.testkit.FixtureHttpServer;
import io.watchgate.upstream.UpstreamSettings.Wire;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class SseTransportTest {
  private static final String HELLO = "{\"text\":\"hello\"}";
  private static final String EVENTS =
      "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n";

  private static RemoteContext remote(URI url) throws Exception {
    return new RemoteContext(
        url, Wire.SSE, Map.of("Authorization", "Bearer x"), Duration.ofSeconds(1));
  }

  /// A server whose stream begins with this, and that answers on it what is posted.
  private static RawServer server(String beginning) throws Exception {
    var stream = new CompletableFuture<RawServer.Peer>();
    return RawServer.start(peer -> {
      for (var got = peer.readRequest(); !got.isEmpty(); got = peer.readRequest()) {
        if (got.startsWith("GET")) {
          stream.complete(peer);
          peer.write(beginning);
          peer.awaitEnd();
        } else {
          peer.write(RawServer.response(202, "text/plain", "Accepted"));
          if (got.contains("\"id\"")) {
            stream.join().write("event: message\ndata: " + RemoteContext.result(got) + "\n\n");
          }
        }
      }
    });
  }

  @Test
  void callsAreAnsweredOnTheStream() throws Exception {
    try (var server = FixtureHttpServer.start();
        var remote = remote(server.sseUri())) {
      assertThat(remote.text("echo", HELLO)).isEqualTo("hello");
      assertThat(remote.text("big", "{\"bytes\":3000000}")).hasSize(3_000_000);
      remote.text("add_tool", "{\"name\":\"new\"}");
      assertThat(remote.event()).isEqualTo("notifications/tools/list_changed for client");
      assertThat(remote.tool("roots", "{\"force\":true}").toJson().toString())
          .contains("\"from\":\"client\"");
      assertThat(server.requests())
          .allSatisfy(
              request -> assertThat(request.headers()).containsEntry("authorization", "Bearer x"));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "/messages?s=1, /messages?s=1",
    "messages?s=1, /a/messages?s=1",
    "?s=1, /a/sse?s=1",
    "http://127.0.0.1:PORT/other, /other",
    "HTTP://127.0.0.1:PORT/other, /other"
  })
  void endpointMayBeRelativeOrOfTheSameOrigin(String endpoint, String target) throws Exception {
    var port = new java.util.concurrent.atomic.AtomicInteger();
    try (var server =
        RawServer.start(peer -> {
          var got = peer.readRequest();
          if (got.startsWith("GET")) {
            var url = endpoint.replace("PORT", Integer.toString(port.get()));
            peer.write(EVENTS + ": hi\n\nevent: endpoint\ndata: " + url + "\n\n");
            peer.awaitEnd();
          } else {
            peer.write(RawServer.response(500, "text/plain", "seen"));
          }
        })) {
      port.set(server.port());
      try (var remote = remote(server.uri("/a/sse"))) {
        assertThat(remote.text("x", "{}")).contains("HTTP status 500: seen");
        assertThat(server.count("POST " + target + " HTTP/1.1")).isPositive();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"http://127.0.0.1:1/messages", "https://127.0.0.1/messages", "//evil/messages"})
  void endpointOfAnotherOriginIsRefused(String endpoint) throws Exception {
    try (var server = server(EVENTS + "event: endpoint\ndata: " + endpoint + "\n\n");
        var remote = remote(server.uri("/sse"))) {
      assertThat(remote.text("x", "{}"))
          .endsWith("the server names an endpoint of another origin: " + endpoint);
      assertThat(server.count("POST")).isZero();
    }
  }

  @Test
  void endpointThatIsNoUrlIsRefused() throws Exception {
    try (var server = server(EVENTS + "event: endpoint\ndata: a b\n\n");
        var remote = remote(server.uri("/sse"))) {
      assertThat(remote.text("x", "{}")).endsWith("names an endpoint that is no URL: a b");
    }
  }

  @Test
  void serverThatNeverNamesItsEndpointIsUnavailable() throws Exception {
    try (var server = server(EVENTS + ": hello\n\n");
        var remote = remote(server.uri("/sse"))) {
      assertThat(remote.text("x", "{}"))
          .isEqualTo(
              "server \"web\" is unavailable: cannot connect: the server does not say in time where"
                  + " messages are posted");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          404 | text/plain | no | HTTP status 404 with text/plain in place of a stream of events: no
          200 | text/html  | hi | HTTP status 200 with text/html in place of a stream of events: hi
          """)
  void whatIsNoStreamIsNamed(int status, String type, String body, String message)
      throws Exception {
    try (var server = RawServer.answering(RawServer.response(status, type, body));
        var remote = remote(server.uri("/sse"))) {
      assertThat(remote.text("x", "{}"))
          .isEqualTo("server \"web\" is unavailable: cannot connect: " + message);
    }
  }

  @Test
  void endOfTheStreamIsTheEndOfTheSessionAndTheNextCallOpensAnother() throws Exception {
    try (var server = FixtureHttpServer.start();
        var remote = remote(server.sseUri())) {
      remote.text("echo", HELLO);
      server.dropSessions();

      await().until(() -> remote.upstream().restarts() > 0);
      assertThat(remote.text("echo", HELLO)).isEqualTo("hello");
      assertThat(remote.upstream().lastFailure().orElseThrow().cause())
          .startsWith("the server ended the stream of events");
    }
  }

  @Test
  void callInFlightFailsWhenTheStreamBreaks() throws Exception {
    try (var server = FixtureHttpServer.start();
        var remote = remote(server.sseUri())) {
      assertThat(remote.text("kill", "{}")).startsWith("server \"web\" is unavailable: ");
    }
  }

  @Test
  void sessionThatThePostDoesNotKnowIsReplacedAndTheCallRunsOnce() throws Exception {
    try (var server = FixtureHttpServer.start();
        var remote = remote(server.sseUri())) {
      remote.text("echo", HELLO);
      server.refuseNext(1, 404);

      assertThat(remote.text("echo", HELLO)).isEqualTo("hello");
      assertThat(remote.tool("count", "{}").toJson().toString()).contains("\"calls\":2");
    }
  }

  @Test
  void endOfTheClientClosesTheStream() throws Exception {
    try (var server = server(EVENTS + "event: endpoint\ndata: /m\n\n");
        var remote = remote(server.uri("/sse"))) {
      assertThat(remote.text("x", "{}")).isEqualTo("done");
      remote.client().close();

      await().until(() -> remote.upstream().sessions() == 0);
    }
  }
}
