package io.watchgate.downstream;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.watchgate.flow.Refusals.Kind;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// Decides who may speak to the HTTP endpoints at all: `Host` and `Origin` against DNS rebinding
/// (specification, transports, security warning), and bearer tokens.
final class Gatekeeper {
  private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

  private static final String ANYBODY = "anonymous";

  private final HttpSettings settings;
  private final List<Holder> holders = new ArrayList<>();
  private final int numbers;

  /// Who has a token.
  private record Holder(String token, String principal) {}

  Gatekeeper(HttpSettings settings) {
    this(settings, List.of(), 0);
  }

  /// @param known those who have a name already
  /// @param given how many names were given so far
  private Gatekeeper(HttpSettings settings, List<Holder> known, int given) {
    this.settings = settings;
    int number = given;
    for (var token : settings.bearerTokens()) {
      var holder = known.stream().filter(one -> one.token.equals(token)).findFirst();
      holders.add(holder.isPresent() ? holder.get() : new Holder(token, "token " + ++number));
    }
    this.numbers = number;
  }

  /// One for other settings: who has a token keeps its name, and nobody gets that of another.
  Gatekeeper next(HttpSettings other) {
    return new Gatekeeper(other, holders, numbers);
  }

  /// Whether this is somebody who may come in.
  boolean knows(String principal) {
    return holders.isEmpty()
        ? principal.equals(ANYBODY)
        : holders.stream().anyMatch(holder -> holder.principal.equals(principal));
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
    if (!holders.isEmpty() && principal(request).isEmpty()) {
      return Optional.of(
          new Refusal(
              HttpResponseStatus.UNAUTHORIZED, Kind.TOKEN, "a valid bearer token is needed"));
    }
    return Optional.empty();
  }

  /// Whose token the request carries, by its place in the first list that had it; "anonymous" where
  /// none is needed.
  Optional<String> principal(HttpRequest request) {
    if (holders.isEmpty()) {
      return Optional.of(ANYBODY);
    }
    var given = request.headers().get(HttpHeaderNames.AUTHORIZATION);
    if (given == null || !given.regionMatches(true, 0, "Bearer ", 0, 7)) {
      return Optional.empty();
    }
    var token = given.substring(7).strip().getBytes(StandardCharsets.UTF_8);
    var found = Optional.<String>empty();
    for (var holder : holders) { // all of them, so that time tells nothing
      boolean same = MessageDigest.isEqual(holder.token.getBytes(StandardCharsets.UTF_8), token);
      found = same ? Optional.of(holder.principal) : found;
    }
    return found;
  }

  private static Optional<Refusal> refusal(String why) {
    return Optional.of(new Refusal(HttpResponseStatus.FORBIDDEN, Kind.HOST, why));
  }

  private boolean isAllowedHost(String host) {
    var name = withoutPort(host.toLowerCase(Locale.ROOT));
    return LOOPBACK.contains(name)
        || isListed(settings.allowedHosts(), host)
        || isListed(settings.allowedHosts(), name)
        || name.equalsIgnoreCase(settings.host())
        || name.equalsIgnoreCase("[" + settings.host() + "]");
  }

  private boolean isAllowedOrigin(String origin) {
    if (isListed(settings.allowedOrigins(), origin)) {
      return true;
    }
    try {
      var host = URI.create(origin).getHost();
      return host != null && LOOPBACK.contains(host.toLowerCase(Locale.ROOT));
    } catch (IllegalArgumentException _) {
      return false;
    }
  }

  private static boolean isListed(List<String> listed, String value) {
    return listed.stream().anyMatch(value::equalsIgnoreCase);
  }

  private static String withoutPort(String host) {
    int colon = host.lastIndexOf(':');
    return colon > host.lastIndexOf(']') ? host.substring(0, colon) : host;
  }
}
