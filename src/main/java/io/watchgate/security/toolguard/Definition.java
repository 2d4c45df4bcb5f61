package io.watchgate.security.toolguard;

import io.watchgate.jsonrpc.CanonicalJson;
import io.watchgate.jsonrpc.Json;
import java.util.Optional;
import java.util.Set;

/// Something that a server defines, as it stands in a list or as its instructions.
///
/// @param name what it is called by, unique for its kind
/// @param json the definition, in its canonical spelling
/// @param sha256 of that spelling, in hexadecimal digits
record Definition(Kind kind, String name, Json json, String sha256) {
  /// How large a resource is and when it changed says nothing of what it is.
  private static final Set<String> STATE = Set.of("size");

  private static final Set<String> ANNOTATED_STATE = Set.of("lastModified");

  static Definition of(Kind kind, String name, Json json) {
    var canonical = Json.trusted(CanonicalJson.of(kind == Kind.RESOURCE ? lasting(json) : json));
    return new Definition(kind, name, canonical, CanonicalJson.digest(canonical));
  }

  /// The entry of a list, empty when it has no name.
  static Optional<Definition> listed(Kind kind, Json entry) {
    return entry.textMember(kind.list().orElseThrow().key()).map(name -> of(kind, name, entry));
  }

  private static Json lasting(Json resource) {
    var lasting = resource.without(STATE);
    return lasting
        .member("annotations")
        .map(annotations -> lasting.with("annotations", annotations.without(ANNOTATED_STATE)))
        .orElse(lasting);
  }

  DefinitionId id() {
    return new DefinitionId(kind, name);
  }
}
