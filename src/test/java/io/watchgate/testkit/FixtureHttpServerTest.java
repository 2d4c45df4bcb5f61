package io.watchgate.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class FixtureHttpServerTest {
  private static final String INITIALIZE =
      """
      {"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-11-25",\
      "capabilities":{},"clientInfo":{"name":"test","version":"1"}}}\
      """;

  @Test
  void sessionIsOpenedUsedAndDeleted() throws Exception {
    try (var server = FixtureHttpServer.start("--name", "web")) {
      String session = initialize(server);
      assertThat(server.sessionCount()).isEqualTo(1);

      HttpURLConnection echo = post(server.uri(), session, call(1, "echo", "{\"text\":\"hi\"}"));
      assertThat(echo.getContentType()).isEqualTo("text/event-stream");
      assertThat(body(echo)).startsWith("event: message\ndata: {").contains("\"server\":\"web\"");

      assertThat(open(server.uri(), "DELETE", session).getResponseCode()).isEqualTo(200);
      assertThat(post(server.uri(), session, call(2, "echo", "{}")).getResponseCode())
          .isEqualTo(404);
      assertThat(server.requests()).hasSize(4);
      assertThat(server.requests().getLast().headers()).containsEntry("mcp-session-id", session);
    }
  }

  @Test
  void jsonFlagAnswersWithoutAStream() throws Exception {
    try (var server = FixtureHttpServer.start("--json")) {
      HttpURLConnection echo =
          post(server.uri(), initialize(server), call(1, "echo", "{\"text\":\"hi\"}"));
      assertThat(echo.getContentType()).isEqualTo("application/json");
      assertThat(body(echo)).startsWith("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\"");
    }
  }

  @Test
  void progressAndServerRequestsTravelOnTheStreamOfTheCall() throws Exception {
    try (var server = FixtureHttpServer.start()) {
      String session = initialize(server);
      HttpURLConnection call = post(server.uri(), session, call(1, "ping_me", "{}"));
      try (var events = reader(call)) {
        assertThat(data(events)).contains("\"method\":\"ping\"", "\"id\":0");
        String pong = "{\"jsonrpc\":\"2.0\",\"id\":0,\"result\":{}}";
        assertThat(post(server.uri(), session, pong).getResponseCode()).isEqualTo(202);
        assertThat(data(events)).contains("\"id\":1", "\"isError\":false");
      }
    }
  }

  @Test
  void changesTravelOnTheStreamOfTheSession() throws Exception {
    try (var server = FixtureHttpServer.start()) {
      String session = initialize(server);
      body(post(server.uri(), session, call(1, "add_tool", "{\"name\":\"fresh\"}")));
      try (var events = reader(open(server.uri(), "GET", session))) {
        assertThat(data(events)).contains("notifications/tools/list_changed");
        server.dropSessions();
        assertThat(events.lines()).allMatch(String::isEmpty);
      }
    }
  }

  @Test
  void cancelledCallEndsItsStreamWithoutAnAnswer() throws Exception {
    try (var server = FixtureHttpServer.start("--prime")) {
      String session = initialize(server);
      try (var events = reader(post(server.uri(), session, call(1, "hang", "{}")))) {
        assertThat(events.readLine()).isEqualTo("id: 1");
        String cancel =
            """
            {"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}\
            """;
        assertThat(post(server.uri(), session, cancel).getResponseCode()).isEqualTo(202);
        assertThat(events.lines()).noneMatch(line -> line.contains("\"id\":1"));
      }
    }
  }

  @Test
  void badRequestsGetTheStatusTheyDeserve() throws Exception {
    try (var server = FixtureHttpServer.start()) {
      assertThat(post(server.uri(), "", call(1, "echo", "{}")).getResponseCode()).isEqualTo(400);
      assertThat(post(server.uri(), "", "{").getResponseCode()).isEqualTo(400);
      assertThat(post(server.uri(), "", "[]").getResponseCode()).isEqualTo(400);
      assertThat(open(server.uri(), "PUT", "").getResponseCode()).isEqualTo(405);
      server.refuseNext(1, 503);
      assertThat(post(server.uri(), "", INITIALIZE).getResponseCode()).isEqualTo(503);
      assertThat(post(server.uri(), "", INITIALIZE).getResponseCode()).isEqualTo(200);
    }
  }

  @Test
  void oldTransportNamesItsEndpointAndAnswersOnItsStream() throws Exception {
    try (var server = FixtureHttpServer.start();
        var events = reader(open(server.sseUri(), "GET", ""))) {
      assertThat(events.readLine()).isEqualTo("event: endpoint");
      String where = events.readLine().replaceFirst("data: ", "");
      URI messages = server.sseUri().resolve(where);
      assertThat(post(messages, "", INITIALIZE).getResponseCode()).isEqualTo(202);
      assertThat(data(events)).contains("\"id\":0", "\"protocolVersion\":\"2025-11-25\"");
    }
  }

  @Test
  void killedServerClosesItsConnectionsAndComesBackOnItsPort() throws Exception {
    int port;
    try (var server = FixtureHttpServer.start()) {
      port = server.uri().getPort();
      HttpURLConnection call = post(server.uri(), initialize(server), call(1, "kill", "{}"));
      assertThat(leftover(call)).doesNotContain("\"id\":1");
    }
    try (var server = FixtureHttpServer.startOn(port)) {
      assertThat(initialize(server)).isNotEmpty();
    }
  }

  private static String leftover(HttpURLConnection call) {
    try {
      return body(call);
    } catch (IOException e) {
      return "";
    }
  }

  private static String initialize(FixtureHttpServer server) throws IOException {
    HttpURLConnection answer = post(server.uri(), "", INITIALIZE);
    assertThat(body(answer)).contains("\"protocolVersion\":\"2025-11-25\"");
    return answer.getHeaderField("Mcp-Session-Id");
  }

  private static String call(int id, String tool, String arguments) {
    return "{\"jsonrpc\":\"2.0\",\"id\":%d,\"method\":\"tools/call\",".formatted(id)
        + "\"params\":{\"name\":\"%s\",\"arguments\":%s}}".formatted(tool, arguments);
  }

  private static HttpURLConnection post(URI uri, String session, String body) throws IOException {
    HttpURLConnection connection = open(uri, "POST", session);
    connection.setRequestProperty("Content-Type", "application/json");
    connection.setDoOutput(true);
    connection.getOutputStream().write(body.getBytes(StandardCharsets.UTF_8));
    return connection;
  }

  private static HttpURLConnection open(URI uri, String method, String session) throws IOException {
    var connection = (HttpURLConnection) uri.toURL().openConnection();
    connection.setRequestMethod(method);
    connection.setRequestProperty("Accept", "application/json, text/event-stream");
    if (!session.isEmpty()) {
      connection.setRequestProperty("Mcp-Session-Id", session);
    }
    return connection;
  }

  private static String body(HttpURLConnection connection) throws IOException {
    try (var stream = connection.getInputStream()) {
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static BufferedReader reader(HttpURLConnection connection) throws IOException {
    return new BufferedReader(
        new InputStreamReader(connection.getInputStream(), StandardCharsets.UTF_8));
  }

  /// The data of the next event.
  private static String data(BufferedReader events) throws IOException {
    for (String line = events.readLine(); line != null; line = events.readLine()) {
      if (line.startsWith("data: ")) {
        return line;
      }
    }
    throw new IOException("the stream ended");
  }
}
