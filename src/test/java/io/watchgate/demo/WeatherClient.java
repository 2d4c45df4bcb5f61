package io.watchgate.demo;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import tools.jackson.databind.JsonNode;

/// A client of the weather server.
final class WeatherClient {
  private static final String INITIALIZE =
      """
      {"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-11-25"}}\
      """;

  private final URI uri;
  private String session = "";

  WeatherClient(WeatherServer server) {
    uri = server.uri();
  }

  /// Opens a session, and uses it from now on.
  String initialize() throws IOException {
    session = "";
    HttpURLConnection answer = post(INITIALIZE);
    String body = body(answer);
    session = answer.getHeaderField("Mcp-Session-Id");
    return body;
  }

  String session() {
    return session;
  }

  void use(String other) {
    session = other;
  }

  static String request(String method, String params) {
    String head = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"" + method + "\"";
    return head + ",\"params\":" + params + "}";
  }

  /// Calls a tool and returns its result.
  JsonNode call(String tool, String arguments) throws IOException {
    String params = "{\"name\":\"" + tool + "\",\"arguments\":" + arguments + "}";
    return Json.read(body(post(request("tools/call", params)))).path("result");
  }

  HttpURLConnection post(String body) throws IOException {
    return post(body, "application/json");
  }

  HttpURLConnection post(String body, String type) throws IOException {
    HttpURLConnection connection = open("POST");
    connection.setRequestProperty("Content-Type", type);
    connection.setDoOutput(true);
    connection.getOutputStream().write(body.getBytes(StandardCharsets.UTF_8));
    return connection;
  }

  HttpURLConnection open(String method) throws IOException {
    var connection = (HttpURLConnection) uri.toURL().openConnection();
    connection.setRequestMethod(method);
    connection.setRequestProperty("Accept", "application/json, text/event-stream");
    if (!session.isEmpty()) {
      connection.setRequestProperty("Mcp-Session-Id", session);
    }
    return connection;
  }

  static String body(HttpURLConnection connection) throws IOException {
    try (InputStream stream = connection.getInputStream()) {
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  static BufferedReader reader(HttpURLConnection connection) throws IOException {
    return new BufferedReader(
        new InputStreamReader(connection.getInputStream(), StandardCharsets.UTF_8));
  }

  /// Sends a GET with the headers given, which another client would not send, and returns the line
  /// of the status. `%d` stands for the port.
  String statusLine(String headers) throws IOException {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), uri.getPort())) {
      String request = "GET /mcp HTTP/1.1\r\n" + headers.formatted(uri.getPort()) + "\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
      var answer = new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8);
      return new BufferedReader(answer).readLine();
    }
  }
}
