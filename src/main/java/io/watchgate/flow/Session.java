package io.watchgate.flow;

import io.watchgate.jsonrpc.Json;
import io.watchgate.mcp.LogLevel;
import io.watchgate.mcp.ProtocolVersion;
import java.util.Optional;

/// One client's conversation with the gateway, and the way to the client for what belongs to no
/// call.
public interface Session extends Client {

  /// Tells this session from every other one.
  String key();

  /// Tells this session from others, and is no secret.
  default String fingerprint() {
    return Fingerprint.of(key());
  }

  /// Who is asking: what the client proved to be, the same for all its sessions.
  String principal();

  /// The revision that the client speaks.
  ProtocolVersion version();

  /// What the client calls itself, empty until it said so.
  String clientName();

  /// What the client declared that it can be asked for, an object.
  Json capabilities();

  /// The least severe log message that the client asked for, empty when it did not ask.
  Optional<LogLevel> logLevel();

  /// Whose lists say what there is for this one: its own, or those of another that is shown the
  /// same and stays for longer.
  default Session listedFor() {
    return this;
  }

  /// Runs an action when the client is gone, at once when it already is.
  void onClose(Runnable action);

  @Override
  default Session session() {
    return this;
  }
}
