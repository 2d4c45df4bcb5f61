package io.watchgate.web;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Tells by their bearer tokens (RFC 6750) who asks.
///
/// @param principals by token, empty when nobody needs one
public record BearerTokens(Map<String, String> principals) {
  /// Who asks where nobody needs a token.
  public static final String ANYBODY = "anonymous";

  private static final String BEARER = "Bearer ";

  public BearerTokens {
    principals = Map.copyOf(principals);
  }

  /// Whose token a request carries, empty when that is nobody's.
  ///
  /// @param authorization the header of that name, null for none
  public Optional<String> principal(@Nullable String authorization) {
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

  /// Whether a principal is one of those.
  public boolean knows(String principal) {
    return principals.isEmpty() ? principal.equals(ANYBODY) : principals.containsValue(principal);
  }
}
