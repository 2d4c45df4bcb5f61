package io.watchgate;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/// HTTP requests of tests, each over whatever connection the JDK has, waited for by the caller.
final class Http {
  private Http() {}

  /// What came back, also when it is an error.
  record Answer(int status, Optional<String> session, String body) {}

  static Answer get(String url) throws IOException {
    return answer(open(url));
  }

  static Answer post(String url, Map<String, String> headers, String body) throws IOException {
    var connection = open(url);
    headers.forEach(connection::setRequestProperty);
    connection.setDoOutput(true);
    connection.getOutputStream().write(body.getBytes(StandardCharsets.UTF_8));
    return answer(connection);
  }

  private static HttpURLConnection open(String url) throws IOException {
    var connection = (HttpURLConnection) URI.create(url).toURL().openConnection();
    connection.setReadTimeout(20_000);
    return connection;
  }

  private static Answer answer(HttpURLConnection connection) throws IOException {
    int status = connection.getResponseCode();
    try (var body = status < 400 ? connection.getInputStream() : connection.getErrorStream()) {
      var text = body == null ? "" : new String(body.readAllBytes(), StandardCharsets.UTF_8);
      var session = Optional.ofNullable(connection.getHeaderField("Mcp-Session-Id"));
      return new Answer(status, session, text);
    }
  }
}
