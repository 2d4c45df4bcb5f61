package io.watchgate.flow;

import io.watchgate.jsonrpc.ErrorCode;
import io.watchgate.jsonrpc.Json;
import io.watchgate.jsonrpc.Request;
import io.watchgate.jsonrpc.Response;
import io.watchgate.mcp.LogLevel;
import io.watchgate.mcp.ProtocolVersion;
import java.util.Optional;

/// A client in the process of the gateway: shook no hands, and so declares nothing.
public interface InnerSession extends Session {
  @Override
  default ProtocolVersion version() {
    return ProtocolVersion.NEWEST_HANDSHAKE;
  }

  @Override
  default Json capabilities() {
    return Json.EMPTY_OBJECT;
  }

  @Override
  default Optional<LogLevel> logLevel() {
    return Optional.empty();
  }

  /// What it answers to all that it is asked.
  ///
  /// @param who it is
  static Response cannotAnswer(String who, Request request) {
    return Response.failure(
        request.id(),
        ErrorCode.METHOD_NOT_FOUND,
        who + " cannot answer " + request.method(),
        Json.object("reason", "method_not_found"));
  }
}
