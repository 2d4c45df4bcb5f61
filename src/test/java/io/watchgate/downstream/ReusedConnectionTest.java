package io.watchgate.downstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.watchgate.flow.Reply;
import io.watchgate.flow.Seal;
import io.watchgate.jsonrpc.Json;
import io.watchgate.jsonrpc.Response;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Clients keep their connections and use them for the next request, over plain sockets here so
/// that no client library decides which connection that is.
class ReusedConnectionTest {
  private static final String INITIALIZE =
      """
      {"jsonrpc":"2.0","id":1,"method":"initialize",\
      "params":{"protocolVersion":"2025-06-18","capabilities":{}}}\
      """;

  private final MultiThreadIoEventLoopGroup loops =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private HttpListener listener;

  @BeforeEach
  void listen() throws IOException, InterruptedException {
    var settings = new HttpSettings("127.0.0.1", 0, "/mcp", List.of(), List.of(), List.of());
    listener =
        new HttpListener(
            settings,
            Map.of(
                "/mcp",
                call ->
                    new Reply.Answered(
                        Response.success(
                            call.request().id(), Json.object("capabilities", Json.EMPTY_OBJECT)))),
            HttpServer.terms(Seal.random()),
            loops);
  }

  @AfterEach
  void stop() throws InterruptedException {
    listener.drain(Duration.ZERO);
    var _ = loops.shutdownGracefully();
  }

  @Test
  void connectionOfAnEndedStreamServesTheNextRequest() throws IOException {
    try (var first = new Connection(listener.port());
        var second = new Connection(listener.port())) {
      var session = first.request("POST", "", INITIALIZE).get("mcp-session-id");
      var named = "Mcp-Session-Id: " + session + "\r\n";
      assertThat(first.request("GET", named, "")).containsEntry("status", "200");
      assertThat(second.request("DELETE", named, "")).containsEntry("status", "200");
      assertThat(first.line()).as("the last chunk").isEqualTo("0");
      assertThat(first.line()).isEmpty();

      assertThat(first.request("POST", "", INITIALIZE)).containsEntry("status", "200");
    }
  }

  /// One connection, kept alive.
  private static final class Connection implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 5_000;
    private final Socket socket;
    private final BufferedReader reader;

    Connection(int port) throws IOException {
      socket = new Socket(InetAddress.getLoopbackAddress(), port);
      socket.setSoTimeout(PATIENCE_MILLIS);
      reader =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
    }

    /// Sends a request; answers the response's headers and its `status`. Reads the body over when
    /// its length is known.
    Map<String, String> request(String method, String headers, String body) throws IOException {
      var head =
          "%s /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n%s"
              .formatted(method, headers);
      var length = "Content-Length: " + body.length() + "\r\n\r\n";
      socket.getOutputStream().write((head + length + body).getBytes(StandardCharsets.UTF_8));
      var answer = new HashMap<String, String>();
      answer.put("status", line().split(" ", 3)[1]);
      for (var line = line(); !line.isEmpty(); line = line()) {
        answer.put(line.split(":", 2)[0].toLowerCase(Locale.ROOT), line.split(":", 2)[1].strip());
      }
      int rest = Integer.parseInt(answer.getOrDefault("content-length", "0"));
      assertThat(reader.skip(rest)).isEqualTo(rest);
      return answer;
    }

    String line() throws IOException {
      return Optional.ofNullable(reader.readLine()).orElseThrow();
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }
}
