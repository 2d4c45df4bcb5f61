package io.watchgate.upstream;

import io.watchgate.upstream.RawServer.Peer;
import java.io.IOException;

/// What a server of 2026-07-28 answers over HTTP, for tests to say byte by byte.
final class StatelessServer {
  static final String EVENTS = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n";

  /// What every request says of itself.
  static final String CLAIM =
      "{\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\","
          + "\"io.modelcontextprotocol/clientCapabilities\":{}}";

  /// Answers one request.
  @FunctionalInterface
  interface Answers {
    void answer(Peer peer, String request) throws IOException, InterruptedException;
  }

  private StatelessServer() {}

  /// A server that answers `server/discover` with capabilities, and the rest as it is told.
  static RawServer start(String capabilities, Answers rest) throws IOException {
    return RawServer.start(
        each((peer, request) -> {
          if (isOf(request, "server/discover")) {
            peer.write(json(request, discovered(capabilities)));
          } else {
            rest.answer(peer, request);
          }
        }));
  }

  static RawServer.Script each(Answers answers) {
    return peer -> {
      for (var got = peer.readRequest(); !got.isEmpty(); got = peer.readRequest()) {
        answers.answer(peer, got);
      }
    };
  }

  static String discovered(String capabilities) {
    return "{\"supportedVersions\":[\"2026-07-28\"],\"capabilities\":%s}".formatted(capabilities);
  }

  static boolean isOf(String request, String method) {
    return request.contains("\"method\":\"" + method + "\"");
  }

  static String id(String request) {
    return request.replaceFirst("(?s).*\"id\":(\\d+).*", "$1");
  }

  static String success(String request, String result) {
    return "{\"jsonrpc\":\"2.0\",\"id\":%s,\"result\":%s}".formatted(id(request), result);
  }

  static String failure(String request, String error) {
    return "{\"jsonrpc\":\"2.0\",\"id\":%s,\"error\":%s}".formatted(id(request), error);
  }

  /// A result in JSON.
  static String json(String request, String result) {
    return RawServer.response(200, "application/json", success(request, result));
  }

  /// An error in JSON with a status.
  static String refusal(int status, String request, String error) {
    return RawServer.response(status, "application/json", failure(request, error));
  }

  /// One event of a stream.
  static String event(String message) {
    return "event: message\ndata: " + message + "\n\n";
  }

  static String text(String text) {
    return "{\"content\":[{\"type\":\"text\",\"text\":\"%s\"}]}".formatted(text);
  }
}
