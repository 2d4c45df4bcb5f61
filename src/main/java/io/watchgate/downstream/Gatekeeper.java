package io.watchgate.downstream;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.watchgate.flow.Refusals.Kind;
import io.watchgate.web.BearerTokens;
import io.watchgate.web.HostCheck;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// Decides who may speak to the HTTP endpoints at all: `Host` and `Origin` against DNS rebinding
/// (specification, transports, security warning), and bearer tokens.
final class Gatekeeper {
  private final HttpSettings settings;
  private final BearerTokens tokens;
  private final int numbers;

  Gatekeeper(HttpSettings settings) {
    this(settings, Map.of(), 0);
  }

  /// @param known those who have a name already
  /// @param given how many names were given so far
  private Gatekeeper(HttpSettings settings, Map<String, String> known, int given) {
    this.settings = settings;
    var principals = new HashMap<String, String>();
    int number = given;
    for (var token : settings.bearerTokens()) {
      var name = known.get(token);
      principals.put(token, name == null ? "token " + ++number : name);
    }
    this.tokens = new BearerTokens(principals);
    this.numbers = number;
  }

  /// One for other settings: who has a token keeps its name, and nobody gets that of another.
  Gatekeeper next(HttpSettings other) {
    return new Gatekeeper(other, tokens.principals(), numbers);
  }

  /// Whether this is somebody who may come in.
  boolean knows(String principal) {
    return tokens.knows(principal);
  }

  /// Why a request is turned away.
  record Refusal(HttpResponseStatus status, Kind kind, String why) {}

  /// Empty when the request may pass.
  Optional<Refusal> check(HttpRequest request) {
    var hosts = request.headers().getAll(HttpHeaderNames.HOST);
    if (hosts.size() != 1) {
      return refusal("a request needs one Host header, this one has " + hosts.size());
    }
    if (!isAllowedHost(hosts.getFirst())) {
      return refusal(
          "Host \"" + hosts.getFirst() + "\" is not allowed; see proxy.http.allowed_hosts");
    }
    for (var origin : request.headers().getAll(HttpHeaderNames.ORIGIN)) {
      if (!isAllowedOrigin(origin)) {
        return refusal("Origin \"" + origin + "\" is not allowed; see proxy.http.allowed_origins");
      }
    }
    if (principal(request).isEmpty()) {
      return Optional.of(
          new Refusal(
              HttpResponseStatus.UNAUTHORIZED, Kind.TOKEN, "a valid bearer token is needed"));
    }
    return Optional.empty();
  }

  /// Whose token the request carries, by its place in the first list that had it; "anonymous" where
  /// none is needed.
  Optional<String> principal(HttpRequest request) {
    return tokens.principal(request.headers().get(HttpHeaderNames.AUTHORIZATION));
  }

  private static Optional<Refusal> refusal(String why) {
    return Optional.of(new Refusal(HttpResponseStatus.FORBIDDEN, Kind.HOST, why));
  }

  private boolean isAllowedHost(String host) {
    var name = HostCheck.withoutPort(host.toLowerCase(Locale.ROOT));
    return HostCheck.isLoopback(name)
        || isListed(settings.allowedHosts(), host)
        || isListed(settings.allowedHosts(), name)
        || name.equalsIgnoreCase(settings.host())
        || name.equalsIgnoreCase("[" + settings.host() + "]");
  }

  private boolean isAllowedOrigin(String origin) {
    return isListed(settings.allowedOrigins(), origin) || HostCheck.isOfThisMachine(origin);
  }

  private static boolean isListed(List<String> listed, String value) {
    return listed.stream().anyMatch(value::equalsIgnoreCase);
  }
}
