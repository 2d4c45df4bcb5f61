package io.watchgate.agents;

import com.sun.net.httpserver.HttpExchange;
import io.watchgate.flow.Refusals;
import io.watchgate.flow.Refusals.Kind;
import io.watchgate.web.BearerTokens;
import io.watchgate.web.HostCheck;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// Decides who may ask for agents: the same as at the gateway's own endpoint.
///
/// @param tokens by which it is told who asks
/// @param refusals counts who is turned away
record Guard(HostCheck hosts, BearerTokens tokens, Refusals refusals) {

  /// Who asks.
  ///
  /// @throws Turned when it is nobody who may
  String admit(HttpExchange exchange) throws Turned {
    var headers = exchange.getRequestHeaders();
    if (!hosts.allows(
        headers.getOrDefault("Host", List.of()), exchange.getLocalAddress().getAddress())) {
      throw turned(403, Kind.HOST, "this Host is not allowed: use a loopback name or agents.host");
    }
    if (!headers.getOrDefault("Origin", List.of()).stream().allMatch(HostCheck::isOfThisMachine)) {
      throw turned(403, Kind.HOST, "this Origin is not allowed");
    }
    return tokens
        .principal(headers.getFirst("Authorization"))
        .orElseThrow(() -> turned(401, Kind.TOKEN, "a valid bearer token is needed"));
  }

  /// Counts and makes a refusal.
  Turned turned(int status, Kind kind, String why) {
    refusals.add(kind, why, OptionalInt.of(status), Optional.empty());
    return new Turned(status, kind.label(), why);
  }

  /// A request that is turned away, in words for whoever made it.
  static final class Turned extends Exception {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final String reason;

    Turned(int status, String reason, String why) {
      super(why, null, false, false);
      this.status = status;
      this.reason = reason;
    }

    /// Of HTTP.
    int status() {
      return status;
    }

    /// One of a few words.
    String reason() {
      return reason;
    }
  }
}
