package io.watchgate.flow;

import io.watchgate.jsonrpc.Json;
import java.util.Optional;

/// How a server is at a moment.
///
/// @param state where it is in its life
/// @param offer what it said in its newest handshake, also when it is down now; empty when it was
///   never reached
/// @param unavailable why it cannot be called right now, empty when it can
public record ServerStatus(State state, Optional<Offer> offer, Optional<String> unavailable) {

  /// The life of an upstream: connecting, then ready or failed and connecting again, until closed.
  public enum State {
    CONNECTING,
    READY,
    DRAINING,
    FAILED,
    CLOSED
  }

  /// What a server said in its handshake.
  ///
  /// @param capabilities an object
  /// @param instructions how to use the server, in its own words
  /// @param protocolVersion the revision agreed on
  public record Offer(Json capabilities, Optional<String> instructions, String protocolVersion) {
    public boolean has(String capability) {
      return capabilities.member(capability).filter(Json::isObject).isPresent();
    }
  }
}
