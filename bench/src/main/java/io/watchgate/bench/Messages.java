package io.watchgate.bench;

/// The JSON of the bench's own clients and servers.
final class Messages {
  static final String CLIENT = "\"clientInfo\":{\"name\":\"bench\",\"version\":\"1\"}";
  static final String META =
      "\"_meta\":{\"io.modelcontextprotocol/protocolVersion\":\""
          + Era.STATELESS.version()
          + "\",\"io.modelcontextprotocol/clientInfo\":{\"name\":\"bench\",\"version\":\"1\"},"
          + "\"io.modelcontextprotocol/clientCapabilities\":{}}";

  static final String INITIALIZE =
      request(
          "initialize",
          "{\"protocolVersion\":\"%s\",\"capabilities\":{},%s}"
              .formatted(Era.HANDSHAKE.version(), CLIENT));
  static final String INITIALIZED =
      "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}";

  private Messages() {}

  /// A request whose id is still to be written into it.
  static String request(String method, String params) {
    return "{\"jsonrpc\":\"2.0\",\"id\":%d,\"method\":\"%s\",\"params\":%s}"
        .formatted(Ids.FIRST, method, params);
  }
}
