package io.watchgate.everything;

import tools.jackson.databind.JsonNode;

/// Which revisions a server serves: those with a handshake, the stateless one, or both.
enum Era {
  LEGACY,
  MODERN,
  BOTH;

  boolean servesLegacy() {
    return this != MODERN;
  }

  /// Whether a message is one for the stateless server.
  ///
  /// @param version what the transport says about the revision, or the empty text
  boolean isModern(JsonNode message, String version) {
    return switch (this) {
      case LEGACY -> false;
      case MODERN -> true;
      case BOTH -> Envelope.isClaimedBy(message) || version.equals(Envelope.REVISION);
    };
  }
}
