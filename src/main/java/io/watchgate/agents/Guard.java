package io.watchgate.agents;

import com.sun.net.httpserver.HttpExchange;
import io.watchgate.flow.HostCheck;
import io.watchgate.flow.Refusals;
import io.watchgate.flow.Refusals.Kind;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/// Decides who may ask for agents: the same as at the gateway's own endpoint.
///
/// @param principals by token, empty when nobody needs one
/// @param refusals counts who is turned away
record Guard(HostCheck hosts, Map<String, String> principals, Refusals refusals) {
  private static final String ANYBODY = "anonymous";
  private static final String BEARER = "Bearer ";

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
    return principal(headers.getFirst("Authorization"))
        .orElseThrow(() -> turned(401, Kind.TOKEN, "a valid bearer token is needed"));
  }

  private Optional<String> principal(@Nullable String authorization) {
    if (principals.isEmpty()) {
      return Optional.of(ANYBODY);
    }
    if (authorization == null
        || !authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
      return Optional.empty();
    }
    var given = authorization.substring(BEARER.length()).strip().getBytes(StandardCharsets.UTF_8);
    var found = Optional.<String>empty();
    for (var holder : principals.entrySet()) { // all of them, so that time tells nothing
      var token = holder.getKey().getBytes(StandardCharsets.UTF_8);
      found = MessageDigest.isEqual(token, given) ? Optional.of(holder.getValue()) : found;
    }
    return found;
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
