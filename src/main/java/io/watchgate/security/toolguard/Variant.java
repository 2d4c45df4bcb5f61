package io.watchgate.security.toolguard;

import io.watchgate.jsonrpc.Json;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/// One of the forms in which a server has shown a definition.
///
/// @param since when it was first seen
/// @param json the definition, empty where it was too large to be kept
/// @param cleared version of the signs by which it gives no orders, empty when it was not looked
///   through or does
public record Variant(
    String sha256, State state, Instant since, Optional<Json> json, Optional<String> cleared) {
  /// Larger definitions are known by their digest alone.
  private static final int MAX_BYTES = 64 << 10;

  /// What is thought of a form.
  public enum State {
    /// It was there when the server was first seen, and nobody looked at it.
    SEEN,
    /// It came later, and nobody looked at it.
    NEW,
    /// A person wants it.
    APPROVED,
    /// A person does not want it.
    REJECTED;

    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  static Variant of(Definition definition, State state, Instant since) {
    var json = definition.json();
    var kept = json.length() <= MAX_BYTES ? Optional.of(json) : Optional.<Json>empty();
    return new Variant(definition.sha256(), state, since, kept, Optional.empty());
  }

  Variant in(State other) {
    return new Variant(sha256, other, since, json, cleared);
  }

  Variant clearedBy(String signs) {
    return new Variant(sha256, state, since, json, Optional.of(signs));
  }

  boolean isClearedBy(String signs) {
    return cleared.filter(signs::equals).isPresent();
  }
}
